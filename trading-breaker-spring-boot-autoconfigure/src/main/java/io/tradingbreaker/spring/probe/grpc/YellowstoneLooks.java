package io.tradingbreaker.spring.probe.grpc;

import io.grpc.MethodDescriptor;
import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.spring.probe.Look;
import io.tradingbreaker.spring.probe.LookFactory;
import io.tradingbreaker.spring.probe.ProbeSettings;
import io.tradingbreaker.spring.probe.Sight;
import java.net.URI;

/** Asks {@code geyser.Geyser/GetSlot} for the newest slot that the node has processed. */
public final class YellowstoneLooks implements LookFactory {

    private static final MethodDescriptor<byte[], byte[]> GET_SLOT = Wire.unary("geyser.Geyser/GetSlot");
    private static final int COMMITMENT = 1;
    private static final int PROCESSED = 0;
    private static final int SLOT = 1;

    private final BreakerClock clock;

    public YellowstoneLooks(BreakerClock clock) {
        this.clock = clock;
    }

    @Override
    public String type() {
        return "yellowstone";
    }

    @Override
    public Look open(ProbeSettings settings, URI endpoint) {
        return GrpcLook.open(
                settings, endpoint, clock, GET_SLOT, Wire.messageOf(COMMITMENT, PROCESSED), YellowstoneLooks::read);
    }

    private static Sight read(byte[] answer) {
        long slot = Wire.number(answer, SLOT);
        return slot > 0 ? Sight.healthyAt(slot) : Sight.unhealthy("an answer without a slot");
    }
}

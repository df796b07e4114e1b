package io.tradingbreaker.spring.probe.grpc;

import io.grpc.MethodDescriptor;
import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.spring.probe.Look;
import io.tradingbreaker.spring.probe.LookFactory;
import io.tradingbreaker.spring.probe.ProbeSettings;
import io.tradingbreaker.spring.probe.Sight;
import java.net.URI;

/** Asks {@code grpc.health.v1.Health/Check}, gRPC's standard question about a server or one of its services. */
public final class GrpcHealthLooks implements LookFactory {

    private static final MethodDescriptor<byte[], byte[]> CHECK = Wire.unary("grpc.health.v1.Health/Check");
    private static final int SERVICE = 1;
    private static final int STATUS = 1;

    private final BreakerClock clock;

    public GrpcHealthLooks(BreakerClock clock) {
        this.clock = clock;
    }

    @Override
    public String type() {
        return "grpc-health";
    }

    @Override
    public Look open(ProbeSettings settings, URI endpoint) {
        return GrpcLook.open(
                settings, endpoint, clock, CHECK, Wire.messageOf(SERVICE, settings.service()), GrpcHealthLooks::read);
    }

    private static Sight read(byte[] answer) {
        long status = Wire.number(answer, STATUS);
        if (status == 1) {
            return Sight.healthy("SERVING");
        }
        return Sight.unhealthy(status == 2 ? "NOT_SERVING" : status == 3 ? "SERVICE_UNKNOWN" : "UNKNOWN");
    }
}

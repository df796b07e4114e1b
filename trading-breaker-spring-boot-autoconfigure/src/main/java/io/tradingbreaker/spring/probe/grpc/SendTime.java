package io.tradingbreaker.spring.probe.grpc;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.tradingbreaker.BreakerClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a request went out over a connection. */
final class SendTime extends ClientStreamTracer.Factory {

    private final BreakerClock clock;
    private volatile @Nullable Long sentAt;

    SendTime(BreakerClock clock) {
        this.clock = clock;
    }

    /** Since then; null if it did not go out. */
    @Nullable
    Duration elapsed() {
        Long sent = sentAt;
        return sent == null ? null : Duration.ofNanos(clock.nanoTime() - sent);
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
        return new ClientStreamTracer() {
            @Override
            public void outboundHeaders() {
                sentAt = clock.nanoTime();
            }
        };
    }
}

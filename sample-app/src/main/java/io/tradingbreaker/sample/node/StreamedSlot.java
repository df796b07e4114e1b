package io.tradingbreaker.sample.node;

import io.tradingbreaker.HealthChecker;
import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.spring.probe.SlotSource;
import java.time.Duration;

/**
 * What the slot stream says about its node: that its slots come, and how far they are behind. Other probes are held against its
 * slots as well. Thread-safe.
 */
final class StreamedSlot implements SlotSource, HealthChecker {

    private static final long MAX_AGE_MILLIS = 2_000;

    private final SlotStream stream;
    private final SlotSource reference;
    private final int maxLag;

    /** @param reference how far the chain is */
    StreamedSlot(SlotStream stream, SlotSource reference, int maxLag) {
        this.stream = stream;
        this.reference = reference;
        this.maxLag = maxLag;
    }

    @Override
    public long newestSlot() {
        SlotStream.Status status = stream.status();
        return status == null || status.slot() == null || isOld(status) ? -1 : status.slot();
    }

    @Override
    public boolean supports(String breaker) {
        return breaker.equals("node");
    }

    @Override
    public HealthStatus check() {
        SlotStream.Status status = stream.status();
        if (status == null) {
            return HealthStatus.healthy(Duration.ZERO, "no slot stream");
        }
        Long slot = status.slot();
        if (slot == null) {
            return HealthStatus.unhealthy("the slot stream has shown no slot yet");
        }
        if (isOld(status)) {
            return HealthStatus.unhealthy(
                    "the slot stream has shown nothing since slot " + slot + ", " + status.ageMillis() + " ms ago");
        }
        long lag = reference.newestSlot() - slot;
        return lag > maxLag
                ? HealthStatus.unhealthy("the streamed slot " + slot + " is " + lag + " behind the best known")
                : HealthStatus.healthy(Duration.ZERO, "streamed slot " + slot);
    }

    private static boolean isOld(SlotStream.Status status) {
        Long age = status.ageMillis();
        return age == null || age > MAX_AGE_MILLIS;
    }
}

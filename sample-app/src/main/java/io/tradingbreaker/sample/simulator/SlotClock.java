package io.tradingbreaker.sample.simulator;

import java.util.function.LongSupplier;

/** The chain's slots: one more every 400 ms of monotonic time. Thread-safe. */
final class SlotClock {

    private static final long FIRST = 250_000_000;
    private static final long SLOT_NANOS = 400_000_000;

    private final LongSupplier nanoTime;
    private final long origin;

    SlotClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        origin = nanoTime.getAsLong();
    }

    long slot() {
        return FIRST + (nanoTime.getAsLong() - origin) / SLOT_NANOS;
    }
}

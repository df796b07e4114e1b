package io.tradingbreaker.sample.simulator;

import java.util.function.LongSupplier;

/** The chain's slots: one more every 400 ms of monotonic time, unless it is held. Thread-safe. */
final class SlotClock {

    private static final long FIRST = 250_000_000;
    private static final long SLOT_NANOS = 400_000_000;
    private static final long MOVING = -1;

    private final LongSupplier nanoTime;
    private final long origin;
    private volatile long held = MOVING;

    SlotClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        origin = nanoTime.getAsLong();
    }

    long slot() {
        long slot = held;
        return slot == MOVING ? now() : slot;
    }

    /** Shows the present slot until it is released; the chain itself goes on. */
    void hold() {
        held = now();
    }

    void release() {
        held = MOVING;
    }

    private long now() {
        return FIRST + (nanoTime.getAsLong() - origin) / SLOT_NANOS;
    }
}

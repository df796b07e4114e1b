package io.tradingbreaker;

import java.time.Instant;

/** The one source of time. Thread-safe. */
public interface BreakerClock {

    /**
     * Monotonic nanoseconds from an arbitrary origin, as {@link System#nanoTime()}: subtract two readings, never
     * compare them. Every decision rests on this.
     */
    long nanoTime();

    /** The wall clock, only to be shown to people; it decides nothing and may be stepped. */
    Instant instant();

    /** The JVM's clocks. */
    static BreakerClock system() {
        return SystemClock.INSTANCE;
    }
}

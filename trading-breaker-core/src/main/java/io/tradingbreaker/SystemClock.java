package io.tradingbreaker;

import java.time.Clock;
import java.time.Instant;

/** The JVM's monotonic and wall clocks. */
enum SystemClock implements BreakerClock {
    INSTANCE;

    private static final Clock WALL = Clock.systemUTC();

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant instant() {
        return WALL.instant();
    }
}

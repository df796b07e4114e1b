package io.tradingbreaker.test;

import io.tradingbreaker.BreakerClock;
import java.time.Duration;
import java.time.Instant;

/**
 * A clock that stands still until its {@link ManualScheduler} moves it. It is moved there and not here, because a
 * breaker takes time that passes without its stall check for a pause of its own JVM. Thread-safe.
 */
public final class ManualClock implements BreakerClock {

    // Near the end of the range: a breaker that compares instants instead of subtracting them fails at once.
    private static final long ORIGIN = Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();

    private volatile long nanos = ORIGIN;
    private volatile Instant wallOrigin = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return wallOrigin.plusNanos(nanos - ORIGIN);
    }

    /** Steps the wall clock, as an administrator or NTP would; time itself does not pass. */
    public void stepWallClock(Duration step) {
        wallOrigin = wallOrigin.plus(step);
    }

    void moveTo(long nanoTime) {
        nanos = nanoTime;
    }
}

package io.tradingbreaker;

import java.time.Duration;
import java.time.Instant;

/** A clock that stands still and a scheduler that does nothing, to be overridden where a test needs more. Thread-safe. */
class NoTimers implements BreakerClock, RecoveryScheduler {

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH;
    }

    @Override
    public Task after(Duration delay, Runnable timer) {
        return () -> {};
    }

    @Override
    public Task every(Duration interval, Runnable stallCheck) {
        return () -> {};
    }

    @Override
    public Task probe(Runnable check) {
        return () -> {};
    }

    @Override
    public void publish(Runnable tellAll) {}

    @Override
    public void close() {}
}

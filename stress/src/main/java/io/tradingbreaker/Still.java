package io.tradingbreaker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Time that stands still, for a breaker without timers and listeners. */
final class Still implements BreakerClock, RecoveryScheduler {

    static final long AGE = 1_000;
    static final long OVER_MILLIS = 300;
    static final long LOST_MILLIS = 3_600_000;

    /** The first failure trips, and nothing else; HALF_OPEN has one trial. */
    static final BreakerConfig CONFIG = BreakerConfig.DEFAULT.with(c -> c.windowSize(16)
            .minimumSamples(16)
            .percentile(1)
            .errorRateThreshold(0)
            .failureThreshold(1)
            .halfOpenRequests(1)
            .halfOpenSuccesses(1));

    /** Nothing trips. */
    static final BreakerConfig LENIENT = CONFIG.with(c -> c.failureThreshold(0));

    private Runnable lastTimer = () -> {};

    static Breaker breaker(BreakerConfig config) {
        return new Still().make(config);
    }

    static Breaker halfOpen() {
        Still still = new Still();
        Breaker breaker = still.make(CONFIG);
        breaker.trip("stress", null);
        still.lastTimer.run();
        return breaker;
    }

    /** A window in which a latency over 1 is over. */
    static Window window(int size) {
        return new Window(size, AGE, 1, new TripRules(CONFIG));
    }

    private Breaker make(BreakerConfig config) {
        return new Breaker(
                "trading",
                null,
                config,
                new SharedParts(
                        this,
                        this,
                        new LocalPauses(1),
                        List::of,
                        List::of,
                        List::of,
                        new AllBreakers(),
                        new Retuner((name, c) -> c),
                        null));
    }

    /** Looks at the calls in flight as if that much time had passed since they began. */
    static void checkStalled(Breaker breaker, long ageMillis) {
        breaker.gate().check(Duration.ofMillis(ageMillis).toNanos(), 0, 0);
    }

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
        lastTimer = timer;
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
    public void publish(Runnable listeners) {}

    @Override
    public void close() {}
}

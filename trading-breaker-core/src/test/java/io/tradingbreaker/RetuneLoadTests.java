package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A million calls on two threads while the limits change over and over, and the stall check looks on. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RetuneLoadTests {

    private static final int CALLS_PER_THREAD = 500_000;
    private static final long SLOWEST = Duration.ofMillis(40).toNanos();

    // Nothing trips meanwhile, however few samples there are: P1 would have to be over for sure.
    private final BreakerConfig lenient = BreakerConfig.DEFAULT.with(c -> c.percentile(1)
            .confidence(0.999)
            .minimumSamples(1)
            .errorRateThreshold(0)
            .failureThreshold(0)
            .localPauseLimit(Duration.ZERO)
            .permitTimeout(Duration.ofHours(1)));

    private final AtomicLong time = new AtomicLong();
    private final StillTime still = new StillTime();
    private final Breaker breaker = new Breaker(
            "trading",
            null,
            lenient,
            new SharedParts(
                    still,
                    still,
                    new LocalPauses(1),
                    List::of,
                    List::of,
                    List::of,
                    new AllBreakers(),
                    new Retuner((name, config) -> config),
                    null));

    @Test
    void retuningUnderLoad_losesAndDoublesNothing_andTheNewThresholdDecides() throws Exception {
        AtomicLong callers = new AtomicLong(2);
        AtomicLong retunes = new AtomicLong();
        AtomicLong successes = new AtomicLong();
        Threads.run(3, number -> {
            if (number == 2) {
                while (callers.get() > 0) {
                    retune(new Random(retunes.incrementAndGet()));
                }
            } else {
                try {
                    call(new Random(-number), successes);
                } finally {
                    callers.decrementAndGet();
                }
            }
        });
        BreakerCounters c = breaker.counters();
        Desk.assertBalanced(breaker);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(c.permitted()).isEqualTo(2L * CALLS_PER_THREAD);
        assertThat(c.successful()).isEqualTo(successes.get());
        assertThat(c.inFlight()).isZero();
        assertThat(c.rejected() + c.abandoned() + c.stale()).isZero();
        assertThat(retunes.get()).isGreaterThan(100);
        assertOverAgreesWithLatencies();
        assertTheNewThresholdDecides();
    }

    private void call(Random random, AtomicLong successes) {
        for (int i = 0; i < CALLS_PER_THREAD; i++) {
            Permit permit = breaker.acquire(Intent.OPEN_RISK);
            time.addAndGet(random.nextInt(20) == 0 ? random.nextLong(SLOWEST) : random.nextLong(SLOWEST / 40));
            if (random.nextInt(10) == 0) {
                permit.failure();
            } else {
                permit.success();
                successes.incrementAndGet();
            }
        }
    }

    private void retune(Random random) {
        int size = 1 + random.nextInt(random.nextBoolean() ? 40 : 2_000);
        BreakerConfig now = breaker.retune(
                c -> c.windowSize(size)
                        .minimumSamples(1)
                        .p99Threshold(Duration.ofMillis(1 + random.nextInt(30)))
                        .latencyThreshold(Duration.ofMillis(1 + random.nextInt(30)))
                        .windowAge(Duration.ofSeconds(1 + random.nextInt(60))),
                "load",
                null);
        assertThat(now.windowSize()).isEqualTo(size);
        assertThat(breaker.latencyMonitor().window().samples()).isLessThanOrEqualTo(size);
        long at = time.get();
        breaker.gate().check(at, at, 0);
        BreakerSnapshot seen = breaker.snapshot();
        assertThat(seen.window().samples()).isLessThanOrEqualTo(size);
        assertThat(seen.config()).isEqualTo(now);
    }

    private void assertOverAgreesWithLatencies() {
        for (int millis = 1; millis <= 40; millis += 3) {
            Duration threshold = Duration.ofMillis(millis);
            breaker.retune(c -> c.p99Threshold(threshold), "recount", null);
            Latencies window =
                    breaker.gate().machine().latencies(breaker.gate().machine().phase());
            long over = Arrays.stream(window.nanos)
                    .filter(nanos -> nanos > threshold.toNanos())
                    .count();
            assertThat(breaker.latencyMonitor().window().over()).isEqualTo(over);
            assertThat(window.nanos.length).isLessThanOrEqualTo(breaker.config().windowSize());
        }
    }

    private void assertTheNewThresholdDecides() {
        breaker.retune(
                c -> c.windowSize(1_000)
                        .minimumSamples(100)
                        .windowAge(Duration.ofHours(1))
                        .percentile(99)
                        .confidence(null)
                        .p99Threshold(Duration.ofSeconds(1))
                        .latencyThreshold(Duration.ofSeconds(1)),
                "strict",
                null);
        for (int i = 0; i < 1_000; i++) {
            timed(Duration.ofMillis(i < 20 ? 30 : 1));
        }
        breaker.retune(c -> c.p99Threshold(Duration.ofMillis(20)), "stricter", null);
        assertThat(breaker.latencyMonitor().window()).isEqualTo(new LatencyMonitor.WindowView(1_000, 20, 10));
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        timed(Duration.ofMillis(1));
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        timed(Duration.ofMillis(21));
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    private void timed(Duration latency) {
        Permit permit = breaker.acquire(Intent.OPEN_RISK);
        time.addAndGet(latency.toNanos());
        permit.success();
    }

    /** Time that passes in the calls alone; nothing is scheduled. */
    private final class StillTime extends NoTimers {

        @Override
        public long nanoTime() {
            return time.get();
        }
    }
}

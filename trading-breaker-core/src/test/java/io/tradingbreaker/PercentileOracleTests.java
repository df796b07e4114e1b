package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The percentile rule decides as the sorted array of its window does, on every sample. */
class PercentileOracleTests {

    private static final long THRESHOLD = 1_000_000;
    private static final long AGE = 1_000_000_000;

    /** What the rule is asked about, and the seed of the samples. */
    private record Limits(long seed, int size, double percentile, Double confidence, int minimum) {

        boolean isOver(Deque<long[]> window) {
            long[] latencies = window.stream().mapToLong(sample -> sample[1]).toArray();
            return Oracle.isOver(percentile, confidence, minimum, latencies, THRESHOLD);
        }

        BreakerConfig config() {
            return BreakerConfig.DEFAULT.with(c -> c.windowSize(size)
                    .percentile(percentile)
                    .confidence(confidence)
                    .minimumSamples(minimum)
                    .windowAge(Duration.ofNanos(AGE))
                    .p99Threshold(Duration.ofNanos(THRESHOLD))
                    .latencyThreshold(Duration.ofHours(1))
                    .permitTimeout(Duration.ofHours(1))
                    .failureThreshold(0)
                    .errorRateThreshold(0)
                    .localPauseLimit(Duration.ZERO));
        }
    }

    static Stream<Limits> limits() {
        Random random = new Random(4);
        double[] percentiles = {50, 90, 97.5, 99, 99.9, 99.99};
        AtomicLong seed = new AtomicLong();
        int[] sizes = {1, 2, 3, 19, 20, 100, 101, 1000, 5000};
        return Arrays.stream(sizes)
                .boxed()
                .flatMap(size -> Arrays.stream(percentiles)
                        .mapToObj(p -> new Limits(
                                seed.incrementAndGet(),
                                size,
                                p,
                                new Double[] {null, null, 0.9, 0.999}[random.nextInt(4)],
                                random.nextBoolean() ? 1 : 1 + random.nextInt(size))));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void windowAndCount_decideAsTheSortedArray(Limits limits) {
        Random random = new Random(limits.seed);
        Window window = Windows.of(limits.size, AGE, THRESHOLD);
        AllowedOver allowed = new AllowedOver(limits.config());
        Deque<long[]> kept = new ArrayDeque<>();
        long now = Long.MAX_VALUE - AGE;
        int samples = 3 * limits.size + 300;
        for (int i = 1; i <= samples; i++) {
            now += pause(random, limits.size);
            // What is worth a look: about as many over as the percentile allows.
            boolean isLast = i == samples;
            long latency = isLast ? THRESHOLD + 1 : latency(random, (100 - limits.percentile) / 100);
            window.enter(latency, false, now);
            keep(kept, limits.size, now, latency);
            if (latency > THRESHOLD && (isLast || limits.size < 2_000 || random.nextInt(20) == 0)) {
                int n = window.trim(now);
                boolean isOver = window.over() > allowed.of(n);
                assertThat(n).isEqualTo(kept.size());
                assertThat(isOver).as("%s, step %d", limits, i).isEqualTo(limits.isOver(kept));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("limits")
    void breaker_tripsOnTheVerySampleWithWhichTheSortedArrayCrosses(Limits limits) {
        Random random = new Random(-limits.seed);
        ManualScheduler time = new ManualScheduler();
        try (BreakerRegistry registry = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .stallCheckInterval(Duration.ofSeconds(1))
                .breaker("trading", limits.config())
                .build()) {
            TradingBreaker breaker = registry.breaker("trading");
            Deque<long[]> kept = new ArrayDeque<>();
            for (int i = 0; i < Math.min(1_500, 3 * limits.size + 100); i++) {
                time.advance(Duration.ofNanos(pause(random, limits.size)));
                long latency = Math.floorMod(latency(random, (100 - limits.percentile) / 100), 3 * THRESHOLD);
                Permit permit = breaker.acquire(Intent.OPEN_RISK);
                time.advance(Duration.ofNanos(latency));
                permit.success();
                long now = time.clock().nanoTime();
                keep(kept, limits.size, now, latency);
                boolean trips = latency > THRESHOLD && limits.isOver(kept);
                assertThat(breaker.state())
                        .as("%s, call %d of %d ns", limits, i, latency)
                        .isEqualTo(trips ? BreakerState.OPEN : BreakerState.CLOSED);
                if (trips) {
                    breaker.reset("again", null);
                    kept.clear();
                }
            }
        }
    }

    private static void keep(Deque<long[]> window, int size, long now, long latency) {
        window.addLast(new long[] {now, latency});
        while (window.size() > size || now - window.getFirst()[0] > AGE) {
            window.removeFirst();
        }
    }

    /** Mostly so short that the window fills, now and then so long that much of it grows too old. */
    private static long pause(Random random, int size) {
        return random.nextInt(3 * size) == 0 ? random.nextLong(2 * AGE) : random.nextLong(AGE / size);
    }

    /** That share over the threshold; what is not is at it, just under it, 0 or less. */
    private static long latency(Random random, double share) {
        if (random.nextDouble() < share * 1.2 + 0.02) {
            return THRESHOLD + new long[] {1, THRESHOLD, 1L << 41, 1L << 50}[random.nextInt(4)];
        }
        return new long[] {THRESHOLD, THRESHOLD - 1, random.nextLong(THRESHOLD), 0, -1, -1L << 40}[random.nextInt(6)];
    }

    @ParameterizedTest
    @ValueSource(doubles = {50, 97.5, 99, 99.5, 99.9, 99.99, 99.999, 100})
    void confidence_agreesWithABinomialSumInDecimals(double percentile) {
        for (double confidence : new double[] {0.5, 0.9, 0.99, 0.999, 0.9999, 0.999999}) {
            AllowedOver allowed = new AllowedOver(BreakerConfig.DEFAULT.with(c -> c.percentile(percentile)
                    .confidence(confidence)
                    .windowSize(5000)
                    .minimumSamples(1)));
            for (int m = 1; m <= 5_000; m += m < 130 ? 1 : 487) {
                assertThat(allowed.of(m))
                        .as("P%s, confidence %s, %d samples", percentile, confidence, m)
                        .isEqualTo(Oracle.allowed(percentile, confidence, 1, m));
            }
        }
    }

    @Test
    void clockThatJumps_givesLatenciesOfZeroAndOfMonths_andBothAreSamples() {
        long[] now = {0};
        BreakerClock clock = new BreakerClock() {
            @Override
            public long nanoTime() {
                return now[0];
            }

            @Override
            public Instant instant() {
                return Instant.EPOCH.plusNanos(now[0]);
            }
        };
        BreakerRegistry registry = BreakerRegistry.builder()
                .clock(clock)
                .scheduler(new ManualScheduler())
                .breaker("trading", new Limits(0, 10, 50, null, 2).config())
                .build();
        // Without its stall check the breaker counts plain time: no pause is taken out of it.
        registry.close();
        TradingBreaker breaker = registry.breaker("trading");
        Permit back = breaker.acquire(Intent.OPEN_RISK);
        now[0] -= Duration.ofHours(3).toNanos();
        back.success();
        assertThat(breaker.latencyMonitor().statistics().max()).isZero();
        assertThat(breaker.latencyMonitor().window().over()).isZero();
        Permit months = breaker.acquire(Intent.OPEN_RISK);
        now[0] += Duration.ofDays(90).toNanos();
        // Everything else has grown too old meanwhile.
        breaker.acquire(Intent.OPEN_RISK).success();
        months.success();
        assertThat(breaker.latencyMonitor().window()).isEqualTo(new LatencyMonitor.WindowView(2, 1, 1));
        assertThat(breaker.latencyMonitor().statistics().max()).isGreaterThan(Duration.ofHours(1));
        assertThat(breaker.counters().successfulTime()).isEqualTo(Duration.ofDays(90));
    }
}

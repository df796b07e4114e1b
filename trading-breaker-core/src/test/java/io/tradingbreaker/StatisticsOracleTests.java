package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reported latencies against the sorted array, within the three digits of HdrHistogram. */
class StatisticsOracleTests {

    private enum Stream {
        UNIFORM,
        LOGNORMAL,
        BIMODAL,
        HEAVY_TAILED,
        CONSTANT,
        TINY,
        HUGE;

        long[] of(int count, Random random) {
            return random.longs(count)
                    .map(ignored -> (long) Math.min(next(random), 3.6e12))
                    .toArray();
        }

        /** In nanoseconds. */
        private double next(Random random) {
            return switch (this) {
                case UNIFORM -> random.nextDouble() * 300e6;
                case LOGNORMAL -> 20e6 * Math.exp(random.nextGaussian());
                case BIMODAL -> random.nextInt(50) == 0 ? 400e6 + random.nextDouble() : 5e6 + random.nextInt(1000);
                case HEAVY_TAILED -> 1e6 / Math.pow(random.nextDouble(), 1.1);
                case CONSTANT -> 200e6;
                case TINY -> random.nextInt(4);
                case HUGE -> 3.6e12 - random.nextInt(1_000_000);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void statistics_areTheSortedArraysToThreeDigits(Stream stream) {
        for (int count : new int[] {1, 2, 3, 10, 19, 20, 99, 100, 101, 999, 1000, 1001, 2000, 5000}) {
            for (int seed = 0; seed < 10; seed++) {
                long[] samples = stream.of(count, new Random(seed));
                assertAgree(Distribution.of(samples, 0, 1), samples);
            }
        }
    }

    @Test
    void breakersOwnStatistics_areThoseOfItsWindow() {
        Desk desk = Desk.of(c -> c.windowSize(100)
                .minimumSamples(1)
                .p99Threshold(Duration.ZERO)
                .latencyThreshold(Duration.ofSeconds(10))
                .windowAge(Duration.ofHours(1)));
        long[] samples = Stream.LOGNORMAL.of(350, new Random(5));
        for (int i = 0; i < samples.length; i++) {
            Permit permit = desk.breaker().acquire(Intent.OPEN_RISK);
            desk.time.advance(Duration.ofNanos(samples[i]));
            permit.success();
            assertAgree(
                    desk.breaker().latencyMonitor().statistics(),
                    Arrays.copyOfRange(samples, Math.max(0, i - 99), i + 1));
        }
    }

    private static void assertAgree(LatencyStatistics statistics, long[] samples) {
        assertThat(statistics.count()).isEqualTo(samples.length);
        assertThat(statistics.min().toNanos())
                .isEqualTo(Arrays.stream(samples).min().orElseThrow());
        assertThat(statistics.max().toNanos())
                .isEqualTo(Arrays.stream(samples).max().orElseThrow());
        // Summed up in a double.
        assertThat(statistics.mean().toNanos()).isCloseTo(Arrays.stream(samples).sum() / samples.length, within(1L));
        assertClose(statistics.p50(), 50, samples);
        assertClose(statistics.p95(), 95, samples);
        assertClose(statistics.p99(), 99, samples);
        assertClose(statistics.p999(), 99.9, samples);
    }

    /** Rounded down, by less than a thousandth. */
    private static void assertClose(Duration reported, double percentile, long[] samples) {
        long exact = Oracle.percentile(percentile, samples, 1);
        assertThat(reported.toNanos())
                .as("P%s of %d samples", percentile, samples.length)
                .isLessThanOrEqualTo(exact)
                .isGreaterThanOrEqualTo(exact - exact / 1000);
    }
}

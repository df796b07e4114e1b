package io.tradingbreaker.spring.probe;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The latencies of one breaker's periodic looks, of the last two to four minutes: two histograms that take turns. While an
 * endpoint hangs, looks are left out that should have been taken; the corrected percentile counts them with the
 * time that they would have had to wait, the raw one does not. Thread-safe.
 */
final class ProbeLatencies {

    private static final long TURN_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 3;

    private final long intervalMicros;
    private Histogram recent = new Histogram(LONGEST_MICROS, DIGITS);
    private Histogram before = new Histogram(LONGEST_MICROS, DIGITS);
    private long turned;

    ProbeLatencies(Duration interval, long now) {
        intervalMicros = interval.toNanos() / 1000;
        turned = now;
    }

    synchronized void record(long nanos, long now) {
        turn(now);
        recent.recordValue(micros(nanos));
    }

    /** The P99 with and without correction. */
    synchronized Figures figures(long[] waitingNanos, long now) {
        turn(now);
        Histogram raw = recent.copy();
        raw.add(before);
        Histogram corrected = raw.copyCorrectedForCoordinatedOmission(intervalMicros);
        for (long nanos : waitingNanos) {
            corrected.recordValueWithExpectedInterval(micros(nanos), intervalMicros);
        }
        return new Figures(p99(corrected), p99(raw), raw.getTotalCount());
    }

    private void turn(long now) {
        long late = now - turned;
        if (late >= TURN_NANOS) {
            Histogram reused = before;
            reused.reset();
            before = recent;
            recent = reused;
            if (late >= 2 * TURN_NANOS) {
                before.reset();
            }
            turned = now;
        }
    }

    private static long micros(long nanos) {
        return Math.min(LONGEST_MICROS, Math.max(0, nanos / 1000));
    }

    private static double p99(Histogram histogram) {
        return histogram.lowestEquivalentValue(histogram.getValueAtPercentile(99)) / 1e3;
    }

    /**
     * P99 in milliseconds.
     *
     * @param looks how many were answered
     */
    record Figures(double correctedMillis, double rawMillis, long looks) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "P99 %,.0f ms corrected, %,.0f ms raw of %,d looks",
                    correctedMillis,
                    rawMillis,
                    looks);
        }
    }
}

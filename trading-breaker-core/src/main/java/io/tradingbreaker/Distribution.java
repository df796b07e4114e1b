package io.tradingbreaker;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/** Sums up latencies through HdrHistogram. */
final class Distribution {

    private static final int DIGITS = 3;

    private Distribution() {}

    /**
     * @param latencies in nanoseconds, the first of them with index {@code first}
     * @param samplingRate the share that is summed up, spread evenly by index
     */
    static LatencyStatistics of(long[] latencies, long first, double samplingRate) {
        Histogram histogram = new Histogram(DIGITS);
        long min = Long.MAX_VALUE;
        long max = 0;
        double sum = 0;
        for (int i = 0; i < latencies.length; i++) {
            if (!isSampled(first + i, samplingRate)) {
                continue;
            }
            long nanos = Math.max(0, latencies[i]);
            histogram.recordValue(nanos);
            min = Math.min(min, nanos);
            max = Math.max(max, nanos);
            sum += nanos;
        }
        long count = histogram.getTotalCount();
        if (count == 0) {
            return LatencyStatistics.EMPTY;
        }
        return new LatencyStatistics(
                count,
                Duration.ofNanos(min),
                Duration.ofNanos((long) (sum / count)),
                percentile(histogram, 50, min),
                percentile(histogram, 95, min),
                percentile(histogram, 99, min),
                percentile(histogram, 99.9, min),
                Duration.ofNanos(max));
    }

    // HdrHistogram answers with the greatest value of a bucket: 200.06 ms for samples of exactly 200 ms.
    private static Duration percentile(Histogram histogram, double percentile, long min) {
        long value = histogram.lowestEquivalentValue(histogram.getValueAtPercentile(percentile));
        return Duration.ofNanos(Math.max(min, value));
    }

    private static boolean isSampled(long index, double rate) {
        return rate >= 1 || Math.floor((index + 1) * rate) > Math.floor(index * rate);
    }
}

package io.tradingbreaker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The distribution of a window's latencies. Percentiles come from HdrHistogram with three digits, rounded down, so that
 * a value shown above a limit is above it; least and greatest are exact. Without samples all but the count is null.
 */
public record LatencyStatistics(
        long count,
        @Nullable Duration min,
        @Nullable Duration mean,
        @Nullable Duration p50,
        @Nullable Duration p95,
        @Nullable Duration p99,
        @Nullable Duration p999,
        @Nullable Duration max) {

    /** No samples. */
    public static final LatencyStatistics EMPTY = new LatencyStatistics(0, null, null, null, null, null, null, null);
}

package io.tradingbreaker.spring.micrometer;

import io.tradingbreaker.LatencyMonitor;
import io.tradingbreaker.LatencyStatistics;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One scrape's look at a breaker's latencies: the histogram is built once for all quantiles. A quantile that is read
 * again, or more than a second later, is taken from a new look. Thread-safe.
 */
final class LatencyReading {

    private static final long LONGEST_NANOS = 1_000_000_000L;

    private final LatencyMonitor monitor;
    private final Set<Quantile> unread = EnumSet.noneOf(Quantile.class);
    private LatencyStatistics statistics = LatencyStatistics.EMPTY;
    private long takenNanos;

    LatencyReading(LatencyMonitor monitor) {
        this.monitor = monitor;
    }

    /** NaN without samples. */
    synchronized double nanos(Quantile quantile) {
        long now = System.nanoTime();
        if (!unread.remove(quantile) || now - takenNanos > LONGEST_NANOS) {
            statistics = monitor.statistics();
            takenNanos = now;
            unread.addAll(EnumSet.complementOf(EnumSet.of(quantile)));
        }
        Duration latency = quantile.of(statistics);
        return latency == null ? Double.NaN : latency.toNanos();
    }

    /** The quantiles shown. */
    enum Quantile {
        P50("0.5"),
        P95("0.95"),
        P99("0.99"),
        P999("0.999");

        private final String value;

        Quantile(String value) {
            this.value = value;
        }

        /** From 0 to 1, as in the meter's tag. */
        String value() {
            return value;
        }

        private @Nullable Duration of(LatencyStatistics statistics) {
            return switch (this) {
                case P50 -> statistics.p50();
                case P95 -> statistics.p95();
                case P99 -> statistics.p99();
                case P999 -> statistics.p999();
            };
        }
    }
}

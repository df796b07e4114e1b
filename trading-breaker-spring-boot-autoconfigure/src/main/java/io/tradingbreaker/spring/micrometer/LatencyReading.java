package io.tradingbreaker.spring.micrometer;

import io.tradingbreaker.LatencyMonitor;
import io.tradingbreaker.LatencyStatistics;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
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
        Duration latency = quantile.of.apply(statistics);
        return latency == null ? Double.NaN : latency.toNanos();
    }

    /** The quantiles shown. */
    enum Quantile {
        P50("0.5", LatencyStatistics::p50),
        P95("0.95", LatencyStatistics::p95),
        P99("0.99", LatencyStatistics::p99),
        P999("0.999", LatencyStatistics::p999);

        private final String value;
        private final Function<LatencyStatistics, @Nullable Duration> of;

        Quantile(String value, Function<LatencyStatistics, @Nullable Duration> of) {
            this.value = value;
            this.of = of;
        }

        /** From 0 to 1, as in the meter's tag. */
        String value() {
            return value;
        }
    }
}

package io.tradingbreaker;

/** Watches the latencies of one breaker's calls in its current state. Thread-safe. */
public interface LatencyMonitor {

    /** The distribution over the window now; a stalled call counts with its age so far. */
    LatencyStatistics statistics();

    /** The window as the percentile rule sees it now. */
    WindowView window();

    /**
     * The counts that decide.
     *
     * @param samples the samples in the window
     * @param over those over {@code p99-threshold}
     * @param allowed the number of them that does not trip
     */
    record WindowView(long samples, long over, long allowed) {}
}

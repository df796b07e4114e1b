package io.tradingbreaker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A breaker as it stands at one moment.
 *
 * @param since when the present state began
 * @param parent the name of the breaker that is asked before this one
 * @param reason why the present state began; null before the first transition
 * @param transitions the latest transitions, newest first, at most 50
 * @param drill the report of the drill that ended last
 */
public record BreakerSnapshot(
        String name,
        BreakerState state,
        BreakerMode mode,
        Instant since,
        @Nullable String parent,
        @Nullable TransitionReason reason,
        LatencyMonitor.WindowView window,
        LatencyStatistics latency,
        BreakerCounters counters,
        Recovery recovery,
        List<Transition> transitions,
        @Nullable DrillReport drill,
        BreakerConfig config) {

    /**
     * How far recovery is.
     *
     * @param attempt failed attempts since the last stable CLOSED
     * @param nextAttemptAt when recovery is tried next, or a drill ends; null unless OPEN and where {@code awaitsResume}
     * @param awaitsResume whether nothing leads out of OPEN but an operator's resume or reset
     * @param lastProbe the last health check that was answered or overdue
     */
    public record Recovery(
            int attempt,
            @Nullable Instant nextAttemptAt,
            boolean awaitsResume,
            @Nullable Probe lastProbe) {}

    /** A health check's result. */
    public record Probe(boolean healthy, @Nullable Duration latency, String details, Instant at) {}
}

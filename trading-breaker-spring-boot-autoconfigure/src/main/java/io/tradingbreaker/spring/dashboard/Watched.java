package io.tradingbreaker.spring.dashboard;

import io.tradingbreaker.BreakerCounters;
import io.tradingbreaker.BreakerSnapshot;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.LatencyStatistics;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.Transition;
import io.tradingbreaker.TransitionReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One breaker as the list shows it, and its trace. Counters are read each time; the distribution, which costs a thousand
 * times as much, only when it is asked for or the state has changed. Not thread-safe.
 */
final class Watched {

    /** So many samplings after its last call an idle breaker is looked at again, as samples leave the window by age. */
    private static final int IDLE_LOOK = 15;

    private final TradingBreaker breaker;
    private BreakerCounters counters;
    private long tracedTotal;
    private long tracedRejected;
    private long tracedTransitions;
    private BreakerSnapshot seen;
    private long lookedAt;
    private @Nullable Trace trace;
    private List<@Nullable Object> row = List.of();
    private long rowVersion;

    /** @param isNew whether it was made since the last sampling, so that all its calls belong to the next */
    Watched(TradingBreaker breaker, boolean isNew) {
        this.breaker = breaker;
        counters = breaker.counters();
        tracedTotal = isNew ? 0 : counters.total();
        tracedRejected = isNew ? 0 : counters.rejected();
        seen = breaker.snapshot();
    }

    /** Reads what is cheap to read. */
    void read() {
        counters = breaker.counters();
        if (counters.stateChanges() != seen.counters().stateChanges()) {
            seen = breaker.snapshot();
        }
    }

    /** Whether the distribution may have changed since the last look at it. */
    boolean wantsLook(long sampling) {
        return counters.total() != seen.counters().total()
                || counters.inFlight() > 0
                || (seen.latency().count() > 0 && sampling - lookedAt >= IDLE_LOOK);
    }

    void look(long sampling) {
        seen = breaker.snapshot();
        lookedAt = sampling;
    }

    /** Adds a point to the trace; a breaker that nobody has called yet, and that never changed, needs none. */
    void trace(long sampling, int points) {
        if (trace == null) {
            if (counters.total() == 0 && counters.stateChanges() == 0) {
                return;
            }
            trace = new Trace(points, sampling);
        }
        LatencyStatistics opened = openedAt();
        LatencyStatistics latency = opened == null ? seen.latency() : opened;
        trace.put(new Trace.Point(
                millis(latency.p50()),
                millis(latency.p95()),
                millis(latency.p99()),
                opened == null ? Float.NaN : millis(opened.max()),
                counters.inFlight() == 0 ? Float.NaN : millis(counters.oldestInFlight()),
                clamp(counters.inFlight()),
                clamp(counters.total() - tracedTotal),
                clamp(counters.rejected() - tracedRejected),
                breaker.state()));
        tracedTotal = counters.total();
        tracedRejected = counters.rejected();
        tracedTransitions =
                seen.transitions().isEmpty() ? 0 : seen.transitions().get(0).sequence();
    }

    /** The distribution at the latest trip since the last point; null without one that had samples. */
    private @Nullable LatencyStatistics openedAt() {
        for (Transition transition : seen.transitions()) {
            LatencyStatistics latency = transition.reason().latency();
            if (transition.sequence() > tracedTransitions
                    && transition.to() == BreakerState.OPEN
                    && latency.count() > 0) {
                return latency;
            }
        }
        return null;
    }

    @Nullable
    Trace trace() {
        return trace;
    }

    TradingBreaker breaker() {
        return breaker;
    }

    /** Makes the row anew; it takes that version if it is another than before. */
    void renewRow(long version) {
        List<@Nullable Object> now = makeRow();
        if (!now.equals(row)) {
            row = now;
            rowVersion = version;
        }
    }

    /** The row's cells, in the order that {@code feed.js} reads them; null if it is as old as that version. */
    @Nullable
    List<@Nullable Object> rowSince(long version) {
        return rowVersion > version ? row : null;
    }

    private List<@Nullable Object> makeRow() {
        BreakerState state = breaker.state();
        LatencyStatistics latency = seen.latency();
        TransitionReason reason = seen.reason();
        return Arrays.asList(
                breaker.name(),
                seen.parent(),
                state.name(),
                breaker.mode().name().toLowerCase(Locale.ROOT),
                seen.since().toEpochMilli(),
                reason == null ? null : reason.message(),
                rounded(latency.p50()),
                rounded(latency.p95()),
                rounded(latency.p99()),
                threshold().toNanos() / 1e6,
                counters.inFlight(),
                counters.inFlight() == 0 ? null : rounded(counters.oldestInFlight()),
                counters.total(),
                counters.rejected(),
                seen.recovery().awaitsResume());
    }

    private Duration threshold() {
        Duration p99 = breaker.config().p99Threshold();
        return p99.isZero() ? breaker.config().latencyThreshold() : p99;
    }

    private static float millis(@Nullable Duration latency) {
        return latency == null ? Float.NaN : latency.toNanos() / 1e6f;
    }

    private static @Nullable Double rounded(@Nullable Duration latency) {
        return latency == null ? null : Math.round(latency.toNanos() / 1e5) / 10.0;
    }

    private static int clamp(long count) {
        return (int) Math.min(Integer.MAX_VALUE, count);
    }
}

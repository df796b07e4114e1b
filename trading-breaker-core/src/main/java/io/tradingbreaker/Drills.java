package io.tradingbreaker;

import io.tradingbreaker.DrillReport.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Follows the drills of one breaker and reports each when the transition that ended it, whichever it was, has been told.
 * Thread-safe; {@link #told} belongs to the publisher.
 */
final class Drills {

    private static final Logger log = LoggerFactory.getLogger(TradingBreaker.class);

    private final BreakerClock clock;
    private final Supplier<? extends List<? extends StateChangeListener>> listeners;
    private volatile @Nullable Tried tried;
    private volatile @Nullable DrillReport last;
    // The publisher's alone.
    private @Nullable Pause running;

    Drills(BreakerClock clock, Supplier<? extends List<? extends StateChangeListener>> listeners) {
        this.clock = clock;
        this.listeners = listeners;
    }

    /** The report of the drill that ended last. */
    @Nullable
    DrillReport last() {
        return last;
    }

    /** What calls have found that were made in a drill. */
    void tried(long sequence, List<Check> checks) {
        tried = new Tried(sequence, checks);
    }

    /** All listeners have been told of that transition. */
    void told(Transition transition, long decidedNanos) {
        Pause pause = running;
        boolean begins = transition.reason().rule() == Rule.DRILL && transition.to() == BreakerState.OPEN;
        running = begins ? new Pause(transition, decidedNanos, clock.nanoTime() - decidedNanos) : null;
        if (pause != null) {
            report(pause, transition, decidedNanos - pause.decidedNanos);
        }
    }

    private void report(Pause pause, Transition end, long lastedNanos) {
        Transition start = pause.transition;
        List<Check> checks = new ArrayList<>(calls(start.sequence()));
        Duration untilTold = Duration.ofNanos(pause.untilToldNanos);
        boolean toldInTime = pause.untilToldNanos <= lastedNanos;
        checks.add(new Check(
                "listeners",
                toldInTime,
                toldInTime ? "were told of the pause" : "were told of the pause only when it was over",
                untilTold));
        List<? extends StateChangeListener> all = listeners.get();
        all.forEach(listener -> addOwn(checks, listener, start, end));
        checks.add(recovery(end, Duration.ofNanos(lastedNanos)));
        DrillReport report =
                new DrillReport(start.breaker(), start.actor(), start.reason().message(), start.at(), end.at(), checks);
        last = report;
        log(report);
        for (StateChangeListener listener : all) {
            try {
                listener.onDrillReport(report);
            } catch (Throwable e) {
                log.error("A listener failed on the report of a drill of breaker '{}'", report.breaker(), e);
            }
        }
    }

    private List<Check> calls(long sequence) {
        Tried calls = tried;
        return calls != null && calls.sequence == sequence
                ? calls.checks
                : List.of(new Check("refuses", false, "the drill was over before a call was tried", null));
    }

    private static void addOwn(List<Check> checks, StateChangeListener listener, Transition start, Transition end) {
        try {
            Check own = listener.checkDrill(start, end);
            if (own != null) {
                checks.add(own);
            }
        } catch (Throwable e) {
            checks.add(new Check(
                    listener.getClass().getSimpleName(), false, "the check of a listener failed: " + Text.of(e), null));
        }
    }

    private static Check recovery(Transition end, Duration lasted) {
        boolean byItself = end.to() == BreakerState.CLOSED && end.reason().rule() == Rule.DRILL;
        String by = end.actor() == null ? "" : " by " + end.actor();
        return new Check(
                "recovers",
                byItself,
                (byItself ? "CLOSED again: " : "ended by " + end.reason().rule().code() + by + ", " + end.to() + ": ")
                        + end.reason().message(),
                lasted);
    }

    private static void log(DrillReport report) {
        log.atLevel(report.passed() ? Level.INFO : Level.WARN)
                .log(
                        "Drill of breaker '{}'{} {}: {}",
                        report.breaker(),
                        report.actor() == null ? "" : " by " + report.actor(),
                        report.passed() ? "passed" : "failed",
                        report.checks().stream()
                                .map(check -> check.name() + (check.passed() ? " ok" : " FAILED") + " ("
                                        + check.detail() + ")")
                                .collect(Collectors.joining(", ")));
    }

    /** @param sequence the number of the transition that began the drill */
    private record Tried(long sequence, List<Check> checks) {}

    private record Pause(Transition transition, long decidedNanos, long untilToldNanos) {}
}

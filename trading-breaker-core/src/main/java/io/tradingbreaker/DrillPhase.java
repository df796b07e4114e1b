package io.tradingbreaker;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trading is paused by a drill, for a given time. It ends in CLOSED, or in a pause for good should the health check fail
 * then.
 */
final class DrillPhase extends TimedPhase {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final long endNanos;

    private DrillPhase(StateMachine machine, Entry entry, Duration duration) {
        super(machine, BreakerState.OPEN, entry);
        endNanos = entry.nanos() + duration.toNanos();
    }

    /**
     * Begins a drill.
     *
     * @return the number of the transition
     */
    static long begin(StateMachine machine, Duration duration, String reason, @Nullable String actor) {
        Checks.duration("duration", duration, SHORTEST, LONGEST);
        for (; ; ) {
            Phase from = machine.phase();
            requireFit(machine, from.state);
            if (machine.move(
                    from,
                    BreakerState.OPEN,
                    machine.asked(from, Rule.DRILL, reason),
                    Text.actor(actor),
                    from.failedAttempts(),
                    entry -> new DrillPhase(machine, entry, duration))) {
                endWithoutTimers(machine);
                return from.entry.sequence() + 1;
            }
        }
    }

    private static void requireFit(StateMachine machine, BreakerState state) {
        if (machine.pauses.isStopped()) {
            throw new BreakerConflictException("breaker '" + machine.name + "' is of a closed registry", List.of());
        }
        if (state != BreakerState.CLOSED) {
            throw new BreakerConflictException(
                    "breaker '" + machine.name + "' is " + state + ": a drill begins in CLOSED only",
                    List.of(state == BreakerState.HALTED ? "resume" : "halt", "reset"));
        }
    }

    /** Once the registry is closed no timer would end a drill. */
    static void endWithoutTimers(StateMachine machine) {
        if (machine.pauses.isStopped() && machine.phase() instanceof DrillPhase drill) {
            drill.end("the registry was closed, and so the drill is over");
        }
    }

    @Override
    void start() {
        timer.at(endNanos, this::over);
    }

    private void over() {
        if (machine.prober.isAbsent()) {
            end("the drill is over");
        } else {
            machine.prober.ask(timer, this::probed);
        }
    }

    private void probed(BreakerSnapshot.Probe probe) {
        if (!isCurrent()) {
            return;
        }
        if (probe.healthy()) {
            end("the drill is over, health check passed: " + probe.details());
        } else {
            machine.open(this, machine.explanations.reason(this, probe), null, failedAttempts());
        }
    }

    private void end(String message) {
        machine.close(this, machine.explanations.reason(this, Rule.DRILL, message, null, null), null, failedAttempts());
    }

    /** The time to the end of the drill. */
    @Override
    Duration retryAfter() {
        return Duration.ofNanos(Math.max(0, endNanos - machine.clock.nanoTime()));
    }
}

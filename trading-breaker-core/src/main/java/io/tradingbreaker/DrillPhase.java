package io.tradingbreaker;

import java.time.Duration;

/**
 * Trading is paused by a drill, for a given time. It ends in CLOSED, or in a pause for good should the health check fail
 * then.
 */
final class DrillPhase extends Phase {

    private final PhaseTimer timer = new PhaseTimer(this);
    private final long endNanos;

    DrillPhase(StateMachine machine, Entry entry, Duration duration) {
        super(machine, BreakerState.OPEN, entry);
        endNanos = entry.nanos() + duration.toNanos();
    }

    @Override
    void start() {
        timer.at(endNanos, this::over);
    }

    @Override
    void stop() {
        timer.stop();
    }

    @Override
    void mendTimer() {
        timer.mend();
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
            machine.open(this, machine.explain(this, probe), null, failedAttempts());
        }
    }

    void end(String message) {
        machine.close(this, machine.explain(this, Rule.DRILL, message, null, null), null, failedAttempts());
    }

    /** The time to the end of the drill. */
    @Override
    Duration retryAfter() {
        return Duration.ofNanos(Math.max(0, endNanos - machine.clock.nanoTime()));
    }
}

package io.tradingbreaker;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Trading is paused. Timers alone lead out of here: after its least time, an attempt at recovery, and the next; or it waits
 * for an operator's resume, without any timer.
 */
final class OpenPhase extends TimedPhase {

    private final boolean awaitsResume;
    private final boolean isKept;
    private volatile int failed;
    private volatile long dueNanos;

    private OpenPhase(StateMachine machine, Entry entry, long waitNanos, boolean awaitsResume, boolean isKept) {
        super(machine, BreakerState.OPEN, entry);
        this.awaitsResume = awaitsResume;
        this.isKept = isKept;
        failed = entry.failedAttempts();
        dueNanos = entry.nanos() + waitNanos;
    }

    /** Open for its least time at least, and for the backoff that the failed attempts so far have earned. */
    static OpenPhase tripped(StateMachine machine, Entry entry) {
        return new OpenPhase(
                machine,
                entry,
                Math.max(machine.config().recoveryTimeout().toNanos(), backoffNanos(machine, entry.failedAttempts())),
                false,
                false);
    }

    /** Open with an attempt due at once. */
    static OpenPhase resumed(StateMachine machine, Entry entry) {
        return new OpenPhase(machine, entry, 0, false, false);
    }

    /**
     * Open until an operator resumes or resets.
     *
     * @param isKept whether that comes from the store
     */
    static OpenPhase waiting(StateMachine machine, Entry entry, boolean isKept) {
        return new OpenPhase(machine, entry, 0, true, isKept);
    }

    boolean awaitsResume() {
        return awaitsResume;
    }

    @Override
    void start() {
        if (!awaitsResume) {
            timer.at(dueNanos, this::attempt);
        } else if (!isKept) {
            machine.operators.waits(machine);
        }
    }

    /** Whether it waits for an operator, and an earlier process has not said so already. */
    boolean waitsAnew() {
        return awaitsResume && !isKept;
    }

    private void attempt() {
        machine.accounts.attempts.increment();
        ask(
                this::probed,
                () -> machine.halfOpen(
                        this,
                        machine.explanations.reason(
                                this, Rule.TIMEOUT, "the wait before the attempt at recovery is over", null, null)));
    }

    private void probed(BreakerSnapshot.Probe probe) {
        if (!isCurrent()) {
            return;
        }
        if (probe.healthy()) {
            machine.halfOpen(this, machine.explanations.reason(this, probe));
            return;
        }
        int failures = failed + 1;
        long now = machine.clock.nanoTime();
        long remainsOfLeast = machine.config().recoveryTimeout().toNanos() - (now - entry.nanos());
        long waitNanos = Math.max(backoffNanos(machine, failures), remainsOfLeast);
        failed = failures;
        dueNanos = now + waitNanos;
        timer.at(dueNanos, this::attempt);
    }

    private static long backoffNanos(StateMachine machine, int failures) {
        double random = ThreadLocalRandom.current().nextDouble();
        return machine.config().recovery().backoff(failures, random).toNanos();
    }

    @Override
    @Nullable
    Duration retryAfter() {
        return awaitsResume ? null : Duration.ofNanos(Math.max(0, dueNanos - machine.clock.nanoTime()));
    }

    @Override
    int failedAttempts() {
        return failed;
    }
}

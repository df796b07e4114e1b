package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A limited number of trial calls passes, and their results decide.
 *
 * <p>The trials are one word that changes by compare-and-set: those out, those decided since the slots were last renewed,
 * fast successes and failures. So no interleaving lets one call too many through, or decides twice.
 */
final class HalfOpenPhase extends TimedPhase {

    private static final int BITS = 16;
    private static final long FIELD = (1L << BITS) - 1;
    private static final long ONE_OUT = 1;
    private static final long ONE_DECIDED = 1L << BITS;
    private static final long ONE_SUCCESS = 1L << (2 * BITS);
    private static final long ONE_FAILURE = 1L << (3 * BITS);

    private final int requests;
    private final int successes;
    private final AtomicLong trials = new AtomicLong();

    HalfOpenPhase(StateMachine machine, Entry entry) {
        super(machine, BreakerState.HALF_OPEN, entry);
        requests = machine.config().halfOpenRequests();
        successes = machine.config().halfOpenSuccesses();
    }

    @Override
    @Nullable
    Kind admit(Intent intent) {
        if (machine.tuning().passes(intent)) {
            return Kind.BYSTANDER;
        }
        for (; ; ) {
            long t = trials.get();
            if (out(t) + decided(t) >= requests) {
                return null;
            }
            if (trials.compareAndSet(t, t + ONE_OUT)) {
                return Kind.TRIAL;
            }
        }
    }

    @Override
    void cancelled(Kind kind) {
        if (kind == Kind.TRIAL) {
            trials.addAndGet(-ONE_OUT);
        }
    }

    @Override
    void stalledSlow(Kind kind, int more, boolean first) {
        if (kind == Kind.TRIAL && first) {
            failed();
        }
    }

    @Override
    void succeededFast(Kind kind, long latencyNanos, long now) {
        try {
            super.succeededFast(kind, latencyNanos, now);
        } finally {
            // A sample that could not be kept must not keep the trial's slot.
            if (kind == Kind.TRIAL) {
                succeeded();
            }
        }
    }

    @Override
    void ended(Call call) {
        try {
            super.ended(call);
        } finally {
            if (call.kind() == Kind.TRIAL && !call.wasSlow()) {
                decide(call);
            }
        }
    }

    private void decide(Call call) {
        if (call.isFastSuccess()) {
            succeeded();
        } else if (call.isBad()) {
            failed();
        } else {
            cancelled(call.kind());
        }
    }

    private void succeeded() {
        closeIfReached(trials.addAndGet(ONE_SUCCESS + ONE_DECIDED - ONE_OUT));
    }

    private boolean closeIfReached(long t) {
        if (successes(t) < successes) {
            return false;
        }
        String message = successes(t) + " of " + requests + " trial calls succeeded, " + successes + " needed";
        machine.close(this, explainTrials(message, successes(t)), null, failedAttempts());
        return true;
    }

    private void failed() {
        long t = trials.addAndGet(ONE_FAILURE + ONE_DECIDED - ONE_OUT);
        long possible = successes(t) + requests - decided(t);
        if (possible < successes) {
            reopen(
                    failures(t) + " of " + requests + " trial calls failed or were slow: " + successes
                            + " fast successes can no longer be reached",
                    successes(t));
        }
    }

    private void reopen(String message, long fastSuccesses) {
        machine.open(this, explainTrials(message, fastSuccesses), null, failedAttempts() + 1);
    }

    private TransitionReason explainTrials(String message, long fastSuccesses) {
        return machine.explanations.reason(this, Rule.TRIALS, message, (double) fastSuccesses, (double) successes);
    }

    @Override
    void start() {
        timer.at(machine.clock.nanoTime() + machine.config().halfOpenTimeout().toNanos(), this::timedOut);
    }

    private void timedOut() {
        if (!isDecided(trials.get())) {
            ask(this::probed, this::renew);
        }
    }

    private void probed(BreakerSnapshot.Probe probe) {
        if (!isCurrent()) {
            return;
        }
        if (probe.healthy()) {
            renew();
        } else {
            machine.open(this, machine.explanations.reason(this, probe), null, failedAttempts() + 1);
        }
    }

    /** Goes on with fresh slots, unless a trial that has ended meanwhile decides. */
    private void renew() {
        for (; ; ) {
            long t = trials.get();
            if (isDecided(t)) {
                return;
            }
            if (trials.compareAndSet(t, renewed(t))) {
                start();
                return;
            }
        }
    }

    /** After {@code half-open-timeout} one failed trial is enough. */
    private boolean isDecided(long t) {
        if (closeIfReached(t)) {
            return true;
        }
        if (failures(t) == 0) {
            return false;
        }
        reopen(failures(t) + " trial calls failed or were slow, and half-open-timeout is over", successes(t));
        return true;
    }

    /** Fresh slots; successes are kept, and so are the calls still out. */
    private static long renewed(long t) {
        return t & ~(FIELD << BITS);
    }

    private static long out(long t) {
        return t & FIELD;
    }

    private static long decided(long t) {
        return (t >>> BITS) & FIELD;
    }

    private static long successes(long t) {
        return (t >>> (2 * BITS)) & FIELD;
    }

    private static long failures(long t) {
        return (t >>> (3 * BITS)) & FIELD;
    }
}

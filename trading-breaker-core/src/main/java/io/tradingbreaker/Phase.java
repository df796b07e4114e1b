package io.tradingbreaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One stay of a breaker in one state, from a transition to the next. It owns its window, its counts and its timers; all
 * of them end with it, because whoever acts for a phase first looks whether it is still the breaker's.
 */
abstract sealed class Phase permits ClosedPhase, TimedPhase, HaltedPhase, RetiredPhase {

    /** What a call may decide. */
    enum Kind {
        /** Admitted while CLOSED. */
        DECIDING,
        /** A trial call in HALF_OPEN. */
        TRIAL,
        /** Let through a pause by its intent: shown, never decisive. */
        BYSTANDER,
        /** Let through a pause by observe mode: the same, and counted. */
        OBSERVED
    }

    private static final int HISTORY = 50;
    private static final VarHandle WINDOW;

    static {
        try {
            WINDOW = MethodHandles.lookup().findVarHandle(Phase.class, "window", Window.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final StateMachine machine;
    final BreakerState state;
    final Entry entry;
    final Refusal refusal = new Refusal(this);
    private final AtomicBoolean begun = new AtomicBoolean();

    // Made with the first sample, so that an idle breaker costs nothing.
    private volatile @Nullable Window window;

    Phase(StateMachine machine, BreakerState state, Entry entry) {
        this.machine = machine;
        this.state = state;
        this.entry = entry;
    }

    /**
     * How a phase came about.
     *
     * @param nanos when, on the monotonic clock
     * @param at when, for people
     * @param failedAttempts failed attempts at recovery since the last stable CLOSED
     * @param sequence the number of the last transition
     * @param history the latest transitions, newest first
     * @param resumptions how the latest pauses ended
     */
    record Entry(
            long nanos,
            Instant at,
            int failedAttempts,
            long sequence,
            List<Transition> history,
            Resumptions resumptions) {

        static Entry first(BreakerClock clock) {
            return new Entry(clock.nanoTime(), clock.instant(), 0, 0, List.of(), Resumptions.NONE);
        }

        /** The same stay, with everything forgotten but how often trading resumed by itself. */
        Entry afresh() {
            return new Entry(nanos, at, 0, sequence, history, resumptions);
        }

        /** @param limit how many resumptions are kept */
        Entry next(Transition transition, long nanos, int failedAttempts, int limit) {
            List<Transition> newestFirst = new ArrayList<>(HISTORY);
            newestFirst.add(transition);
            newestFirst.addAll(history.subList(0, Math.min(history.size(), HISTORY - 1)));
            return new Entry(
                    nanos,
                    transition.at(),
                    failedAttempts,
                    transition.sequence(),
                    List.copyOf(newestFirst),
                    resumptions.after(transition, nanos, limit));
        }
    }

    /** The kind of call that an intent gets here, or null for a refusal. CLOSED is not asked. */
    @Nullable
    Kind admit(Intent intent) {
        return machine.tuning().passes(intent) ? Kind.BYSTANDER : null;
    }

    /** An admitted call is not made after all. */
    void cancelled(Kind kind) {}

    /** A call is still running past the percentile's threshold. Returns the index of its sample. */
    long stalledOver(long ageNanos, long now) {
        return window().enter(ageNanos, false, now);
    }

    /** The same, of a call whose sample was over a lower threshold and then was not. */
    void stalledOverAgain(long sample, long ageNanos, long now) {
        window().amend(sample, ageNanos, false);
    }

    /** A call is still running past {@code more} further multiples of the latency threshold. */
    void stalledSlow(Kind kind, int more, boolean first) {}

    /** The common end: a success that is not slow, of a call that has no sample yet. */
    void succeededFast(Kind kind, long latencyNanos, long now) {
        window().enter(latencyNanos, false, now);
    }

    /** Any other end. The call goes into the window, or its true latency and outcome into the sample that it has there. */
    void ended(Call call) {
        if (call.sample != Window.NONE) {
            window().amend(call.sample, call.latencyNanos, call.isFailure());
        } else if (call.isSample()) {
            window().enter(call.latencyNanos, call.isFailure(), call.now);
        }
    }

    /** Whether the window, as it is now, counts a sample of that latency as over. */
    final boolean isOver(long latencyNanos) {
        return window().current().isOver(latencyNanos);
    }

    /** Starts this phase, once. Should that fail, {@link #mend} does it. */
    final void begin() {
        if (begun.compareAndSet(false, true)) {
            try {
                start();
            } catch (RuntimeException | Error e) {
                begun.set(false);
                throw e;
            }
        }
    }

    /** Does again what has failed. */
    final void mend() {
        if (!begun.get()) {
            begin();
        }
        mendTimer();
    }

    /** Begins the timers of this phase. */
    void start() {}

    /** Ends them. May come before {@link #start}. */
    void stop() {}

    /** Sets a timer again that the scheduler failed to take, or whose work failed. */
    void mendTimer() {}

    /** The time to the next attempt at recovery; null if no timer leads to one. */
    @Nullable
    Duration retryAfter() {
        return Duration.ZERO;
    }

    /** Failed attempts at recovery so far. */
    int failedAttempts() {
        return entry.failedAttempts;
    }

    final boolean isCurrent() {
        return machine.isCurrent(this);
    }

    final @Nullable TransitionReason reason() {
        return entry.history.isEmpty() ? null : entry.history.get(0).reason();
    }

    final Window window() {
        Window made = window;
        return made == null ? madeWindow() : made;
    }

    private Window madeWindow() {
        Window fresh = machine.tuning().window();
        Window winner = (Window) WINDOW.compareAndExchange(this, null, fresh);
        if (winner != null) {
            return winner;
        }
        // A retuning that came between may have found no window to replace.
        machine.tunings.retuneWindow();
        return fresh;
    }

    final boolean hasWindow() {
        return window != null;
    }

    /** Whether its window has these limits, or will have. */
    final boolean isTuned(Tuning tuning) {
        Window made = window;
        return made == null || made.current().rules == tuning.rules;
    }

    /** Gives its window these limits. Not at once with another. */
    final void tune(Tuning tuning) {
        Window made = window;
        if (made == null) {
            return;
        }
        Window current = made.current();
        if (current.rules != tuning.rules) {
            Window next = tuning.window();
            current.succeedBy(next, machine.clock.nanoTime());
            window = next;
        }
    }

    /** How a call ended, as the rules see it. */
    record Call(
            Kind kind,
            Outcome outcome,
            long latencyNanos,
            boolean isOver,
            boolean isSlow,
            boolean wasSlow,
            long sample,
            long now) {

        boolean isFailure() {
            return outcome == Outcome.FAILURE;
        }

        /** Ends a run of failures, and makes a trial succeed. */
        boolean isFastSuccess() {
            return outcome == Outcome.SUCCESS && !isSlow;
        }

        boolean isBad() {
            return isSlow || outcome == Outcome.FAILURE;
        }

        /** Any other call says something only by being slow, or by a sample that is there already. */
        boolean isSample() {
            return outcome == Outcome.SUCCESS
                    || isFailure()
                    || (outcome == Outcome.IGNORED && (isSlow || isOver))
                    || sample != Window.NONE;
        }
    }
}

package io.tradingbreaker;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a {@link CallObserver} of the calls of all breakers, and keeps its exceptions from them. There is none where there
 * is no observer: then a call does nothing here. Thread-safe.
 */
final class Observing {

    private static final Logger log = LoggerFactory.getLogger(CallObserver.class);

    // The call that this thread is judging.
    private static final ThreadLocal<@Nullable Judged> judged = new ThreadLocal<>();

    private final CallObserver observer;
    private volatile boolean hasWarned;

    Observing(CallObserver observer) {
        this.observer = observer;
    }

    /** As {@link Gate#enter}. */
    Admission enter(Gate gate, String breaker, Intent intent, @Nullable Permit within, CallObserver.Origin origin) {
        Admission admission = gate.admit(intent, within);
        if (admission instanceof Slot slot) {
            ObservedCall call = admitted(breaker, intent, slot, origin);
            slot.observed = call;
            try {
                gate.begin(slot);
            } catch (RuntimeException | Error e) {
                if (call != null) {
                    call.end(Outcome.IGNORED, null);
                }
                throw e;
            }
        } else if (admission instanceof Refusal refusal) {
            refused(breaker, intent, refusal.exception(), origin);
        }
        return admission;
    }

    void refused(String breaker, Intent intent, TradingPausedException refusal, CallObserver.Origin origin) {
        run(() -> observer.refused(breaker, intent, refusal, origin));
    }

    private @Nullable ObservedCall admitted(String breaker, Intent intent, Slot slot, CallObserver.Origin origin) {
        Phase admittedBy = slot.phase;
        BreakerState state = admittedBy == null ? BreakerState.CLOSED : admittedBy.state;
        try {
            CallObserver.Call call = observer.admitted(breaker, intent, state, origin);
            return call == null ? null : new ObservedCall(call, this);
        } catch (Throwable e) {
            warnOnce(e);
            return null;
        }
    }

    <T extends @Nullable Object> T call(Slot slot, Callable<T> operation) throws Exception {
        ObservedCall call = slot.observed;
        if (call == null) {
            return operation.call();
        }
        CallObserver.Scope scope = call.open();
        try {
            return operation.call();
        } finally {
            scope.close();
        }
    }

    /** As {@link Gate#leave}; what the end decides is this call's doing. */
    void leave(Gate gate, Slot slot, Outcome outcome, @Nullable Throwable error) {
        ObservedCall call = slot.observed;
        if (call == null) {
            gate.leave(slot, outcome);
            return;
        }
        // The slot is still this call's, and must not keep what it refers to.
        slot.observed = null;
        try {
            judge(new Judged(call, true), () -> gate.leave(slot, outcome));
        } finally {
            call.end(outcome, outcome == Outcome.FAILURE ? error : null);
        }
    }

    /** The stall check judges a call that is still running. */
    void stalled(@Nullable ObservedCall call, Runnable check) {
        if (call == null) {
            check.run();
        } else {
            judge(new Judged(call, false), check);
        }
    }

    private void judge(Judged call, Runnable judgement) {
        Judged before = judged.get();
        judged.set(call);
        try {
            judgement.run();
        } finally {
            if (before == null) {
                judged.remove();
            } else {
                judged.set(before);
            }
        }
    }

    /** A transition is being decided on this thread. */
    Decision decide() {
        Judged cause = judged.get();
        if (cause == null) {
            return new Decision(Decision.diagnosticContext(), listener(observer::deciding));
        }
        if (!cause.mayBeOpened) {
            return new Decision(Decision.diagnosticContext(), cause.call.deciding());
        }
        CallObserver.Scope scope = cause.call.open();
        try {
            return new Decision(Decision.diagnosticContext(), cause.call.deciding());
        } finally {
            scope.close();
        }
    }

    /** One that throws nothing. */
    StateChangeListener listener(Supplier<StateChangeListener> question) {
        StateChangeListener listener = ask(question, transition -> {});
        return transition -> run(() -> listener.onStateChange(transition));
    }

    /** What the observer answers; {@code otherwise} if it throws. */
    <T> T ask(Supplier<T> question, T otherwise) {
        try {
            return question.get();
        } catch (Throwable e) { // Kotlin's exceptions are all unchecked
            warnOnce(e);
            return otherwise;
        }
    }

    void run(Runnable telling) {
        try {
            telling.run();
        } catch (Throwable e) {
            warnOnce(e);
        }
    }

    private void warnOnce(Throwable e) {
        if (!hasWarned) {
            hasWarned = true;
            log.warn("The observer of guarded calls failed and is passed over; said once", e);
        }
    }

    /** @param mayBeOpened whether this thread may run an observer's code: the stall check's must not */
    private record Judged(ObservedCall call, boolean mayBeOpened) {}
}

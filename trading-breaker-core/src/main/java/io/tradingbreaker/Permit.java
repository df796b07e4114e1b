package io.tradingbreaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The right to make one call. Complete it exactly once, on any thread, when the call has ended; whatever comes after the
 * first completion does nothing. A permit that is never completed is given up after {@code permit-timeout}.
 */
public final class Permit {

    private static final VarHandle COMPLETED;

    static {
        try {
            COMPLETED = MethodHandles.lookup().findVarHandle(Permit.class, "completed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Of a breaker that is switched off. */
    static final Permit PASS = new Permit();

    private final @Nullable Breaker breaker;
    private final Intent intent;
    private final Admission admission;
    private final @Nullable Permit within;

    @SuppressWarnings("unused") // through COMPLETED
    private volatile boolean completed;

    Permit(Breaker breaker, Intent intent, Admission admission, @Nullable Permit within) {
        this.breaker = breaker;
        this.intent = intent;
        this.admission = admission;
        this.within = within;
    }

    private Permit() {
        breaker = null;
        intent = Intent.QUERY;
        admission = Admission.JOINED;
        within = null;
    }

    /**
     * This thread works for the call until the scope is closed, which it does itself before it completes the permit: what it calls
     * meanwhile belongs to the call's trace. Does nothing where calls are not observed.
     */
    public CallObserver.Scope openScope() {
        ObservedCall call = observed();
        return call == null ? ObservedCall.NO_SCOPE : call.open();
    }

    /** What a reactive stream's context needs, so that what the stream does belongs to the call's trace; mostly empty. */
    public Map<Object, Object> context() {
        ObservedCall call = observed();
        return call == null ? Map.of() : call.context();
    }

    private @Nullable ObservedCall observed() {
        ObservedCall call = admission instanceof Slot slot ? slot.observed : null;
        if (call == null) {
            return null;
        }
        // Of a call that has ended the slot may be another's; while this one has not, what was read is its own.
        VarHandle.loadLoadFence();
        return completed ? null : call;
    }

    /** The call succeeded. */
    public void success() {
        complete(Outcome.SUCCESS);
    }

    /** The call failed. */
    public void failure() {
        complete(Outcome.FAILURE);
    }

    /** The call was not made, or only its latency says something about the node. A trial call's slot is returned. */
    public void ignored() {
        complete(Outcome.IGNORED);
    }

    /** As {@link #ignored}, and its latency is no sample either: a rate limit refused the call. */
    public void discarded() {
        complete(Outcome.DISCARDED);
    }

    /** The call ended so; classified as {@link TradingBreaker#call} would. */
    public void complete(@Nullable Object result, @Nullable Throwable error) {
        Slot slot = takeSlot();
        if (slot != null && breaker != null) {
            breaker.end(slot, result, error);
        }
    }

    private void complete(Outcome outcome) {
        Slot slot = takeSlot();
        if (slot != null && breaker != null) {
            breaker.end(slot, outcome);
        }
    }

    /**
     * Completes when the stage does. A stage that refuses to be listened to ends it as {@link #ignored}: the call was made,
     * and nobody can say how it went.
     */
    public void completeWith(CompletionStage<?> stage) {
        try {
            stage.whenComplete(this::complete);
        } catch (Throwable e) { // the stage is the caller's, who must get it
            ignored();
            if (breaker != null) {
                breaker.warnOnce(e);
            }
        }
    }

    /** Whether a completion would still end a call: false once completed or given up, and where another call was joined. */
    public boolean isPending() {
        if (completed) {
            return false;
        }
        for (Slot slot = admission instanceof Slot own ? own : null; slot != null; slot = slot.outer) {
            if (!Slot.isGone(slot.state)) {
                return true;
            }
        }
        return false;
    }

    /** The slot to be ended, for the first who asks; null for all others, and where a call was only joined. */
    private @Nullable Slot takeSlot() {
        return COMPLETED.compareAndSet(this, false, true) && admission instanceof Slot slot ? slot : null;
    }

    /** Whether a call under this permit has already been let through by {@code level} at that risk. */
    boolean holds(Gate level, Intent asked) {
        for (Permit permit = this; permit != null; permit = permit.within) {
            boolean isRisky = permit.intent.compareTo(asked) >= 0;
            if (isRisky && !permit.completed && permit.isAdmittedBy(level)) {
                return true;
            }
        }
        return false;
    }

    /** What a permit joined is not its own: it ends with the call that was joined. */
    private boolean isAdmittedBy(Gate level) {
        for (Slot slot = admission instanceof Slot own ? own : null; slot != null; slot = slot.outer) {
            if (slot.gate == level) {
                return true;
            }
        }
        return false;
    }
}

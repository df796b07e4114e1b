package io.tradingbreaker.spring.aop;

import io.tradingbreaker.Permit;
import org.jspecify.annotations.Nullable;

/**
 * The guarded call that a thread is in. A call that is guarded inside it hands its permit to
 * {@link io.tradingbreaker.TradingBreaker#acquire(io.tradingbreaker.Intent, Permit)}, and so joins it where it can.
 */
public final class GuardedCall {

    // Never carried to the thread that completes an asynchronous call.
    private static final ThreadLocal<@Nullable Permit> current = new ThreadLocal<>();

    private GuardedCall() {}

    /** The permit of the innermost guarded call of this thread. */
    public static @Nullable Permit current() {
        return current.get();
    }

    /** This thread is in a guarded call until {@link #leave}. */
    public static void enter(Permit permit) {
        current.set(permit);
    }

    /**
     * This thread is out of it.
     *
     * @param outer what {@link #current} was before {@link #enter}
     */
    public static void leave(@Nullable Permit outer) {
        if (outer == null) {
            current.remove();
        } else {
            current.set(outer);
        }
    }
}

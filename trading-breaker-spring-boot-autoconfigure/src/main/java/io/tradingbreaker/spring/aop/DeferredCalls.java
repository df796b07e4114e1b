package io.tradingbreaker.spring.aop;

import io.tradingbreaker.TradingPausedException;
import org.jspecify.annotations.Nullable;

/**
 * Guards methods that return before their work has begun, such as those that return publishers: each subscription is a
 * call of its own, the making of the publisher is none. Thread-safe.
 */
public interface DeferredCalls {

    /** Whether the work of methods that return this type begins after they returned. */
    boolean isDeferred(Class<?> returned);

    /** Whether something guarded can be returned as this type, one that is deferred. */
    boolean canReturn(Class<?> declared);

    /**
     * The same, guarded.
     *
     * @param returned of a type that is deferred
     * @param entrance lets each subscription in
     * @param fallback answers subscriptions that are refused; null: they fail
     */
    Object guard(Object returned, Entrance entrance, @Nullable OnRefusal fallback);

    /** One of the type that a method declares, which runs the method when it is needed, each time. */
    Object later(Class<?> declared, Body method);

    /** A guarded method. */
    @FunctionalInterface
    interface Body {

        @Nullable
        Object run() throws Throwable;
    }

    /** What runs instead of a refused subscription. Thread-safe. */
    @FunctionalInterface
    interface OnRefusal {

        @Nullable
        Object answer(TradingPausedException refusal) throws Throwable;
    }
}

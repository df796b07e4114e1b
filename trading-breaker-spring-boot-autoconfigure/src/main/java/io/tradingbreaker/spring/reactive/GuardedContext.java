package io.tradingbreaker.spring.reactive;

import io.tradingbreaker.CallObserver;
import io.tradingbreaker.Permit;
import io.tradingbreaker.spring.aop.GuardedCall;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The guarded call that a subscription is made in: carried by Reactor's context to whatever thread subscribes, as
 * {@link GuardedCall} is by the thread.
 */
public final class GuardedContext {

    private static final Object KEY = new Object() {
        @Override
        public String toString() {
            return "trading-breaker.permit";
        }
    };

    private GuardedContext() {}

    /** The permit of the innermost guarded subscription of that context, else of this thread's guarded call. */
    public static @Nullable Permit current(ContextView context) {
        Permit permit = context.getOrDefault(KEY, null);
        return permit != null ? permit : GuardedCall.current();
    }

    /** That context, for {@link io.tradingbreaker.TradingBreaker#acquire(io.tradingbreaker.Intent, Permit, CallObserver.Origin)}. */
    public static CallObserver.Origin origin(ContextView context) {
        return key -> context.getOrDefault(key, null);
    }

    static Context with(Permit permit, Context context) {
        return context.put(KEY, permit).putAllMap(permit.context());
    }
}

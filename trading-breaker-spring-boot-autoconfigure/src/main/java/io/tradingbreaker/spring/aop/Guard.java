package io.tradingbreaker.spring.aop;

import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingPausedException;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * One guarded method of one class of beans. Immutable.
 *
 * @param method the most specific method
 * @param type the class of the bean
 * @param breaker the breaker's name; with a key, that of its template
 * @param key gives each call its key; null where all share the breaker
 * @param intent what the method does to the risk on the books
 * @param fallback what runs instead of a refused call
 * @param isDeferred whether its calls begin after the method returned
 * @param reduction what says how much it takes off a position; null if nothing does
 */
record Guard(
        Method method,
        Class<?> type,
        String breaker,
        @Nullable KeyExpression key,
        Intent intent,
        @Nullable Fallback fallback,
        boolean isDeferred,
        @Nullable Reduction reduction) {

    /** The answer to a call that was refused. */
    @SuppressWarnings("FutureReturnValueIgnored") // the caller of the guarded method gets it
    @Nullable
    Object refused(MethodInvocation call, TradingPausedException refusal) throws Throwable {
        if (fallback != null) {
            return fallback.run(call.getThis(), call.getArguments(), refusal);
        }
        if (holdsStage(method.getReturnType())) {
            return CompletableFuture.failedFuture(refusal);
        }
        throw refusal;
    }

    /** What answers the refused subscriptions to what this call returns; null: nothing does. */
    DeferredCalls.@Nullable OnRefusal onRefusal(MethodInvocation call) {
        Fallback instead = fallback;
        if (instead == null) {
            return null;
        }
        Object target = call.getThis();
        @Nullable Object[] arguments = call.getArguments().clone();
        return refusal -> instead.run(target, arguments, refusal);
    }

    String place() {
        return InvalidGuardException.place(method, type);
    }

    // Who gets a plain Future expects a refusal to be thrown, as executors do; so may who gets an Object.
    private static boolean holdsStage(Class<?> returned) {
        return CompletionStage.class.isAssignableFrom(returned) && returned.isAssignableFrom(CompletableFuture.class);
    }
}

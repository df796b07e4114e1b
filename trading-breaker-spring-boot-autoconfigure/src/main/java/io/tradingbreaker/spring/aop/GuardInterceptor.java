package io.tradingbreaker.spring.aop;

import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.CallObserver;
import io.tradingbreaker.KeyedBreakers;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.MethodClassKey;

/**
 * Guards one call: asks the breaker for a permit, lets the call run, and completes the permit with what it returned or
 * threw, or when its stage or future completes. A method whose work begins later runs without a permit, unless
 * the breaker may refuse; what it returns is guarded. Thread-safe.
 */
final class GuardInterceptor implements MethodInterceptor {

    private final GuardedMethods methods;
    private final Supplier<BreakerRegistry> registry;
    private final @Nullable DeferredCalls deferred;
    private final PendingFutures futures;
    private final Reductions reductions;
    private final Map<MethodClassKey, Bound> bound = new ConcurrentHashMap<>();

    GuardInterceptor(
            GuardedMethods methods,
            Supplier<BreakerRegistry> registry,
            @Nullable DeferredCalls deferred,
            PendingFutures futures,
            Reductions reductions) {
        this.methods = methods;
        this.registry = registry;
        this.deferred = deferred;
        this.futures = futures;
        this.reductions = reductions;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
        Bound to = bound(call);
        String key = to.key(call);
        TradingBreaker breaker = to.breaker(key);
        if (to.guard.isDeferred() && deferred != null) {
            DeferredCalls.OnRefusal fallback = to.guard.onRefusal(call);
            // Some methods begin their work before anybody subscribes: where that may be refused they must not run.
            Object returned = mayRefuse(to, breaker)
                    ? deferred.later(to.guard.method().getReturnType(), repeatable(call))
                    : call.proceed();
            return guarded(to, key, call, returned, fallback);
        }
        Permit outer = GuardedCall.current();
        Reductions.Ticket ticket = reductions.begin(to.guard, breaker, to.hasNoRoom(breaker), call.getArguments());
        Permit permit;
        try {
            permit = ticket == null ? breaker.acquire(to.guard.intent(), outer) : ticket.acquire(outer);
        } catch (TradingPausedException refusal) {
            return to.guard.refused(call, refusal);
        }
        boolean endsLater = false;
        GuardedCall.enter(permit);
        try {
            Object result = proceed(call, permit);
            if (result instanceof CompletionStage<?> stage) {
                // The stage itself is returned, so that cancelling it ends the permit.
                permit.completeWith(stage);
                if (ticket != null) {
                    endsLater = ticket.endsWith(stage);
                }
            } else if (result instanceof Future<?> future) {
                endsLater = true;
                futures.add(future, permit, ticket);
            } else if (isDeferred(to, result)) {
                // Known only now: nothing was called yet.
                permit.discarded();
                return guarded(to, key, call, result, to.guard.onRefusal(call));
            } else {
                permit.complete(result, null);
            }
            return result;
        } catch (Throwable e) {
            permit.complete(null, e);
            throw e;
        } finally {
            GuardedCall.leave(outer);
            if (ticket != null && !endsLater) {
                ticket.run();
            }
        }
    }

    private static @Nullable Object proceed(MethodInvocation call, Permit permit) throws Throwable {
        CallObserver.Scope scope = permit.openScope();
        try {
            return call.proceed();
        } finally {
            scope.close();
        }
    }

    /** Whether a subscription may be refused. */
    private boolean mayRefuse(Bound to, TradingBreaker breaker) {
        Guard guard = to.guard;
        boolean hasNoRoom = to.hasNoRoom(breaker);
        if (hasNoRoom && !breaker.config().pass().contains(guard.intent())) {
            return true;
        }
        if (guard.reduction() != null && reductions.areChecked() && (hasNoRoom || !Reductions.isTrading(breaker))) {
            return true;
        }
        for (TradingBreaker level = breaker; level != null; level = level.parent()) {
            BreakerState state = level.state();
            // HALF_OPEN too: it refuses once its trials are out.
            boolean refuses = state == BreakerState.HALTED
                    || (state != BreakerState.CLOSED && level.mode() == BreakerMode.ENFORCE);
            if (refuses && !level.config().pass().contains(guard.intent())) {
                return true;
            }
        }
        return false;
    }

    private static DeferredCalls.Body repeatable(MethodInvocation call) {
        if (call instanceof ProxyMethodInvocation ofProxy) {
            MethodInvocation kept = ofProxy.invocableClone();
            return () -> ((ProxyMethodInvocation) kept).invocableClone().proceed();
        }
        return call::proceed;
    }

    private boolean isDeferred(Bound to, @Nullable Object result) {
        return result != null
                && deferred != null
                && to.guard.method().getReturnType() == Object.class
                && deferred.isDeferred(result.getClass());
    }

    private @Nullable Object guarded(
            Bound to,
            @Nullable String key,
            MethodInvocation call,
            @Nullable Object returned,
            DeferredCalls.@Nullable OnRefusal fallback) {
        return returned == null || deferred == null
                ? returned
                : deferred.guard(returned, entrance(to, key, call), fallback);
    }

    /** The key is the call's, the breaker each subscription's: there may be another for the key by then. */
    private Entrance entrance(Bound to, @Nullable String key, MethodInvocation call) {
        if (to.guard.reduction() == null && to.keyed == null) {
            return Entrance.to(to.breaker, to.guard.intent());
        }
        @Nullable Object[] arguments = call.getArguments().clone();
        return (within, origin) -> {
            TradingBreaker breaker = to.breaker(key);
            Reductions.Ticket ticket = reductions.begin(to.guard, breaker, to.hasNoRoom(breaker), arguments);
            return ticket == null
                    ? Entrance.to(breaker, to.guard.intent()).enter(within, origin)
                    : new Entrance.Entered(ticket.acquire(within, origin), ticket);
        };
    }

    private Bound bound(MethodInvocation call) {
        Object target = call.getThis();
        Method method = call.getMethod();
        // The class that the pointcut was asked about: of a target that is a proxy itself, the proxy's.
        Class<?> type = target == null ? method.getDeclaringClass() : target.getClass();
        MethodClassKey key = new MethodClassKey(method, type);
        Bound known = bound.get(key);
        return known != null ? known : bind(key, method, type);
    }

    private Bound bind(MethodClassKey key, Method method, Class<?> type) {
        Guard guard = Objects.requireNonNull(methods.find(method, type), "the pointcut matched an unguarded method");
        BreakerRegistry breakers = registry.get();
        Bound made = new Bound(
                guard, breakers.breaker(guard.breaker()), guard.key() == null ? null : breakers.keyed(guard.breaker()));
        bound.put(key, made);
        return made;
    }

    /** @param keyed null if all calls share the breaker */
    private record Bound(
            Guard guard, TradingBreaker breaker, @Nullable KeyedBreakers keyed) {

        @Nullable
        String key(MethodInvocation call) {
            KeyExpression expression = guard.key();
            return expression == null ? null : expression.of(call.getThis(), call.getArguments());
        }

        TradingBreaker breaker(@Nullable String key) {
            return keyed == null ? breaker : keyed.of(key);
        }

        /** Whether it stands for keys that there is no room for: it is called like the template then, and is another. */
        boolean hasNoRoom(TradingBreaker ofKey) {
            return ofKey != breaker && ofKey.name().equals(breaker.name());
        }
    }
}

package io.tradingbreaker.spring.reactive;

import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.aop.DeferredCalls;
import io.tradingbreaker.spring.aop.Entrance;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Guards {@code Mono}, {@code Flux} and other publishers, which become {@code Flux}. Stateless. */
public final class ReactorCalls implements DeferredCalls {

    @Override
    public boolean isDeferred(Class<?> returned) {
        return Publisher.class.isAssignableFrom(returned);
    }

    @Override
    public boolean canReturn(Class<?> declared) {
        return declared == Mono.class || declared.isAssignableFrom(Flux.class);
    }

    @Override
    public Object guard(Object returned, Entrance entrance, @Nullable OnRefusal fallback) {
        return returned instanceof Mono<?> mono
                ? guarded(mono, entrance, fallback)
                : guarded(Flux.from((Publisher<?>) returned), entrance, fallback);
    }

    private static <T> Mono<T> guarded(Mono<T> mono, Entrance entrance, @Nullable OnRefusal fallback) {
        return GuardedMono.of(
                mono, new SubscriptionGuard<T>(entrance, refusal -> Mono.from(answer(fallback, refusal))));
    }

    private static <T> Flux<T> guarded(Flux<T> flux, Entrance entrance, @Nullable OnRefusal fallback) {
        return GuardedFlux.of(flux, new SubscriptionGuard<T>(entrance, refusal -> answer(fallback, refusal)));
    }

    @Override
    public Object later(Class<?> declared, Body method) {
        return declared == Mono.class
                ? Mono.defer(() -> Mono.from(made(method, "the method")))
                : Flux.defer(() -> made(method, "the method"));
    }

    private static <T> Publisher<T> answer(@Nullable OnRefusal fallback, TradingPausedException refusal) {
        return fallback == null ? Mono.error(refusal) : made(() -> fallback.answer(refusal), "the fallback");
    }

    @SuppressWarnings("unchecked") // a fallback has the guarded method's return type
    private static <T> Publisher<T> made(Body method, String what) {
        try {
            Object made = method.run();
            return made == null ? Mono.error(new NullPointerException(what + " returned null")) : (Publisher<T>) made;
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            return Mono.error(e);
        }
    }
}

package io.tradingbreaker.spring.reactive;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;

/** A {@code Mono} of which each subscription is a guarded call, to its end. */
final class GuardedMono<T> extends MonoOperator<T, T> {

    private final SubscriptionGuard<T> guard;

    private GuardedMono(Mono<T> source, SubscriptionGuard<T> guard) {
        super(source);
        this.guard = guard;
    }

    static <T> Mono<T> of(Mono<T> source, SubscriptionGuard<T> guard) {
        return onAssembly(new GuardedMono<>(source, guard));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        guard.subscribe(source, subscriber);
    }
}

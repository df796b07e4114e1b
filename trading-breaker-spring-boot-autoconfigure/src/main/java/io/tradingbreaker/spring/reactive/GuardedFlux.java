package io.tradingbreaker.spring.reactive;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/** A {@code Flux} of which each subscription is a guarded call, to its first signal. */
final class GuardedFlux<T> extends FluxOperator<T, T> {

    private final SubscriptionGuard<T> guard;

    private GuardedFlux(Flux<T> source, SubscriptionGuard<T> guard) {
        super(source);
        this.guard = guard;
    }

    static <T> Flux<T> of(Flux<T> source, SubscriptionGuard<T> guard) {
        return onAssembly(new GuardedFlux<>(source, guard));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        guard.subscribe(source, subscriber);
    }
}

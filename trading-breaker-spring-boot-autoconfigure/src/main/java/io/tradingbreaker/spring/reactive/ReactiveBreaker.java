package io.tradingbreaker.spring.reactive;

import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.aop.Entrance;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Guards publishers by hand, as {@code @LatencyGuarded} guards those that a method returns:
 * {@code quote.transform(ReactiveBreaker.of(breaker)::mono)}. Thread-safe.
 *
 * <p>Each subscription is a call of its own; a publisher that nobody subscribes to is none. It is timed to the end of a
 * {@code Mono}, to the first signal of a {@code Flux}: what comes later no longer counts, be it an error. An empty one is a
 * success; a cancellation before is ignored. A subscription that is refused does not reach the publisher and fails with
 * {@link io.tradingbreaker.TradingPausedException}; {@code onErrorResume} then is the fallback.
 *
 * <p>A subscription made inside a guarded call joins it where it can: inside another guarded publisher on whatever thread,
 * by Reactor's context, and on the thread of a guarded method.
 */
public final class ReactiveBreaker {

    private final TradingBreaker breaker;

    private ReactiveBreaker(TradingBreaker breaker) {
        this.breaker = breaker;
    }

    /** Guards with that breaker. */
    public static ReactiveBreaker of(TradingBreaker breaker) {
        return new ReactiveBreaker(Objects.requireNonNull(breaker, "breaker"));
    }

    /** Guards what opens risk. */
    public <T> Mono<T> mono(Mono<T> mono) {
        return mono(Intent.OPEN_RISK, mono);
    }

    /** Guards each subscription, to the end. */
    public <T> Mono<T> mono(Intent intent, Mono<T> mono) {
        return GuardedMono.of(mono, new SubscriptionGuard<>(Entrance.to(breaker, intent), Mono::error));
    }

    /** Guards what opens risk. */
    public <T> Flux<T> flux(Flux<T> flux) {
        return flux(Intent.OPEN_RISK, flux);
    }

    /** Guards each subscription, to the first signal. */
    public <T> Flux<T> flux(Intent intent, Flux<T> flux) {
        return GuardedFlux.of(flux, new SubscriptionGuard<>(Entrance.to(breaker, intent), Mono::error));
    }
}

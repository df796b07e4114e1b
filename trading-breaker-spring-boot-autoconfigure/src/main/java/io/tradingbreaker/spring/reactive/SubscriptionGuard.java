package io.tradingbreaker.spring.reactive;

import io.tradingbreaker.Intent;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.aop.GuardedCall;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.CorePublisher;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/**
 * Gets each subscription its permit. Immutable.
 *
 * @param breaker the one that is asked
 * @param intent what a subscription does to the risk on the books
 * @param instead what is subscribed to when it is refused
 */
record SubscriptionGuard<T>(
        TradingBreaker breaker, Intent intent, Function<TradingPausedException, ? extends Publisher<T>> instead) {

    void subscribe(CorePublisher<? extends T> source, CoreSubscriber<? super T> subscriber) {
        Permit outer = GuardedCall.current();
        Permit permit;
        try {
            Context context = subscriber.currentContext();
            permit = breaker.acquire(intent, GuardedContext.current(context), GuardedContext.origin(context));
        } catch (TradingPausedException refusal) {
            instead.apply(refusal).subscribe(subscriber);
            return;
        }
        GuardedCall.enter(permit);
        try {
            source.subscribe(new GuardedSubscriber<>(subscriber, permit, outer));
        } catch (Throwable e) {
            permit.complete(null, e);
            throw e;
        } finally {
            GuardedCall.leave(outer);
        }
    }
}

package io.tradingbreaker.spring.reactive;

import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.aop.Entrance;
import io.tradingbreaker.spring.aop.GuardedCall;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.CorePublisher;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/**
 * Gets each subscription its permit. Immutable.
 *
 * @param entrance lets a subscription in
 * @param instead what is subscribed to when it is refused
 */
record SubscriptionGuard<T>(Entrance entrance, Function<TradingPausedException, ? extends Publisher<T>> instead) {

    void subscribe(CorePublisher<? extends T> source, CoreSubscriber<? super T> subscriber) {
        Permit outer = GuardedCall.current();
        Entrance.Entered entered;
        try {
            Context context = subscriber.currentContext();
            entered = entrance.enter(GuardedContext.current(context), GuardedContext.origin(context));
        } catch (TradingPausedException refusal) {
            instead.apply(refusal).subscribe(subscriber);
            return;
        }
        Permit permit = entered.permit();
        GuardedCall.enter(permit);
        try {
            source.subscribe(new GuardedSubscriber<>(subscriber, entered, outer));
        } catch (Throwable e) {
            permit.complete(null, e);
            entered.ended().run();
            throw e;
        } finally {
            GuardedCall.leave(outer);
        }
    }
}

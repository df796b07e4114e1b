package io.tradingbreaker.spring.reactive;

import io.tradingbreaker.Permit;
import io.tradingbreaker.spring.aop.Entrance;
import io.tradingbreaker.spring.aop.GuardedCall;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One guarded subscription. The first signal ends the permit, before it is passed on: the subscriber's own time is not the
 * call's. A cancellation before it is no outcome.
 *
 * <p>Until then what runs upstream, on the thread that subscribes or requests, is inside the guarded call, and what runs
 * downstream is not.
 */
final class GuardedSubscriber<T> implements CoreSubscriber<T>, Subscription {

    private final CoreSubscriber<? super T> downstream;
    private final Permit permit;
    private final Runnable ended;
    private final @Nullable Permit outer;
    private final Context context;
    private volatile @Nullable Subscription upstream;
    private volatile boolean hasEnded;

    /** @param outer what the subscribing thread was in before */
    GuardedSubscriber(CoreSubscriber<? super T> downstream, Entrance.Entered entered, @Nullable Permit outer) {
        this.downstream = downstream;
        this.permit = entered.permit();
        this.ended = entered.ended();
        this.outer = outer;
        context = GuardedContext.with(permit, downstream.currentContext());
    }

    @Override
    public Context currentContext() {
        return context;
    }

    // ---- from upstream ----

    @Override
    public void onSubscribe(Subscription subscription) {
        if (!Operators.validate(upstream, subscription)) {
            return;
        }
        upstream = subscription;
        if (GuardedCall.current() != permit) { // another thread than the one that subscribes
            downstream.onSubscribe(this);
            return;
        }
        GuardedCall.leave(outer);
        try {
            downstream.onSubscribe(this);
        } finally {
            GuardedCall.enter(permit);
        }
    }

    @Override
    public void onNext(T value) {
        end(value, null);
        downstream.onNext(value);
    }

    @Override
    public void onComplete() {
        end(null, null);
        downstream.onComplete();
    }

    @Override
    public void onError(Throwable error) {
        end(null, Exceptions.unwrap(error));
        downstream.onError(error);
    }

    // ---- from downstream ----

    @Override
    public void request(long n) {
        Subscription subscription = upstream;
        if (subscription == null) {
            return;
        }
        if (hasEnded) {
            subscription.request(n);
            return;
        }
        Permit before = GuardedCall.current();
        GuardedCall.enter(permit);
        try {
            subscription.request(n);
        } catch (Throwable e) { // fatal to Reactor, which then sends no signal
            end(null, e);
            throw e;
        } finally {
            GuardedCall.leave(before);
        }
    }

    @Override
    public void cancel() {
        if (!hasEnded) {
            hasEnded = true;
            permit.ignored();
            ended.run();
        }
        Subscription subscription = upstream;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private void end(@Nullable Object result, @Nullable Throwable error) {
        if (!hasEnded) {
            hasEnded = true;
            permit.complete(result, error);
            ended.run();
        }
    }
}

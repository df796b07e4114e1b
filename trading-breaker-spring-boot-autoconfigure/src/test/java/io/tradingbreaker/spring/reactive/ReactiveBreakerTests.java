package io.tradingbreaker.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.Outcome;
import io.tradingbreaker.TradingPausedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** What a subscription counts as, however it ends. */
class ReactiveBreakerTests {

    private static final Duration PATIENT = Watched.PATIENT;

    private final Watched watched = new Watched();
    private final ReactiveBreaker reactive = watched.reactive;

    @AfterEach
    void close() {
        watched.close();
    }

    @Test
    void neverSubscribed_isNoCall() {
        assertThat(reactive.mono(Mono.just(1))).isNotNull();
        assertThat(Flux.just(1).transform(reactive::flux)).isNotNull();
        assertThat(watched.breaker.counters().total()).isZero();
    }

    @Test
    void subscribedTwice_isTwoCalls() {
        Mono<Integer> mono = Mono.just(1).transform(reactive::mono).single();
        assertThat(mono.block(PATIENT)).isOne();
        assertThat(mono.block(PATIENT)).isOne();
        watched.assertEnded(2, 0, 0);
    }

    @Test
    void mono_timedToItsEnd() {
        Sinks.One<Integer> answer = Sinks.one();
        Disposable call = reactive.mono(answer.asMono()).subscribe();
        assertThat(watched.breaker.counters().inFlight()).isOne();
        watched.time.advance(Duration.ofMillis(250));
        answer.tryEmitValue(1).orThrow();
        assertThat(call.isDisposed()).isTrue();
        watched.assertEnded(1, 0, 0);
        assertThat(watched.breaker.counters().slow()).isOne();
    }

    @Test
    void subscribersOwnTime_isNotTheCalls() {
        reactive.mono(Mono.just(1))
                .doOnNext(value -> watched.time.advance(Duration.ofMillis(250)))
                .block(PATIENT);
        assertThat(watched.breaker.counters().slow()).isZero();
    }

    @Test
    void flux_timedToItsFirstElement() {
        Sinks.Many<Integer> prices = Sinks.many().unicast().onBackpressureBuffer();
        List<Integer> seen = new java.util.ArrayList<>();
        Disposable stream = reactive.flux(prices.asFlux()).subscribe(seen::add, error -> {});
        assertThat(watched.breaker.counters().inFlight()).isOne();
        prices.tryEmitNext(1).orThrow();
        watched.assertEnded(1, 0, 0);
        watched.time.advance(Duration.ofSeconds(10));
        prices.tryEmitNext(2).orThrow();
        prices.tryEmitError(new IOException("later")).orThrow();
        assertThat(seen).containsExactly(1, 2);
        assertThat(stream.isDisposed()).isTrue();
        watched.assertEnded(1, 0, 0);
        assertThat(watched.breaker.counters().slow()).isZero();
    }

    @Test
    void requestAfterRequest_reachesTheSource() {
        assertThat(reactive.flux(Flux.range(0, 1000)).limitRate(10).count().block(PATIENT))
                .isEqualTo(1000);
        watched.assertEnded(1, 0, 0);
    }

    @Test
    void empty_isSuccess() {
        assertThat(reactive.mono(Mono.empty()).blockOptional(PATIENT)).isEmpty();
        assertThat(reactive.flux(Flux.empty()).blockFirst(PATIENT)).isNull();
        watched.assertEnded(2, 0, 0);
    }

    @Test
    void error_isFailureAndPassesOn() {
        assertThatThrownBy(() ->
                        reactive.mono(Mono.error(new IOException("broken"))).block(PATIENT))
                .hasRootCauseInstanceOf(IOException.class);
        assertThatThrownBy(() ->
                        reactive.flux(Flux.error(new IOException("broken"))).blockLast(PATIENT))
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(reactive.mono(Mono.<Integer>fromCallable(() -> {
                            throw new IOException("broken");
                        }))
                        .onErrorResume(IOException.class, e -> Mono.just(7))
                        .block(PATIENT))
                .isEqualTo(7);
        watched.assertEnded(0, 3, 0);
    }

    @Test
    void errorThatReactorDoesNotSignal_isFailure() {
        assertThatThrownBy(() -> reactive.mono(Mono.fromCallable(() -> {
                            throw new NoClassDefFoundError("fatal to Reactor");
                        }))
                        .subscribe())
                .isInstanceOf(NoClassDefFoundError.class);
        assertThatThrownBy(() -> reactive.mono(Mono.from(subscriber -> {
                            throw new NoClassDefFoundError("fatal to Reactor");
                        }))
                        .subscribe())
                .isInstanceOf(NoClassDefFoundError.class);
        watched.assertEnded(0, 2, 0);
    }

    @Test
    void errorThatReactorDoesNotSignalOnALaterRequest_isFailure() {
        BaseSubscriber<Object> late = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}
        };
        reactive.mono(Mono.fromCallable(() -> {
                    throw new NoClassDefFoundError("fatal to Reactor");
                }))
                .subscribe(late);
        assertThat(watched.breaker.counters().inFlight()).isOne();
        assertThatThrownBy(late::requestUnbounded).isInstanceOf(NoClassDefFoundError.class);
        watched.assertEnded(0, 1, 0);
    }

    @Test
    void subscriberThatThrows_isNoFailureOfTheCall() {
        assertThatThrownBy(() -> reactive.mono(Mono.just(1))
                        .map(value -> {
                            throw new IllegalStateException("mine");
                        })
                        .block(PATIENT))
                .hasMessage("mine");
        watched.assertEnded(1, 0, 0);
    }

    @Test
    void classifier_seesTheFirstElement() {
        try (Watched judged =
                new Watched((breaker, result, error) -> Integer.valueOf(-1).equals(result) ? Outcome.FAILURE : null)) {
            judged.reactive.mono(Mono.just(-1)).block(PATIENT);
            judged.reactive.flux(Flux.just(-1, 1)).blockLast(PATIENT);
            judged.reactive.flux(Flux.just(1, -1)).blockLast(PATIENT);
            judged.assertEnded(1, 2, 0);
        }
    }

    @Test
    void classifierThatThrows_stillEndsTheCall() {
        try (Watched judged = new Watched((breaker, result, error) -> {
            throw new IllegalStateException("mine");
        })) {
            assertThat(judged.reactive.mono(Mono.just(1)).block(PATIENT)).isOne();
            judged.assertEnded(1, 0, 0);
        }
    }

    @Test
    void cancelled_isIgnoredButSlowIfSlow() {
        reactive.mono(Mono.never()).subscribe().dispose();
        watched.assertEnded(0, 0, 1);
        assertThat(watched.breaker.counters().slow()).isZero();
        Disposable slow = reactive.flux(Flux.never()).subscribe();
        watched.time.advance(Duration.ofMillis(250));
        slow.dispose();
        watched.assertEnded(0, 0, 2);
        assertThat(watched.breaker.counters().slow()).isOne();
    }

    @Test
    void cancelledInStream_wasASuccess() {
        assertThat(reactive.flux(Flux.interval(Duration.ofMillis(1))).take(2).blockLast(PATIENT))
                .isOne();
        watched.assertEnded(1, 0, 0);
    }

    @Test
    void timeoutOperatorOutside_isIgnored() {
        assertThatThrownBy(() -> reactive.mono(Mono.never())
                        .timeout(Duration.ofMillis(5))
                        .block(PATIENT))
                .hasCauseInstanceOf(TimeoutException.class);
        watched.assertEnded(0, 0, 1);
    }

    @Test
    void timeoutOperatorInside_isFailure() {
        assertThatThrownBy(() -> reactive.mono(Mono.never().timeout(Duration.ofMillis(5)))
                        .block(PATIENT))
                .hasCauseInstanceOf(TimeoutException.class);
        watched.assertEnded(0, 1, 0);
    }

    @Test
    void retryOutside_eachAttemptIsACall() {
        AtomicInteger attempts = new AtomicInteger();
        Mono<Integer> flaky = Mono.fromCallable(() -> {
            if (attempts.incrementAndGet() < 3) {
                throw new IOException("broken");
            }
            return attempts.get();
        });
        assertThat(reactive.mono(flaky).retry(5).block(PATIENT)).isEqualTo(3);
        watched.assertEnded(1, 2, 0);
    }

    @Test
    void refused_isAnErrorAndTheSourceIsNotReached() {
        watched.breaker.trip("test", null);
        AtomicInteger reached = new AtomicInteger();
        Mono<Integer> source = Mono.fromCallable(reached::incrementAndGet);
        Mono<Integer> mono = reactive.mono(source);
        assertThatThrownBy(() -> mono.block(PATIENT)).isInstanceOf(TradingPausedException.class);
        assertThatThrownBy(() -> reactive.flux(source.flux()).blockLast(PATIENT))
                .isInstanceOf(TradingPausedException.class);
        assertThat(mono.onErrorResume(TradingPausedException.class, refusal -> Mono.just(-1))
                        .block(PATIENT))
                .isEqualTo(-1);
        assertThat(reached).hasValue(0);
        assertThat(watched.breaker.counters().rejected()).isEqualTo(3);
        assertThat(reactive.mono(Intent.CANCEL, source).block(PATIENT)).isOne();
        assertThat(reactive.flux(Intent.CANCEL, source.flux()).blockLast(PATIENT))
                .isEqualTo(2);
    }

    @Test
    void subscribedBeforeThePauseAndAgain_secondIsRefused() {
        Mono<Integer> mono = reactive.mono(Mono.just(1));
        assertThat(mono.block(PATIENT)).isOne();
        watched.breaker.halt("test", null);
        assertThatThrownBy(() -> mono.block(PATIENT)).isInstanceOf(TradingPausedException.class);
    }

    @Test
    void hungSubscriptions_trip() {
        Disposable hung = reactive.mono(Mono.never()).subscribe();
        watched.time.advance(Duration.ofMillis(1_020));
        assertThat(watched.breaker.state()).isEqualTo(BreakerState.OPEN);
        hung.dispose();
    }

    @Test
    void inGuardedOneOnOtherThreads_joins() {
        Mono<Integer> inner = reactive.mono(Mono.just(1)).subscribeOn(Schedulers.parallel());
        Mono<Integer> outer = reactive.mono(Flux.range(0, 10)
                .publishOn(Schedulers.boundedElastic())
                .flatMap(i -> inner)
                .reduce(0, Integer::sum));
        assertThat(outer.block(PATIENT)).isEqualTo(10);
        watched.assertEnded(1, 0, 0);
    }

    @Test
    void whilePausedInside_innerJoinsUnlessHalted() {
        Mono<Integer> inner = reactive.mono(Mono.just(1));
        Mono<Integer> outer = reactive.mono(Mono.<Integer>empty()
                .doOnTerminate(() -> watched.breaker.trip("test", null))
                .switchIfEmpty(inner));
        assertThat(outer.block(PATIENT)).isOne();
        watched.breaker.reset("test", null);
        Mono<Integer> halted = reactive.mono(Mono.<Integer>empty()
                .doOnTerminate(() -> watched.breaker.halt("test", null))
                .switchIfEmpty(inner));
        assertThatThrownBy(() -> halted.block(PATIENT)).isInstanceOf(TradingPausedException.class);
    }

    @Test
    void afterGuardedOne_nothingIsJoined() {
        Mono<Integer> next = reactive.mono(Mono.just(2));
        assertThat(reactive.mono(Mono.just(1)).flatMap(i -> next).block(PATIENT))
                .isEqualTo(2);
        assertThat(reactive.flux(Flux.just(1)).flatMap(i -> next).blockLast(PATIENT))
                .isEqualTo(2);
        watched.assertEnded(4, 0, 0);
    }

    @Test
    void subscriberThatAsksAtOnce_isOutside() {
        CountDownLatch done = new CountDownLatch(1);
        Disposable call = reactive.mono(Mono.never())
                .doOnSubscribe(subscription -> {
                    reactive.mono(Mono.just(1)).subscribe();
                    done.countDown();
                })
                .subscribe();
        assertThat(done.getCount()).isZero();
        assertThat(watched.breaker.counters().total()).isEqualTo(2);
        call.dispose();
    }

    @Test
    void sourceThatSubscribesLate_isTimedFromTheSubscription() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        reactive.mono(Mono.just(1)
                        .delaySubscription(Mono.fromRunnable(() -> watched.time.advance(Duration.ofMillis(250)))
                                .subscribeOn(Schedulers.parallel())))
                .doFinally(signal -> ended.countDown())
                .subscribe();
        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(watched.breaker.counters().slow()).isOne();
    }
}

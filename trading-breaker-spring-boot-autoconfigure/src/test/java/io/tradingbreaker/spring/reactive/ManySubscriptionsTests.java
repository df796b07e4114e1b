package io.tradingbreaker.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerCounters;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingPausedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** Subscriptions of every kind at once, on real threads, in rounds that begin closed or half open. */
class ManySubscriptionsTests {

    private static final int ROUNDS = 500;
    private static final int A_ROUND = 200;
    private static final int TRIALS = 3;
    private static final Duration SOON = Duration.ofMillis(1);

    private final LongAdder reached = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final AtomicInteger trials = new AtomicInteger();
    private final AtomicInteger mostTrials = new AtomicInteger();

    @Test
    void randomSubscriptions_accountsBalanceAndTrialsAreBounded() {
        Random random = new Random(20_261_122);
        try (Watched watched = new Watched()) {
            int roundsThatLeftHalfOpen = 0;
            for (int round = 0; round < ROUNDS; round++) {
                boolean isHalfOpen = round % 2 == 0;
                if (isHalfOpen) {
                    watched.halfOpen();
                } else {
                    watched.breaker.reset("test", null);
                }
                trials.set(0);
                int kinds = 1 + random.nextInt(12);
                Flux.range(0, A_ROUND)
                        .map(i -> any(watched, random.nextInt(kinds), random.nextInt(5), isHalfOpen))
                        .flatMap(
                                call -> Flux.from(call)
                                        .onErrorResume(e -> Mono.empty())
                                        .subscribeOn(Schedulers.parallel()),
                                64)
                        .contextWrite(ManySubscriptionsTests::dropQuietly)
                        .blockLast(Watched.PATIENT);
                Awaitility.await()
                        .pollInSameThread()
                        .pollDelay(Duration.ZERO)
                        .until(() -> watched.breaker.counters().inFlight() == 0);
                roundsThatLeftHalfOpen += isHalfOpen && watched.breaker.state() != BreakerState.HALF_OPEN ? 1 : 0;
            }
            BreakerCounters counters = watched.breaker.counters();
            assertThat(counters.permitted()).isEqualTo(reached.sum());
            assertThat(counters.rejected()).isEqualTo(refused.sum());
            assertThat(counters.total()).isGreaterThanOrEqualTo(ROUNDS * A_ROUND);
            assertThat(counters.total()).isEqualTo(counters.permitted() + counters.rejected());
            assertThat(counters.permitted()).isEqualTo(counters.successful() + counters.failed() + counters.ignored());
            assertThat(counters.abandoned()).isZero();
            assertThat(counters.successful()).isPositive();
            assertThat(counters.failed()).isPositive();
            assertThat(counters.ignored()).isPositive();
            assertThat(mostTrials).hasValue(TRIALS);
            assertThat(roundsThatLeftHalfOpen).isGreaterThan(ROUNDS / 10);
        }
    }

    /** Of two that raced the second's error is dropped, which Reactor would log. */
    private static Context dropQuietly(Context context) {
        Consumer<Throwable> ignoring = error -> {};
        return context.put("reactor.onErrorDropped.local", ignoring);
    }

    private Publisher<?> any(Watched watched, int kind, int millis, boolean isHalfOpen) {
        ReactiveBreaker reactive = watched.reactive;
        Duration later = Duration.ofMillis(millis);
        return switch (kind) {
            case 0 -> mono(watched, Mono.never(), isHalfOpen).timeout(later);
            case 1 -> mono(watched, Mono.just(1), isHalfOpen);
            case 2 -> mono(watched, Mono.delay(later), isHalfOpen).timeout(SOON);
            case 3 -> mono(watched, Mono.error(new IOException("broken")), isHalfOpen);
            case 4 ->
                mono(watched, Mono.delay(later).then(Mono.error(new IOException("broken"))), isHalfOpen)
                        .retry(1);
            case 5 -> flux(watched, Flux.interval(SOON), isHalfOpen).take(2);
            case 6 -> flux(watched, Flux.empty(), isHalfOpen);
            case 7 -> flux(watched, Flux.interval(SOON), isHalfOpen).takeUntilOther(Mono.delay(SOON));
            case 8 ->
                flux(watched, Flux.range(0, 100).publishOn(Schedulers.parallel(), 8), isHalfOpen)
                        .map(i -> 100 / (i - 50));
            case 9 ->
                mono(
                        watched,
                        Mono.delay(later)
                                .flatMap(i -> reactive.mono(Mono.just(i)).subscribeOn(Schedulers.parallel())),
                        isHalfOpen);
            case 10 ->
                Flux.firstWithSignal(
                        mono(watched, Mono.delay(later), isHalfOpen), mono(watched, Mono.delay(SOON), isHalfOpen));
            default ->
                mono(watched, Mono.delay(later), isHalfOpen)
                        .onErrorResume(e -> Mono.empty())
                        .repeat(1);
        };
    }

    private <T> Mono<T> mono(Watched watched, Mono<T> source, boolean isHalfOpen) {
        return watched.reactive
                .mono(Mono.defer(() -> {
                    reached(watched, isHalfOpen);
                    return source;
                }))
                .doOnError(TradingPausedException.class, refusal -> refused.increment())
                .doOnCancel(trials::decrementAndGet);
    }

    private <T> Flux<T> flux(Watched watched, Flux<T> source, boolean isHalfOpen) {
        return watched.reactive
                .flux(Flux.defer(() -> {
                    reached(watched, isHalfOpen);
                    return source;
                }))
                .doOnError(TradingPausedException.class, refusal -> refused.increment())
                .doOnCancel(trials::decrementAndGet);
    }

    /** A cancellation is seen before the trial's slot is returned, so there are never fewer slots taken than seen. */
    private void reached(Watched watched, boolean isHalfOpen) {
        reached.increment();
        int now = trials.incrementAndGet();
        // It began half open, and no time passes that could bring that back: these all were its trials.
        if (isHalfOpen && watched.breaker.state() == BreakerState.HALF_OPEN) {
            mostTrials.accumulateAndGet(now, Math::max);
        }
    }
}

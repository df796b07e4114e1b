package io.tradingbreaker.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerCounters;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.Disposable;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Guarded methods that return publishers. */
class GuardedPublisherTests {

    private static final Duration PATIENT = Watched.PATIENT;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AopAutoConfiguration.class,
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class))
            .withUserConfiguration(VirtualTime.class);

    @Test
    void method_runsOncePerCall_andEachSubscriptionIsACall() {
        run((desk, breaker, time) -> {
            AtomicInteger made = new AtomicInteger();
            Mono<Integer> quote = desk.mono(() -> Mono.just(made.incrementAndGet()));
            assertThat(made).hasValue(1);
            assertThat(breaker.counters().total()).as("not subscribed").isZero();
            assertThat(quote.block(PATIENT)).isOne();
            assertThat(quote.block(PATIENT)).isOne();
            assertThat(made).hasValue(1);
            assertSuccessful(breaker, 2);
        });
    }

    @Test
    void mono_timedToItsEnd_fluxToItsFirstElement() {
        run((desk, breaker, time) -> {
            desk.mono(() -> Mono.fromCallable(() -> {
                        time.advance(Duration.ofMillis(250));
                        return 1;
                    }))
                    .block(PATIENT);
            assertThat(breaker.counters().slow()).isOne();
            desk.flux(() -> Flux.just(1, 2).concatWith(Mono.fromRunnable(() -> time.advance(Duration.ofMillis(250)))))
                    .blockLast(PATIENT);
            assertThat(breaker.counters().slow()).isOne();
            assertSuccessful(breaker, 2);
        });
    }

    @Test
    void methodThatThrows_takesNoPermit() {
        run((desk, breaker, time) -> {
            assertThatThrownBy(() -> desk.mono(() -> {
                        throw new IllegalStateException("no publisher");
                    }))
                    .hasMessage("no publisher");
            assertThat(desk.nothing()).isNull();
            assertThat(breaker.counters().total()).isZero();
        });
    }

    @Test
    void whileMade_aHaltDoesNotThrow() {
        run((desk, breaker, time) -> {
            breaker.halt("test", null);
            Mono<Integer> quote = desk.mono(() -> Mono.just(1));
            assertThatExceptionOfType(TradingPausedException.class).isThrownBy(() -> quote.block(PATIENT));
            breaker.reset("test", null);
            assertThat(quote.block(PATIENT)).isOne();
            assertThat(breaker.counters().rejected()).isOne();
        });
    }

    /** A method that begins its work at once would bypass the kill switch. */
    @Test
    void whilePaused_methodDoesNotRunUntilASubscriptionIsAdmitted() {
        run((desk, breaker, time) -> {
            AtomicInteger made = new AtomicInteger();
            breaker.halt("test", null);
            Mono<Integer> quote = desk.mono(() -> Mono.just(made.incrementAndGet()));
            Flux<Integer> quotes = desk.flux(() -> Flux.just(made.incrementAndGet()));
            assertThatExceptionOfType(TradingPausedException.class).isThrownBy(() -> quote.block(PATIENT));
            assertThatExceptionOfType(TradingPausedException.class).isThrownBy(() -> quotes.blockFirst(PATIENT));
            assertThat(made).hasValue(0);
            breaker.reset("test", null);
            assertThat(quote.block(PATIENT)).isOne();
            assertThat(quotes.blockFirst(PATIENT)).isEqualTo(2);
            assertThat(quote.block(PATIENT)).isEqualTo(3);
            assertSuccessful(breaker, 3);
        });
    }

    /** A method that begins its work at once would be one trial too many. */
    @Test
    void whileHalfOpen_methodDoesNotRunUntilASubscriptionIsAdmitted() {
        run((desk, breaker, time) -> {
            AtomicInteger made = new AtomicInteger();
            breaker.trip("test", null);
            time.advance(Duration.ofSeconds(31));
            assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
            for (int i = 0; i < breaker.config().halfOpenRequests(); i++) {
                breaker.acquire(Intent.OPEN_RISK, null);
            }
            Mono<Integer> order = desk.mono(() -> Mono.just(made.incrementAndGet()));
            assertThatExceptionOfType(TradingPausedException.class).isThrownBy(() -> order.block(PATIENT));
            assertThat(made).hasValue(0);
        });
    }

    @Test
    void otherPublishers_areFlux() {
        run((desk, breaker, time) -> {
            assertThat(Flux.from(desk.publisher(subscriber -> Flux.just(1, 2).subscribe(subscriber)))
                            .collectList()
                            .block(PATIENT))
                    .containsExactly(1, 2);
            assertThat(desk.publisher(Mono.just(1))).isInstanceOf(Mono.class);
            assertSuccessful(breaker, 1);
        });
    }

    @Test
    void publisherFromObjectMethod_eachSubscriptionIsACall() {
        run((desk, breaker, time) -> {
            Object returned = desk.object(Mono.just(1));
            assertThat(breaker.counters().inFlight()).isZero();
            assertThat(breaker.counters().ignored()).as("the call itself").isOne();
            assertThat(((Mono<?>) returned).block(PATIENT)).isEqualTo(1);
            assertSuccessful(breaker, 1);
            assertThat(desk.object("plain")).isEqualTo("plain");
            assertSuccessful(breaker, 2);
        });
    }

    @Test
    void refused_fallbackSuppliesThePublisherOfEachSubscription() {
        run((desk, breaker, time) -> {
            Mono<String> buy = desk.buy("SOL", Mono.just("bought"));
            Flux<String> prices = desk.prices(Flux.just("live"));
            assertThat(buy.block(PATIENT)).isEqualTo("bought");
            breaker.trip("test", null);
            assertThat(buy.block(PATIENT)).isEqualTo("later SOL OPEN 1");
            assertThat(buy.block(PATIENT)).isEqualTo("later SOL OPEN 2");
            assertThat(prices.collectList().block(PATIENT)).containsExactly("old", "older");
            assertThat(breaker.counters().rejected()).isEqualTo(3);
            breaker.reset("test", null);
            assertThat(buy.block(PATIENT)).isEqualTo("bought");
        });
    }

    @Test
    void fallbackThatFails_isTheErrorSignal() {
        run((desk, breaker, time) -> {
            breaker.trip("test", null);
            assertThatThrownBy(() -> desk.broken().block(PATIENT)).hasCauseInstanceOf(IOException.class);
            assertThatThrownBy(() -> desk.nullFallback().block(PATIENT)).isInstanceOf(NullPointerException.class);
        });
    }

    @Test
    void refusalFromInside_doesNotRunTheFallback() {
        run((desk, breaker, time) -> {
            Mono<String> buy = desk.buy("SOL", Mono.defer(() -> {
                breaker.halt("test", null);
                return desk.mono(() -> Mono.just(1)).map(String::valueOf);
            }));
            assertThatThrownBy(() -> buy.block(PATIENT)).isInstanceOf(TradingPausedException.class);
            assertThat(breaker.counters().ignored()).isOne();
        });
    }

    @Test
    void cancelsPassWhilePaused() {
        run((desk, breaker, time) -> {
            breaker.halt("test", null);
            assertThat(desk.cancel().block(PATIENT)).isEqualTo("cancelled");
        });
    }

    @Test
    void guardedMethodsInSource_joinOnTheSubscribingThread() {
        run((desk, breaker, time) -> {
            assertThat(desk.mono(() -> Mono.fromCallable(desk::read)).block(PATIENT))
                    .isOne();
            assertThat(desk.mono(() -> Mono.defer(() -> Mono.just(desk.read()))).block(PATIENT))
                    .isOne();
            assertSuccessful(breaker, 2);
            desk.read();
            assertSuccessful(breaker, 3);
            assertThat(breaker.counters().total()).isEqualTo(3);
        });
    }

    @Test
    void subscribedInGuardedMethod_joinsIt() {
        run((desk, breaker, time) -> {
            assertThat(desk.call(() -> desk.mono(() -> Mono.just(1)).block(PATIENT)))
                    .isEqualTo(1);
            assertThat(breaker.counters().total()).isOne();
        });
    }

    @Test
    void subscribedInAnotherOnAnotherThread_joinsIt() {
        run((desk, breaker, time) -> {
            Mono<Integer> inner = desk.mono(() -> Mono.just(1));
            assertThat(desk.mono(() -> Mono.just(1)
                                    .publishOn(Schedulers.parallel())
                                    .flatMap(i -> inner.subscribeOn(Schedulers.boundedElastic())))
                            .block(PATIENT))
                    .isOne();
            assertThat(breaker.counters().total()).isOne();
            assertSuccessful(breaker, 1);
        });
    }

    @Test
    void cancelled_isIgnored() {
        run((desk, breaker, time) -> {
            Disposable call = desk.mono(Mono::never).subscribe();
            assertThat(breaker.counters().inFlight()).isOne();
            call.dispose();
            assertThat(breaker.counters().inFlight()).isZero();
            assertThat(breaker.counters().ignored()).isOne();
        });
    }

    @Test
    void typeThatCannotBeReplaced_stopsTheStart() {
        runner.withBean(OnConnectable.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("ConnectableFlux, which cannot be replaced by a guarded publisher"));
    }

    @Test
    void withoutReactor_guardsTheCallItself() {
        runner.withClassLoader(new FilteredClassLoader("reactor", "org.reactivestreams"))
                .withBean(Plain.class)
                .run(context -> {
                    Mono<Integer> unknown = Mono.just(1);
                    assertThat(context.getBean(Plain.class).object(unknown)).isSameAs(unknown);
                    assertSuccessful(context.getBean(BreakerRegistry.class).breaker("trading"), 1);
                });
    }

    private static void assertSuccessful(TradingBreaker breaker, long calls) {
        BreakerCounters counters = breaker.counters();
        assertThat(counters.successful()).isEqualTo(calls);
        assertThat(counters.inFlight()).isZero();
    }

    private void run(Work work) {
        runner.withBean(Desk.class)
                .run(context -> work.run(
                        context.getBean(Desk.class),
                        context.getBean(BreakerRegistry.class).breaker("trading"),
                        context.getBean(ManualScheduler.class)));
    }

    @FunctionalInterface
    interface Work {
        void run(Desk desk, TradingBreaker breaker, ManualScheduler time) throws Exception;
    }

    static class Desk {

        private final AtomicInteger fallbacks = new AtomicInteger();

        @LatencyGuarded
        public Mono<Integer> mono(Supplier<Mono<Integer>> source) {
            return source.get();
        }

        @LatencyGuarded
        public Flux<Integer> flux(Supplier<Flux<Integer>> source) {
            return source.get();
        }

        @LatencyGuarded
        public Publisher<Integer> publisher(Publisher<Integer> source) {
            return source;
        }

        @LatencyGuarded
        public Object object(Object returned) {
            return returned;
        }

        @LatencyGuarded
        public @Nullable Mono<Integer> nothing() {
            return null;
        }

        @LatencyGuarded
        public Integer read() {
            return 1;
        }

        @LatencyGuarded
        public Object call(Callable<?> inner) throws Exception {
            return inner.call();
        }

        @LatencyGuarded(intent = Intent.CANCEL)
        public Mono<String> cancel() {
            return Mono.just("cancelled");
        }

        @LatencyGuarded(fallback = "later")
        public Mono<String> buy(String what, Mono<String> source) {
            return source;
        }

        @LatencyGuarded(fallback = "old")
        public Flux<String> prices(Flux<String> source) {
            return source;
        }

        @LatencyGuarded(fallback = "throwing")
        public Mono<String> broken() {
            return Mono.just("not reached");
        }

        @LatencyGuarded(fallback = "none")
        public Mono<String> nullFallback() {
            return Mono.just("not reached");
        }

        @SuppressWarnings({"unused", "UnusedMethod"})
        private Mono<String> later(String what, Mono<String> source, TradingPausedException refusal) {
            return Mono.just("later " + what + " " + refusal.state() + " " + fallbacks.incrementAndGet());
        }

        @SuppressWarnings({"unused", "UnusedMethod"})
        private Flux<String> old(Flux<String> source) {
            return Flux.just("old", "older");
        }

        @SuppressWarnings({"unused", "UnusedMethod"})
        private Mono<String> throwing() throws IOException {
            throw new IOException("the fallback's own");
        }

        @SuppressWarnings({"unused", "UnusedMethod"})
        private @Nullable Mono<String> none() {
            return null;
        }
    }

    /** Public, as its subclass is made by another class loader. */
    public static class Plain {
        @LatencyGuarded
        public Object object(Object returned) {
            return returned;
        }
    }

    static class OnConnectable {
        @LatencyGuarded
        public ConnectableFlux<Integer> prices() {
            return Flux.just(1).publish();
        }
    }
}

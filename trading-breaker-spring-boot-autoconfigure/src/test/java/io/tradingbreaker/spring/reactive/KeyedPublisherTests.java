package io.tradingbreaker.spring.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Guarded methods with a key that return publishers: the key is the call's, the breaker each subscription's. */
class KeyedPublisherTests {

    private static final Duration PATIENT = Watched.PATIENT;
    private static final Duration IDLE = Duration.ofMinutes(30);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AopAutoConfiguration.class,
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class))
            .withUserConfiguration(VirtualTime.class, Desk.class)
            .withPropertyValues("trading-breaker.breakers.node.max-keys=2");

    @Test
    void eachSubscription_isACallOfTheKey() {
        run((desk, breakers, time) -> {
            Mono<Integer> quote = desk.mono(new StringBuilder("fra1"), () -> Mono.just(1));
            assertThat(quote.block(PATIENT)).isOne();
            assertThat(quote.block(PATIENT)).isOne();
            assertThat(desk.flux("ams2").blockLast(PATIENT)).isEqualTo(2);

            assertThat(breakers.find("node:fra1").counters().successful()).isEqualTo(2);
            assertThat(breakers.find("node:ams2").counters().successful()).isOne();
            assertThat(breakers.find("node").counters().total()).isZero();
        });
    }

    @Test
    void key_isTakenWhenTheMethodIsCalled() {
        run((desk, breakers, time) -> {
            StringBuilder host = new StringBuilder("fra1");
            Mono<Integer> quote = desk.mono(host, () -> Mono.just(1));
            host.replace(0, 4, "ams2");
            quote.block(PATIENT);
            assertThat(breakers.find("node:fra1").counters().successful()).isOne();
            assertThat(breakers.find("node:ams2")).isNull();
        });
    }

    @Test
    void breakerEvictedBeforeTheSubscription_isMadeAnewAndObeysAHalt() {
        run((desk, breakers, time) -> {
            Mono<Integer> quote = desk.mono(new StringBuilder("fra1"), () -> Mono.just(1));
            quote.block(PATIENT);
            TradingBreaker first = breakers.find("node:fra1");
            time.advance(IDLE);
            assertThat(breakers.find("node:fra1")).isNull();

            quote.block(PATIENT);
            TradingBreaker second = breakers.find("node:fra1");
            assertThat(second).isNotNull().isNotSameAs(first);
            assertThat(second.counters().successful()).isOne();

            second.halt("stop", null);
            assertThatThrownBy(() -> quote.block(PATIENT)).isInstanceOf(TradingPausedException.class);
        });
    }

    @Test
    void pausedKey_runsNoMethodBeforeItsSubscriptionIsLetIn() {
        run((desk, breakers, time) -> {
            desk.mono(new StringBuilder("fra1"), () -> Mono.just(1)).block(PATIENT);
            breakers.find("node:fra1").trip("test", null);

            Mono<Integer> refused = desk.mono(new StringBuilder("fra1"), () -> {
                throw new AssertionError("must not run");
            });
            assertThatThrownBy(() -> refused.block(PATIENT)).isInstanceOf(TradingPausedException.class);
            assertThat(desk.flux("ams2").blockLast(PATIENT)).isEqualTo(2);
        });
    }

    @Test
    void keyWithoutRoom_refusing_runsNoMethodEither_butWhatPassesDoes() {
        runner.withPropertyValues("trading-breaker.breakers.node.when-keys-full=refuse")
                .run(context -> {
                    Desk desk = context.getBean(Desk.class);
                    for (String host : List.of("a", "b")) {
                        desk.flux(host).blockLast(PATIENT);
                    }
                    Mono<Integer> refused = desk.mono(new StringBuilder("c"), () -> {
                        throw new AssertionError("must not run");
                    });
                    assertThatExceptionOfType(TradingPausedException.class)
                            .isThrownBy(() -> refused.block(PATIENT))
                            .satisfies(refusal -> assertThat(refusal.state()).isEqualTo(BreakerState.CLOSED))
                            .withMessageContaining("max-keys (2)");
                    assertThat(desk.cancel("c").block(PATIENT)).isEqualTo("c");
                });
    }

    private void run(Work work) {
        runner.run(context -> work.run(
                context.getBean(Desk.class),
                context.getBean(BreakerRegistry.class),
                context.getBean(ManualScheduler.class)));
    }

    @FunctionalInterface
    interface Work {
        void run(Desk desk, BreakerRegistry breakers, ManualScheduler time);
    }

    static class Desk {

        @LatencyGuarded(value = "node", key = "#host.toString()")
        public Mono<Integer> mono(StringBuilder host, Supplier<Mono<Integer>> quote) {
            return quote.get();
        }

        @LatencyGuarded(value = "node", key = "#host")
        public Flux<Integer> flux(String host) {
            return Flux.just(1, 2);
        }

        @LatencyGuarded(value = "node", key = "#host", intent = Intent.CANCEL)
        public Mono<String> cancel(String host) {
            return Mono.just(host);
        }
    }
}

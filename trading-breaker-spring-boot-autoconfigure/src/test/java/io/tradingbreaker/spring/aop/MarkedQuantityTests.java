package io.tradingbreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import java.math.BigDecimal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

@ExtendWith(OutputCaptureExtension.class)
class MarkedQuantityTests {

    private final ApplicationContextRunner unchecked = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AopAutoConfiguration.class,
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class))
            .withUserConfiguration(VirtualTime.class)
            .withBean(Seller.class);

    private void run(BiConsumer<Seller, TradingBreaker> test) {
        unchecked
                .withUserConfiguration(TenOfEach.class)
                .run(context -> test.accept(
                        context.getBean(Seller.class),
                        context.getBean(BreakerRegistry.class).breaker("trading")));
    }

    @Test
    void whilePaused_onlyWhatIsCoveredRuns() {
        run((seller, trading) -> {
            seller.sell("SOL", new BigDecimal("11"));
            trading.halt("drill", null);

            seller.sell("SOL", new BigDecimal("10"));
            assertThatExceptionOfType(TradingPausedException.class)
                    .isThrownBy(() -> seller.sell("SOL", new BigDecimal("10.1")))
                    .withMessage(
                            "Trading is paused: breaker 'trading' is HALTED (drill); not taken for a reduction: 10.1"
                                    + " is more than the position of 10 in SOL");
            assertThat(seller.sold()).hasValue(2);
            seller.unmarked();
        });
    }

    @Test
    void marksOnAnInterface_count() {
        run((seller, trading) -> {
            trading.halt("drill", null);
            Sells sells = seller;
            sells.sellAll("SOL", 10);
            assertThatThrownBy(() -> sells.sellAll("SOL", 11)).isInstanceOf(TradingPausedException.class);
        });
    }

    @Test
    void stage_isInFlightUntilItEnds() {
        run((seller, trading) -> {
            trading.halt("drill", null);
            CompletableFuture<String> first = seller.sellLater("SOL", 6);
            assertThat(first).isNotDone();

            assertThat(seller.sellLater("SOL", 5)).isCompletedExceptionally();
            first.completeExceptionally(new IllegalStateException("not sold"));
            assertThat(seller.sellLater("SOL", 5)).isNotDone();
        });
    }

    @Test
    void throwing_endsTheReservation() {
        run((seller, trading) -> {
            trading.halt("drill", null);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> seller.fail("SOL", 10)).hasMessage("not sold");
            }
        });
    }

    @Test
    void mono_isInFlightFromSubscriptionToItsEnd() {
        run((seller, trading) -> {
            trading.halt("drill", null);
            Mono<String> six = seller.sellReactively("SOL", 6);
            Mono<String> five = seller.sellReactively("SOL", 5);
            assertThat(seller.sold())
                    .as("not run before a subscription is let in")
                    .hasValue(0);
            Disposable first = six.subscribe();

            assertThatThrownBy(five::block)
                    .isInstanceOf(TradingPausedException.class)
                    .hasMessageContaining("5 with 6 in flight");
            assertThat(seller.sold()).hasValue(1);
            first.dispose();
            five.subscribe();
            assertThat(seller.sold()).hasValue(2);
            seller.sink().tryEmitValue("sold");
            assertThat(seller.sellReactively("SOL", 10).block()).isEqualTo("sold");
        });
    }

    @Test
    void nestedInARiskierCall_joins() {
        run((seller, trading) -> {
            AtomicInteger inside = new AtomicInteger();
            seller.buy(() -> {
                trading.trip("in between", null);
                seller.sell("SOL", new BigDecimal("1000"));
                inside.incrementAndGet();
            });
            assertThat(inside).hasValue(1);
        });
    }

    @Test
    void withoutView_warnsAndChecksNothing(CapturedOutput output) {
        unchecked.run(context -> {
            assertThat(output)
                    .containsOnlyOnce("There is no PositionView bean, so quantities are not checked while trading is"
                            + " paused: Seller.fail(String, int), Seller.sell(String, BigDecimal), Seller.sellAll(");
            context.getBean(BreakerRegistry.class).halt("drill", null);
            context.getBean(Seller.class).sell("SOL", new BigDecimal("1000"));
        });
    }

    @Test
    void withView_warnsOfNothing(CapturedOutput output) {
        run((seller, trading) -> assertThat(output).doesNotContain("PositionView"));
    }

    @Test
    void twoViews_stopTheStart() {
        unchecked
                .withUserConfiguration(TenOfEach.class)
                .withBean("another", PositionView.class, () -> (breaker, instrument) -> BigDecimal.ONE)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("expected single matching bean but found 2: another,tenOfEach"));
    }

    @Configuration(proxyBeanMethods = false)
    static class TenOfEach {
        @Bean
        PositionView tenOfEach() {
            return (breaker, instrument) ->
                    breaker.equals("trading") && instrument.equals("SOL") ? BigDecimal.TEN : null;
        }
    }

    interface Sells {
        @LatencyGuarded(intent = Intent.REDUCE)
        void sellAll(@Instrument CharSequence symbol, @Quantity Number quantity);
    }

    static class Seller implements Sells {

        private final AtomicInteger sold = new AtomicInteger();
        private final Sinks.One<String> sink = Sinks.one();

        AtomicInteger sold() {
            return sold;
        }

        Sinks.One<String> sink() {
            return sink;
        }

        @LatencyGuarded(intent = Intent.REDUCE)
        public void sell(@Instrument String symbol, @Quantity BigDecimal quantity) {
            sold.incrementAndGet();
        }

        @Override
        public void sellAll(CharSequence symbol, Number quantity) {
            sold.incrementAndGet();
        }

        @LatencyGuarded(intent = Intent.REDUCE)
        public CompletableFuture<String> sellLater(@Instrument String symbol, @Quantity long quantity) {
            return new CompletableFuture<>();
        }

        @LatencyGuarded(intent = Intent.REDUCE)
        public Mono<String> sellReactively(@Instrument String symbol, @Quantity long quantity) {
            sold.incrementAndGet();
            return sink.asMono();
        }

        @LatencyGuarded(intent = Intent.REDUCE)
        public void fail(@Instrument String symbol, @Quantity int quantity) {
            throw new IllegalStateException("not sold");
        }

        @LatencyGuarded(intent = Intent.REDUCE)
        public void unmarked() {}

        @LatencyGuarded
        public void buy(Runnable inside) {
            inside.run();
        }
    }
}

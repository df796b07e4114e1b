package io.tradingbreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class LatencyGuardedTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AopAutoConfiguration.class,
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class))
            .withUserConfiguration(VirtualTime.class, Beans.class)
            .withPropertyValues(
                    "trading-breaker.breakers.venue.mode=enforce",
                    "trading-breaker.breakers.node.parent=venue",
                    "desk.breaker=node");

    @Test
    void slowCalls_pauseAndRefuse() {
        run(f -> {
            for (int i = 0; i < 4; i++) {
                f.desk.slow(f.time, Duration.ofMillis(250));
            }
            assertThat(f.breaker("node").state()).isEqualTo(BreakerState.OPEN);
            assertThatExceptionOfType(TradingPausedException.class)
                    .isThrownBy(() -> f.desk.slow(f.time, Duration.ofMillis(1)))
                    .satisfies(refusal -> assertThat(refusal.breaker()).isEqualTo("venue"));
            assertThat(f.desk.cancel()).isEqualTo("cancelled");
        });
    }

    @Test
    void annotationOnClassInterfaceAndMethod_nearestCounts() {
        run(f -> {
            f.venues.quote();
            f.venues.own();
            assertThat(f.total("venue")).as("by the interface").isOne();
            f.onClass.first();
            f.onClass.second();
            assertThat(f.total("first")).isOne();
            assertThat(f.total("second")).isOne();
            assertThat(f.onClass.toString()).isEqualTo("OnClass");
            assertThat(f.total("first")).as("toString is no trading call").isOne();
        });
    }

    @Test
    void jdkProxies_guarded() {
        runner.withPropertyValues("spring.aop.proxy-target-class=false").run(context -> {
            Venue venue = context.getBean(Venue.class);
            assertThat(AopUtils.isJdkDynamicProxy(venue)).isTrue();
            venue.quote();
            assertThat(new Fixture(context).total("venue")).isOne();
        });
    }

    @Test
    void lambdaOfGuardedInterface_guarded() {
        run(f -> {
            f.context.getBean(Ticker.class).tick();
            assertThat(f.total("ticker")).isOne();
        });
    }

    @Test
    void nestedCallOfSameBreaker_joins() {
        run(f -> {
            f.outer.call(() -> f.desk.read());
            assertThat(f.total("node")).isOne();
            assertThat(f.total("venue")).isOne();
        });
    }

    @Test
    void nestedCallUnderParent_asksOnlyNewLevels() {
        run(f -> {
            f.outerOfVenue.call(() -> f.desk.read());
            assertThat(f.total("node")).isOne();
            assertThat(f.total("venue")).isOne();
        });
    }

    @Test
    void nestedCallOfRiskierIntent_isAsked() {
        run(f -> {
            f.breaker("node").trip("test", null);
            assertThatThrownBy(() -> f.query.call(() -> f.desk.read())).isInstanceOf(TradingPausedException.class);
            assertThat(f.breaker("node").counters().rejected()).isOne();
        });
    }

    @Test
    void openWhileInside_nestedCallJoins() throws Exception {
        run(f -> f.outer.call(() -> {
            f.breaker("node").trip("test", null);
            return assertThat(f.desk.read()).isEqualTo("read");
        }));
    }

    @Test
    void haltedWhileInside_nestedCallRefused() {
        run(f -> assertThatThrownBy(() -> f.outer.call(() -> {
                    f.breaker("node").halt("test", null);
                    return f.desk.read();
                }))
                .isInstanceOf(TradingPausedException.class));
    }

    @Test
    void afterCall_nothingIsJoined() {
        run(f -> {
            f.outer.call(() -> f.desk.read());
            assertThatThrownBy(() -> f.outer.call(() -> {
                        throw new AssertionError("an Error ends the call too");
                    }))
                    .isInstanceOf(AssertionError.class);
            f.desk.read();
            assertThat(f.total("node")).isEqualTo(3);
            assertThat(f.breaker("node").counters().failed()).isOne();
            assertThat(f.breaker("node").counters().inFlight()).isZero();
        });
    }

    @Test
    void stage_sameObjectTimedToCompletion() {
        run(f -> {
            CompletableFuture<String> stage = new CompletableFuture<>();
            assertThat(f.desk.async(() -> stage)).isSameAs(stage);
            assertThat(f.breaker("node").counters().inFlight()).isOne();
            f.time.advance(Duration.ofMillis(300));
            stage.complete("done");
            assertThat(f.breaker("node").counters().successful()).isOne();
            assertThat(f.breaker("node").counters().slow()).isOne();
        });
    }

    @Test
    void stageCancelledByCaller_endsPermitAsIgnored() {
        run(f -> {
            CompletableFuture<String> stage = new CompletableFuture<>();
            ((CompletableFuture<String>) f.desk.async(() -> stage)).cancel(true);
            assertThat(f.breaker("node").counters().inFlight()).isZero();
            assertThat(f.breaker("node").counters().ignored()).isOne();
        });
    }

    @Test
    void stageFailedWithError_isFailure() {
        run(f -> {
            CompletableFuture<String> stage = new CompletableFuture<>();
            CompletionStage<String> returned = f.desk.async(() -> stage);
            stage.completeExceptionally(new StackOverflowError());
            assertThat(returned.toCompletableFuture()).isCompletedExceptionally();
            assertThat(f.breaker("node").counters().failed()).isOne();
        });
    }

    @Test
    void asyncMethodThrows_permitEnds() {
        run(f -> {
            assertThatThrownBy(() -> f.desk.async(() -> {
                        throw new IllegalStateException("no stage");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(f.breaker("node").counters().inFlight()).isZero();
            assertThat(f.breaker("node").counters().failed()).isOne();
        });
    }

    @Test
    void asyncRefused_failedStage() {
        run(f -> {
            f.breaker("node").trip("test", null);
            assertThat(f.desk.async(() -> new CompletableFuture<>()).toCompletableFuture())
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(TradingPausedException.class);
            assertThatThrownBy(f.desk::future).isInstanceOf(TradingPausedException.class);
            assertThatThrownBy(f.desk::object).isInstanceOf(TradingPausedException.class);
        });
    }

    @Test
    void stageFromObjectMethod_timedToCompletion() {
        run(f -> {
            Object stage = f.desk.object();
            assertThat(f.breaker("node").counters().inFlight()).isOne();
            ((CompletableFuture<?>) stage).complete(null);
            assertThat(f.breaker("node").counters().inFlight()).isZero();
        });
    }

    @Test
    void stageCompletedOnAnotherThread_joinsNothing() throws Exception {
        run(f -> {
            CompletableFuture<String> stage = new CompletableFuture<>();
            f.desk.async(() -> stage);
            f.desk.read();
            CompletableFuture<Void> next = stage.thenAccept(done -> f.desk.read());
            stage.complete("done");
            assertThat(next).isCompleted();
            assertThat(f.total("node")).isEqualTo(3);
        });
    }

    @Test
    void refusedWithFallback_fallbackRunsOnTarget() {
        run(f -> {
            assertThat(f.desk.buy("SOL")).isEqualTo("bought SOL");
            f.breaker("node").trip("test", null);
            assertThat(f.desk.buy("SOL")).isEqualTo("later SOL OPEN");
            assertThat(f.desk.sell(2)).isEqualTo(-2);
        });
    }

    @Test
    void refusalFromInsideMethod_doesNotRunFallback() {
        run(f -> {
            f.breaker("other").trip("test", null);
            assertThatExceptionOfType(TradingPausedException.class)
                    .isThrownBy(() -> f.desk.buyThrough(() -> f.breaker("other").call(() -> "bought")))
                    .satisfies(refusal -> assertThat(refusal.breaker()).isEqualTo("other"));
            assertThat(f.breaker("node").counters().ignored()).isOne();
        });
    }

    @Test
    void fallbackThrows_surfacesUnwrapped() {
        run(f -> {
            f.breaker("node").trip("test", null);
            assertThatThrownBy(f.desk::failing).isExactlyInstanceOf(java.io.IOException.class);
        });
    }

    @Test
    void parentRefuses_namedAndChildUncounted() {
        run(f -> {
            f.breaker("venue").trip("test", null);
            assertThatExceptionOfType(TradingPausedException.class)
                    .isThrownBy(f.desk::read)
                    .satisfies(refusal -> assertThat(refusal.breaker()).isEqualTo("venue"));
            assertThat(f.total("node")).isZero();
        });
    }

    @Test
    void lazyContext_guarded() {
        runner.withInitializer(context -> context.addBeanFactoryPostProcessor(
                        new org.springframework.boot.LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> {
                    context.getBean(Desk.class).read();
                    assertThat(new Fixture(context).total("node")).isOne();
                });
    }

    private void run(Work work) {
        runner.run(context -> work.run(new Fixture(context)));
    }

    @FunctionalInterface
    interface Work {
        void run(Fixture fixture) throws Exception;
    }

    static final class Fixture {
        final ApplicationContext context;
        final ManualScheduler time;
        final Desk desk;
        final Outer outer;
        final OuterOfVenue outerOfVenue;
        final Query query;
        final OnClass onClass;
        final VenueClient venues;

        Fixture(ApplicationContext context) {
            this.context = context;
            time = context.getBean(ManualScheduler.class);
            desk = context.getBean(Desk.class);
            outer = context.getBean(Outer.class);
            outerOfVenue = context.getBean(OuterOfVenue.class);
            query = context.getBean(Query.class);
            onClass = context.getBean(OnClass.class);
            venues = context.getBeanProvider(VenueClient.class).getIfAvailable();
        }

        TradingBreaker breaker(String name) {
            return context.getBean(BreakerRegistry.class).breaker(name);
        }

        long total(String name) {
            return breaker(name).counters().total();
        }
    }

    static class Desk {

        @LatencyGuarded("${desk.breaker}")
        public void slow(ManualScheduler time, Duration latency) {
            time.advance(latency);
        }

        @LatencyGuarded("node")
        String read() {
            return "read";
        }

        @LatencyGuarded(value = "node", intent = Intent.CANCEL)
        protected String cancel() {
            return "cancelled";
        }

        @LatencyGuarded("node")
        public CompletionStage<String> async(java.util.function.Supplier<CompletableFuture<String>> operation) {
            return operation.get();
        }

        @LatencyGuarded("node")
        public Future<String> future() {
            return new CompletableFuture<>();
        }

        @LatencyGuarded("node")
        @SuppressWarnings("FutureReturnValueIgnored") // the caller gets it
        public Object object() {
            return new CompletableFuture<>();
        }

        @LatencyGuarded(value = "node", fallback = "later")
        public String buy(String what) {
            return "bought " + what;
        }

        @LatencyGuarded(value = "node", fallback = "laterThrough")
        public String buyThrough(Callable<String> operation) throws Exception {
            return operation.call();
        }

        @LatencyGuarded(value = "node", fallback = "notSold")
        public int sell(int quantity) {
            return quantity;
        }

        @LatencyGuarded(value = "node", fallback = "broken")
        public void failing() throws java.io.IOException {}

        @SuppressWarnings({"unused", "UnusedMethod"})
        private String later(String what) {
            throw new AssertionError("the one with the refusal is nearer: " + what);
        }

        @SuppressWarnings({"unused", "UnusedMethod"})
        private String later(String what, TradingPausedException refusal) {
            return "later " + what + " " + refusal.state();
        }

        @SuppressWarnings({"unused", "UnusedMethod"})
        private String laterThrough(Callable<String> operation) {
            throw new AssertionError("must not run " + operation);
        }

        @SuppressWarnings({"unused", "UnusedMethod"})
        private static int notSold(int quantity) {
            return -quantity;
        }

        @SuppressWarnings({"unused", "UnusedMethod"})
        private void broken() throws java.io.IOException {
            throw new java.io.IOException("the fallback's own");
        }
    }

    static class Outer {
        @LatencyGuarded("node")
        public Object call(Callable<?> inner) throws Exception {
            return inner.call();
        }
    }

    static class OuterOfVenue {
        @LatencyGuarded("venue")
        public Object call(Callable<?> inner) throws Exception {
            return inner.call();
        }
    }

    static class Query {
        @LatencyGuarded(value = "node", intent = Intent.QUERY)
        public Object call(Callable<?> inner) throws Exception {
            return inner.call();
        }
    }

    @LatencyGuarded("first")
    static class OnClass {
        public void first() {}

        @LatencyGuarded("second")
        public void second() {}

        @Override
        public String toString() {
            return "OnClass";
        }
    }

    @LatencyGuarded("venue")
    interface Venue {
        void quote();
    }

    static class VenueClient implements Venue {
        @Override
        public void quote() {}

        public void own() {}
    }

    @LatencyGuarded("ticker")
    interface Ticker {
        void tick();
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        Desk desk() {
            return new Desk();
        }

        @Bean
        Outer outer() {
            return new Outer();
        }

        @Bean
        OuterOfVenue outerOfVenue() {
            return new OuterOfVenue();
        }

        @Bean
        Query query() {
            return new Query();
        }

        @Bean
        OnClass onClass() {
            return new OnClass();
        }

        @Bean
        VenueClient venue() {
            return new VenueClient();
        }

        @Bean
        Ticker ticker() {
            return () -> {};
        }
    }
}

package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.CallObserver;
import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import io.tradingbreaker.spring.observation.BreakerCallContext;
import io.tradingbreaker.spring.observation.DefaultBreakerCallConvention;
import io.tradingbreaker.spring.observation.ObservedBreakers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ObservationAutoConfigurationTests {

    private final ApplicationContextRunner off = new ApplicationContextRunner()
            .withUserConfiguration(VirtualTime.class)
            .withConfiguration(AutoConfigurations.of(
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class,
                    TradingBreakerObservationAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    ObservationAutoConfiguration.class));

    private final ApplicationContextRunner on = off.withPropertyValues("trading-breaker.observation.enabled=true");

    @Test
    void byDefault_nothingIsObserved() {
        off.run(context ->
                assertThat(context).hasSingleBean(ObservationRegistry.class).doesNotHaveBean(CallObserver.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "on", "YES", "1"})
    void switchedOn_isObserved(String on) {
        off.withPropertyValues("trading-breaker.observation.enabled=" + on)
                .run(context -> assertThat(context).hasSingleBean(ObservedBreakers.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trading-breaker.observation.enabled=no",
                "trading-breaker.observation.enabled=",
                "trading-breaker.enabled=false"
            })
    void switchedOff_isNot(String off) {
        on.withPropertyValues(off)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CallObserver.class));
    }

    @Test
    void withoutMicrometer_isNot() {
        on.withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(CallObserver.class)
                        .hasSingleBean(TradingBreaker.class));
    }

    @Test
    void withoutObservationRegistry_isNot() {
        new ApplicationContextRunner()
                .withPropertyValues("trading-breaker.observation.enabled=true")
                .withConfiguration(AutoConfigurations.of(
                        TradingBreakerAutoConfiguration.class, TradingBreakerObservationAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CallObserver.class));
    }

    @Test
    void applicationsObserver_replacesOurs() {
        CallObserver own =
                new ObservedBreakers(() -> new ObservedBreakers.Settings(ObservationRegistry.create(), null, null));
        on.withBean("own", CallObserver.class, () -> own)
                .run(context -> assertThat(context.getBean(CallObserver.class)).isSameAs(own));
    }

    @Test
    void guardedMethods_areObservedOnceEach_andWhatTheyMakeIsInside() {
        on.withUserConfiguration(Watching.class).run(context -> {
            Desk desk = context.getBean(Desk.class);
            Watching.Seen seen = context.getBean(Watching.Seen.class);
            desk.buy();
            CompletableFuture<String> answer = new CompletableFuture<>();
            desk.later(answer);
            assertThat(context.getBean(ObservationRegistry.class).getCurrentObservation())
                    .isNull();
            answer.complete("filled");
            context.getBean(TradingBreaker.class).halt("stop", null);
            assertThat(desk.quote()).isEqualTo("last");

            assertThat(seen.lines)
                    .containsExactly(
                            "client in trading.breaker.call",
                            "trading.breaker.call outcome=success",
                            "client in trading.breaker.call",
                            "trading.breaker.call outcome=success",
                            "trading.breaker.call outcome=rejected");
        });
    }

    @Test
    void handlerThatNeedsABreaker_isNoCircle_andIsToldOfCallsAtOnce() {
        on.withUserConfiguration(Watching.class).run(context -> {
            context.getBean(BreakerRegistry.class)
                    .breaker("node")
                    .acquire(Intent.QUERY)
                    .success();
            assertThat(context.getBean(Watching.Seen.class).lines)
                    .containsExactly("trading.breaker.call outcome=success");
        });
    }

    @Test
    void conventionBean_replacesTheDefault() {
        on.withUserConfiguration(Watching.class).withBean(Own.class).run(context -> {
            context.getBean(TradingBreaker.class).acquire(Intent.QUERY).success();
            assertThat(context.getBean(Watching.Seen.class).lines).containsExactly("own outcome=success");
        });
    }

    @Test
    void bootsOwnSwitch_leavesOneOfTheTwoOut() {
        on.withUserConfiguration(Watching.class)
                .withPropertyValues("management.observations.enable.trading.breaker.call=false")
                .run(context -> {
                    context.getBean(TradingBreaker.class).acquire(Intent.QUERY).success();
                    assertThat(context.getBean(Watching.Seen.class).lines).isEmpty();
                });
    }

    @Test
    void meterRegistry_getsTimers() {
        on.withBean(SimpleMeterRegistry.class).run(context -> {
            TradingBreaker breaker = context.getBean(TradingBreaker.class);
            breaker.acquire(Intent.OPEN_RISK).success();
            MeterRegistry meters = context.getBean(MeterRegistry.class);

            assertThat(meters.get("trading.breaker.call")
                            .tags("breaker", "trading", "outcome", "success", "error", "none")
                            .timer()
                            .count())
                    .isOne();
            assertThat(meters.get("trading.breaker.call.active").longTaskTimers())
                    .allSatisfy(active -> assertThat(active.activeTasks()).isZero());
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Watching {

        @Bean
        Desk desk(ObservationRegistry observations) {
            return new Desk(observations);
        }

        @Bean
        Seen seen(BreakerRegistry breakers) {
            assertThat(breakers).isNotNull();
            return new Seen();
        }

        static class Seen implements ObservationHandler<Observation.Context> {

            final List<String> lines = new CopyOnWriteArrayList<>();

            @Override
            public void onStop(Observation.Context context) {
                lines.add(
                        context instanceof BreakerCallContext call
                                ? call.getName() + " outcome="
                                        + call.getLowCardinalityKeyValue("outcome")
                                                .getValue()
                                : context.getName() + " in "
                                        + context.getParentObservation()
                                                .getContextView()
                                                .getName());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof BreakerCallContext
                        || "client".equals(context.getName())
                        || context.getName() == null;
            }
        }
    }

    static class Desk {

        private final ObservationRegistry observations;

        Desk(ObservationRegistry observations) {
            this.observations = observations;
        }

        @LatencyGuarded
        public void buy() {
            Observation.start("client", observations).stop();
        }

        @LatencyGuarded
        public CompletionStage<String> later(CompletableFuture<String> answer) {
            Observation.start("client", observations).stop();
            return answer;
        }

        @LatencyGuarded(fallback = "last")
        public String quote() {
            return "149.20";
        }

        String last() {
            return "last";
        }
    }

    static class Own extends DefaultBreakerCallConvention {

        @Override
        public String getName() {
            return "own";
        }

        @Override
        public KeyValues getLowCardinalityKeyValues(BreakerCallContext context) {
            return KeyValues.of("outcome", context.ending().code());
        }
    }
}

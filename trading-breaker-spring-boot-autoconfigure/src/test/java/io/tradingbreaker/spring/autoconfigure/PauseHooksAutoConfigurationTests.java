package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.Transition;
import io.tradingbreaker.spring.actuate.CircuitBreakerEndpoint;
import io.tradingbreaker.spring.autoconfigure.actuate.CircuitBreakerEndpointAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.actuate.TradingBreakerMetricsAutoConfiguration;
import io.tradingbreaker.spring.desk.PauseHook;
import io.tradingbreaker.spring.desk.PauseHooks;
import io.tradingbreaker.spring.micrometer.DeskMeters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

class PauseHooksAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withPropertyValues("management.endpoints.web.exposure.include=*")
            .withConfiguration(AutoConfigurations.of(
                    TradingBreakerAutoConfiguration.class,
                    PauseHooksAutoConfiguration.class,
                    CircuitBreakerEndpointAutoConfiguration.class,
                    TradingBreakerMetricsAutoConfiguration.class))
            .withUserConfiguration(Hooks.class)
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new);

    @Test
    void hook_isInTheViewAndTheMetersByItsBeansName() {
        runner.run(context -> {
            context.getBean(DeskMeters.class).bindTo(context.getBean(MeterRegistry.class));
            context.getBean(BreakerRegistry.class).breaker("node").halt("drill", "alice");

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                Map<?, ?> view = (Map<?, ?>) context.getBean(CircuitBreakerEndpoint.class)
                        .breaker("node")
                        .getBody();
                assertThat((List<?>) view.get("hooks"))
                        .singleElement()
                        .asString()
                        .matches("\\{name=cancelOrders, event=pause, at=20.*Z, millis=[0-9.E-]+, result=ok,"
                                + " detail=null}");
                assertThat(context.getBean(MeterRegistry.class)
                                .get("trading.breaker.hook")
                                .tags("name", "node", "hook", "cancelOrders", "result", "ok")
                                .functionTimer()
                                .count())
                        .isOne();
            });
        });
    }

    @Test
    void blockedListenerOfOneBreaker_delaysNoOther() {
        runner.run(context -> {
            BreakerRegistry registry = context.getBean(BreakerRegistry.class);
            Hooks beans = context.getBean(Hooks.class);
            for (int i = 0; i < 100; i++) {
                registry.breaker("node-" + i);
            }
            registry.breaker("blocked");

            registry.halt("drill", null);

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> beans.heard.size() == registry.breakers().size() - 1);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> beans.hooked.size() == registry.breakers().size());
            assertThat(beans.heard).doesNotContain("blocked");
            assertThat(beans.hooked).as("hooks come before listeners").contains("blocked");
            beans.release.countDown();
            await().atMost(Duration.ofSeconds(30)).until(() -> beans.heard.contains("blocked"));
        });
    }

    @Test
    void switchedOff_noHooks() {
        runner.withPropertyValues("trading-breaker.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(PauseHooks.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class Hooks {

        final Set<String> hooked = ConcurrentHashMap.newKeySet();
        final Set<String> heard = ConcurrentHashMap.newKeySet();
        final CountDownLatch release = new CountDownLatch(1);

        @Bean
        PauseHook cancelOrders() {
            return transition -> hooked.add(transition.breaker());
        }

        @Bean
        StateChangeListener blocksOne() {
            return transition -> {
                if (transition.breaker().equals("blocked")) {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            };
        }

        @EventListener
        void on(Transition transition) {
            heard.add(transition.breaker());
        }
    }
}

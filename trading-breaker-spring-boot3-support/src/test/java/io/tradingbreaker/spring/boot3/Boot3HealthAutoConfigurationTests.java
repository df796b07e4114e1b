package io.tradingbreaker.spring.boot3;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.test.ManualScheduler;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthContributorRegistry;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class Boot3HealthAutoConfigurationTests {

    private static final String INDICATOR = "tradingBreakerHealthIndicator";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(Breakers.class)
            .withConfiguration(AutoConfigurations.of(
                    HealthContributorAutoConfiguration.class,
                    HealthEndpointAutoConfiguration.class,
                    Boot3HealthAutoConfiguration.class));

    @Test
    void indicator_isNamedTradingBreakerAndStaysUp() {
        runner.run(context -> {
            context.getBean(BreakerRegistry.class).halt("stop", null);

            assertThat(context.getBean(HealthContributorRegistry.class).getContributor("tradingBreaker"))
                    .isInstanceOf(Boot3HealthIndicator.class);
            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
            assertThat(health(context).getDetails()).containsOnlyKeys("trading");
            assertThat(health(context).getDetails().get("trading"))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsOnlyKeys("state", "mode", "since", "reason")
                    .contains(Map.entry("state", "HALTED"), Map.entry("mode", "enforce"));
        });
    }

    @Test
    void affectsStatus_isOutOfServiceWhilePaused() {
        runner.withPropertyValues("trading-breaker.health.affects-status=true").run(context -> {
            BreakerRegistry registry = context.getBean(BreakerRegistry.class);
            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
            registry.halt("stop", null);
            assertThat(health(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
            registry.reset("go", null);
            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void openStatus_isUpperCased() {
        runner.withPropertyValues(
                        "trading-breaker.health.affects-status=true", "trading-breaker.health.open-status= paused ")
                .run(context -> {
                    context.getBean(BreakerRegistry.class).trip("test", null);
                    assertThat(health(context).getStatus()).isEqualTo(new Status("PAUSED"));
                });
    }

    @Test
    void blankProperties_countAsUnset() {
        runner.withPropertyValues("trading-breaker.health.affects-status=", "trading-breaker.health.open-status=")
                .run(context -> {
                    context.getBean(BreakerRegistry.class).halt("stop", null);
                    assertThat(health(context).getStatus()).isEqualTo(Status.UP);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "management.health.trading-breaker.enabled=false",
                "management.health.defaults.enabled=false",
                "trading-breaker.enabled=false"
            })
    void switchedOff_isNotThere(String property) {
        runner.withPropertyValues(property).run(context -> assertThat(context).doesNotHaveBean(INDICATOR));
    }

    @Test
    void ownIndicatorOfThatName_isKept() {
        HealthIndicator own = () -> Health.down().build();
        runner.withBean(INDICATOR, HealthIndicator.class, () -> own)
                .run(context -> assertThat(context.getBean(INDICATOR)).isSameAs(own));
    }

    @Test
    void withoutBreakers_isNotThere() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(Boot3HealthAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(INDICATOR));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.springframework.boot.actuate.health",
                "org.springframework.boot.actuate.autoconfigure.health"
            })
    void withoutTheClassesOfThisLine_isNotThereAndTheContextStarts(String absent) {
        new ApplicationContextRunner()
                .withUserConfiguration(Breakers.class, AsInAnApplication.class)
                .withClassLoader(new FilteredClassLoader(absent))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(INDICATOR));
    }

    private static Health health(ApplicationContext context) {
        return context.getBean(INDICATOR, HealthIndicator.class).health();
    }

    @Configuration(proxyBeanMethods = false)
    static class Breakers {

        @Bean
        BreakerRegistry breakerRegistry() {
            ManualScheduler time = new ManualScheduler();
            return BreakerRegistry.builder().clock(time.clock()).scheduler(time).build();
        }
    }

    /** Names the class only, so that its annotations are read without being loaded, as in an application. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(Boot3HealthAutoConfiguration.class)
    static class AsInAnApplication {}
}

package io.tradingbreaker.spring.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.actuate.CircuitBreakerEndpoint;
import io.tradingbreaker.spring.health.TradingBreakerHealthIndicator;
import io.tradingbreaker.spring.micrometer.TradingBreakerMeters;
import io.tradingbreaker.test.ManualScheduler;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.jvm.JvmMetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ActuateAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(Breakers.class)
            .withPropertyValues("management.endpoints.web.exposure.include=*")
            .withConfiguration(AutoConfigurations.of(
                    CircuitBreakerEndpointAutoConfiguration.class,
                    TradingBreakerHealthAutoConfiguration.class,
                    TradingBreakerMetricsAutoConfiguration.class));

    private final ApplicationContextRunner lazily = new ApplicationContextRunner()
            .withUserConfiguration(Breakers.class, AsInAnApplication.class)
            .withPropertyValues("management.endpoints.web.exposure.include=*");

    private final ApplicationContextRunner withHealth = runner.withConfiguration(AutoConfigurations.of(
            ApplicationAvailabilityAutoConfiguration.class,
            HealthContributorAutoConfiguration.class,
            HealthContributorRegistryAutoConfiguration.class,
            AvailabilityHealthContributorAutoConfiguration.class,
            AvailabilityProbesAutoConfiguration.class,
            HealthEndpointAutoConfiguration.class));

    private final ApplicationContextRunner withMetrics = runner.withConfiguration(AutoConfigurations.of(
            MetricsAutoConfiguration.class,
            CompositeMeterRegistryAutoConfiguration.class,
            PrometheusMetricsExportAutoConfiguration.class,
            JvmMetricsAutoConfiguration.class));

    @Test
    void withEverythingThere_allThreeAre() {
        runner.run(context -> assertThat(context)
                .hasSingleBean(CircuitBreakerEndpoint.class)
                .hasSingleBean(TradingBreakerMeters.class)
                .hasBean("tradingBreakerHealthIndicator"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "off", "NO", "0"})
    void switchedOff_noneIsThere(String off) {
        runner.withPropertyValues("trading-breaker.enabled=" + off).run(ActuateAutoConfigurationTests::assertNone);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "off", "NO", "0"})
    void metersSwitchedOff_restStays(String off) {
        runner.withPropertyValues("trading-breaker.metrics.enabled=" + off)
                .run(context -> assertThat(context)
                        .doesNotHaveBean(TradingBreakerMeters.class)
                        .hasSingleBean(CircuitBreakerEndpoint.class)
                        .hasBean("tradingBreakerHealthIndicator"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "on", "yes", "1"})
    void switchedOnInAnotherSpelling_allThreeAre(String on) {
        runner.withPropertyValues("trading-breaker.enabled=" + on, "trading-breaker.metrics.enabled=" + on)
                .run(context -> assertThat(context)
                        .hasSingleBean(CircuitBreakerEndpoint.class)
                        .hasSingleBean(TradingBreakerMeters.class)
                        .hasBean("tradingBreakerHealthIndicator"));
    }

    @Test
    void withoutBreakers_noneIsThere() {
        new ApplicationContextRunner()
                .withPropertyValues("management.endpoints.web.exposure.include=*")
                .withConfiguration(AutoConfigurations.of(
                        CircuitBreakerEndpointAutoConfiguration.class,
                        TradingBreakerHealthAutoConfiguration.class,
                        TradingBreakerMetricsAutoConfiguration.class))
                .run(ActuateAutoConfigurationTests::assertNone);
    }

    @Test
    void withoutActuatorAndMicrometer_noneIsThereAndTheContextStarts() {
        lazily.withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.actuate", "org.springframework.boot.health", "io.micrometer"))
                .run(ActuateAutoConfigurationTests::assertNone);
    }

    @Test
    void withoutMicrometer_endpointAndHealthStay() {
        lazily.withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasBean("tradingBreakerEndpoint")
                        .hasBean("tradingBreakerHealthIndicator")
                        .doesNotHaveBean("tradingBreakerMeters"));
    }

    @Test
    void withoutActuator_metersStay() {
        lazily.withClassLoader(
                        new FilteredClassLoader("org.springframework.boot.actuate", "org.springframework.boot.health"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasBean("tradingBreakerMeters")
                        .doesNotHaveBean("tradingBreakerEndpoint")
                        .doesNotHaveBean("tradingBreakerHealthIndicator"));
    }

    @Test
    void notExposed_thereIsNoEndpoint() {
        runner.withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context).doesNotHaveBean(CircuitBreakerEndpoint.class));
    }

    @Test
    void health_isUpAndNamedTradingBreaker() {
        withHealth.run(context -> {
            context.getBean(BreakerRegistry.class).halt("stop", null);
            assertThat(context.getBean(HealthContributorRegistry.class).getContributor("tradingBreaker"))
                    .isInstanceOf(TradingBreakerHealthIndicator.class);
            assertThat(status(context)).isEqualTo(Status.UP);
        });
    }

    @Test
    void affectsStatus_isOutOfServiceUnlessToldOtherwise() {
        withHealth
                .withPropertyValues("trading-breaker.health.affects-status=true")
                .run(context -> {
                    context.getBean(BreakerRegistry.class).halt("stop", null);
                    assertThat(status(context)).isEqualTo(Status.OUT_OF_SERVICE);
                });
    }

    @Test
    void openStatus_isUpperCased() {
        withHealth
                .withPropertyValues(
                        "trading-breaker.health.affects-status=true", "trading-breaker.health.open-status= paused ")
                .run(context -> {
                    context.getBean(BreakerRegistry.class).halt("stop", null);
                    assertThat(status(context)).isEqualTo(new Status("PAUSED"));
                });
    }

    @Test
    void blankHealthProperties_countAsUnset() {
        withHealth
                .withPropertyValues("trading-breaker.health.affects-status=", "trading-breaker.health.open-status=")
                .run(context -> {
                    context.getBean(BreakerRegistry.class).halt("stop", null);
                    assertThat(status(context)).isEqualTo(Status.UP);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"management.health.trading-breaker.enabled=false", "management.health.defaults.enabled=false"})
    void disabledHealth_isNotThere(String property) {
        withHealth
                .withPropertyValues(property)
                .run(context -> assertThat(context).doesNotHaveBean("tradingBreakerHealthIndicator"));
    }

    @Test
    void probes_leaveTradingBreakerOutUnlessIncluded() {
        withHealth
                .withPropertyValues("management.endpoint.health.probes.enabled=true")
                .run(context -> {
                    HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
                    assertThat(groups.get("readiness").isMember("readinessState"))
                            .isTrue();
                    assertThat(groups.get("readiness").isMember("tradingBreaker"))
                            .isFalse();
                    assertThat(groups.get("liveness").isMember("tradingBreaker"))
                            .isFalse();
                });
        withHealth
                .withPropertyValues(
                        "management.endpoint.health.probes.enabled=true",
                        "management.endpoint.health.group.readiness.include=readinessState,tradingBreaker")
                .run(context -> assertThat(context.getBean(HealthEndpointGroups.class)
                                .get("readiness")
                                .isMember("tradingBreaker"))
                        .isTrue());
    }

    @Test
    void meters_areInTheRegistryAndDisturbNoOtherBinder() {
        Set<String> without = meters(withMetrics.withPropertyValues("trading-breaker.metrics.enabled=false"));
        Set<String> with = meters(withMetrics);

        assertThat(without).contains("jvm.memory.used", "other.binder").noneMatch(name -> name.startsWith("trading"));
        assertThat(with).containsAll(without).contains("trading.breaker.state", "trading.breaker.local.pause");
        assertThat(with).filteredOn(name -> !name.startsWith("trading.")).hasSameSizeAs(without);
    }

    /** The names of all meters but those that the JVM's first garbage collection brings, whenever it comes. */
    private Set<String> meters(ApplicationContextRunner application) {
        Set<String> names = new TreeSet<>();
        application
                .withBean(
                        "otherBinder",
                        MeterBinder.class,
                        () -> meters -> Timer.builder("other.binder").register(meters))
                .run(context -> context.getBean(MeterRegistry.class)
                        .getMeters()
                        .forEach(meter -> names.add(meter.getId().getName())));
        names.removeIf(name -> name.startsWith("jvm.gc."));
        return names;
    }

    private static Status status(ApplicationContext context) {
        return context.getBean("tradingBreakerHealthIndicator", HealthIndicator.class)
                .health()
                .getStatus();
    }

    private static void assertNone(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        assertThat(Stream.of("tradingBreakerEndpoint", "tradingBreakerHealthIndicator", "tradingBreakerMeters"))
                .noneMatch(context::containsBean);
    }

    @Configuration(proxyBeanMethods = false)
    static class Breakers {

        @Bean
        BreakerRegistry breakerRegistry() {
            ManualScheduler time = new ManualScheduler();
            return BreakerRegistry.builder().clock(time.clock()).scheduler(time).build();
        }
    }

    /** Names the classes only, so that their annotations are read without being loaded, as in an application. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        CircuitBreakerEndpointAutoConfiguration.class,
        TradingBreakerHealthAutoConfiguration.class,
        TradingBreakerMetricsAutoConfiguration.class
    })
    static class AsInAnApplication {}
}

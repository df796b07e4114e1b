package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerRegistryBuilder;
import io.tradingbreaker.CallObserver;
import io.tradingbreaker.HealthChecker;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.LatencyMonitor;
import io.tradingbreaker.OutcomeClassifier;
import io.tradingbreaker.RecoveryScheduler;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.SwitchStore;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Store;
import io.tradingbreaker.spring.dashboard.DashboardSettings;
import io.tradingbreaker.spring.probe.ConfiguredProbes;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * The registry of breakers, its clock and its scheduler, and the default breaker. Each backs off before a bean of the
 * application. Where {@code trading-breaker.enabled} is false, the breakers pass every call.
 */
@AutoConfiguration
@EnableConfigurationProperties(TradingBreakerProperties.class)
@Import(FixedSettings.Registrar.class)
@ImportRuntimeHints(PropertyHints.class)
public final class TradingBreakerAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BlankValues blankTradingBreakerValues() {
        return new BlankValues();
    }

    @Bean
    @ConditionalOnMissingBean
    BreakerClock breakerClock() {
        return BreakerClock.system();
    }

    @Bean
    @ConditionalOnMissingBean
    RecoveryScheduler recoveryScheduler() {
        return RecoveryScheduler.threaded();
    }

    @Bean
    LateBeans tradingBreakerLateBeans(
            ObjectProvider<HealthChecker> checkers,
            ObjectProvider<ConfiguredProbes> probes,
            ObjectProvider<StateChangeListener> listeners,
            ObjectProvider<OutcomeClassifier> classifiers) {
        return new LateBeans(checkers, probes, listeners, classifiers);
    }

    @Bean
    @ConditionalOnMissingBean
    BreakerRegistry breakerRegistry(
            TradingBreakerProperties properties,
            BreakerClock clock,
            RecoveryScheduler scheduler,
            LateBeans lateBeans,
            ObjectProvider<SwitchStore> stores,
            ObjectProvider<BreakerConfigCustomizer> customizers,
            ObjectProvider<CallObserver> observer,
            ResourceLoader resources,
            Environment environment) {
        ProcessSettings process = new ProcessSettings(environment);
        Map<String, BreakerSettings> breakers = process.declared(properties);
        process.reportIgnored(
                breakers.keySet(),
                Map.of(
                        "http.guards", properties.http().guards().size(),
                        "grpc.guards", properties.grpc().guards().size()));
        BreakerRegistryBuilder builder = BreakerRegistry.builder()
                .enabled(properties.enabled())
                .clock(clock)
                .scheduler(scheduler)
                .stallCheckInterval(properties.stallCheckInterval())
                .listeners(lateBeans::listeners)
                .classifiers(lateBeans::classifiers)
                .healthCheckers(lateBeans::checkers)
                .onUnreadable(properties.store().onUnreadable())
                .storeRefresh(properties.store().refresh());
        observer.ifAvailable(builder::observer);
        if (properties.enabled()) {
            SwitchStore store = stores.getIfAvailable();
            if (store != null) {
                builder.store(store);
            } else if (properties.store().chosen() != Store.Type.NONE) {
                throw new InvalidConfigException(
                        "store.type",
                        properties.store().chosen().name().toLowerCase(Locale.ROOT),
                        "must be a store that there is, and there is no bean of that kind");
            }
        }
        new MergedConfigs(properties, breakers, customizers.orderedStream().toList(), resources.getClassLoader())
                .declareIn(builder);
        if (!properties.enabled()) {
            LoggerFactory.getLogger("io.tradingbreaker.spring")
                    .warn("trading-breaker.enabled is false: every call passes, nothing is measured");
        }
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean(name = "tradingBreaker")
    TradingBreaker tradingBreaker(BreakerRegistry registry) {
        return registry.breaker(BreakerRegistry.DEFAULT_NAME);
    }

    @Bean
    @ConditionalOnMissingBean(name = "tradingLatencyMonitor")
    LatencyMonitor tradingLatencyMonitor(BreakerRegistry registry) {
        return registry.breaker(BreakerRegistry.DEFAULT_NAME).latencyMonitor();
    }

    // Here, so that a wrong value stops the start whether or not the dashboard is exposed.
    @Bean
    DashboardSettings tradingDashboardSettings(TradingBreakerProperties properties) {
        return new DashboardSettings(
                properties.dashboard().history(), properties.dashboard().interval());
    }

    /** Publishes each transition as an event, {@code @EventListener void on(Transition transition)}, and each drill's report. */
    @Bean
    @ConditionalOnMissingBean(name = "transitionEventPublisher")
    StateChangeListener transitionEventPublisher(ApplicationEventPublisher publisher) {
        return new EventPublishingListener(publisher);
    }
}

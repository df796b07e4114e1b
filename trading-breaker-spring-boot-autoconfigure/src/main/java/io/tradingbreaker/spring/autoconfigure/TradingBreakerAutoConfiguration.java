package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.HealthChecker;
import io.tradingbreaker.LatencyMonitor;
import io.tradingbreaker.OutcomeClassifier;
import io.tradingbreaker.RecoveryScheduler;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.TradingBreaker;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.io.ResourceLoader;

/**
 * The registry of breakers, its clock and its scheduler, and the default breaker. Each backs off before a bean of the
 * application. Where {@code trading-breaker.enabled} is false, the breakers pass every call.
 */
@AutoConfiguration
@EnableConfigurationProperties(TradingBreakerProperties.class)
public final class TradingBreakerAutoConfiguration {

    private static final String REGISTRY = "breakerRegistry";

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BlankValues blankTradingBreakerValues() {
        return new BlankValues();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    @ConfigurationPropertiesBinding
    static BlankBreakerConverter blankBreakerConverter() {
        return new BlankBreakerConverter();
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
            ObjectProvider<StateChangeListener> listeners, ObjectProvider<OutcomeClassifier> classifiers) {
        return new LateBeans(listeners, classifiers);
    }

    @Bean(name = REGISTRY)
    @ConditionalOnMissingBean
    BreakerRegistry breakerRegistry(
            TradingBreakerProperties properties,
            BreakerClock clock,
            RecoveryScheduler scheduler,
            LateBeans lateBeans,
            ObjectProvider<HealthChecker> checkers,
            ObjectProvider<BreakerConfigCustomizer> customizers,
            ResourceLoader resources) {
        BreakerRegistry.Builder builder = BreakerRegistry.builder()
                .enabled(properties.enabled())
                .clock(clock)
                .scheduler(scheduler)
                .stallCheckInterval(properties.stallCheckInterval())
                .listeners(List.of((StateChangeListener) lateBeans::tell))
                .classifiers(List.of((OutcomeClassifier) lateBeans::classify))
                .healthCheckers(checkers.orderedStream().toList());
        new MergedConfigs(properties, customizers.orderedStream().toList(), resources.getClassLoader())
                .declareIn(builder);
        if (!properties.enabled()) {
            LoggerFactory.getLogger("io.tradingbreaker.spring")
                    .warn("trading-breaker.enabled is false: every call passes, nothing is measured");
        }
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean(name = "tradingBreaker")
    TradingBreaker tradingBreaker(ObjectProvider<BreakerRegistry> registry, ConfigurableListableBeanFactory beans) {
        return part(TradingBreaker.class, breaker -> breaker, registry, beans);
    }

    @Bean
    @ConditionalOnMissingBean(name = "tradingLatencyMonitor")
    LatencyMonitor tradingLatencyMonitor(
            ObjectProvider<BreakerRegistry> registry, ConfigurableListableBeanFactory beans) {
        LatencyMonitor monitor = part(LatencyMonitor.class, TradingBreaker::latencyMonitor, registry, beans);
        // A breaker that is switched off is its own monitor, but must not be a second bean of the breaker's type.
        return monitor instanceof TradingBreaker ? StandIn.of(LatencyMonitor.class, () -> monitor) : monitor;
    }

    /** Publishes each transition as an event: {@code @EventListener void on(Transition transition)}. */
    @Bean
    @ConditionalOnMissingBean(name = "transitionEventPublisher")
    StateChangeListener transitionEventPublisher(ApplicationEventPublisher publisher) {
        return publisher::publishEvent;
    }

    private static <T> T part(
            Class<T> type,
            Function<TradingBreaker, T> part,
            ObjectProvider<BreakerRegistry> registry,
            ConfigurableListableBeanFactory beans) {
        return isTooEarly(beans)
                ? StandIn.of(type, () -> part.apply(defaultBreaker(registry)))
                : part.apply(defaultBreaker(registry));
    }

    /** Whether the registry is being made, or a health checker without which it cannot be made. */
    private static boolean isTooEarly(ConfigurableListableBeanFactory beans) {
        return beans.isCurrentlyInCreation(REGISTRY)
                || Arrays.stream(beans.getBeanNamesForType(HealthChecker.class, true, false))
                        .anyMatch(beans::isCurrentlyInCreation);
    }

    private static TradingBreaker defaultBreaker(ObjectProvider<BreakerRegistry> registry) {
        return registry.getObject().breaker(BreakerRegistry.DEFAULT_NAME);
    }
}

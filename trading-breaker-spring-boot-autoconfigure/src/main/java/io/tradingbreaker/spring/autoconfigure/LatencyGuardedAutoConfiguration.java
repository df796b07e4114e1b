package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.aop.GuardedPlaces;
import io.tradingbreaker.spring.aop.LatencyGuardedAdvisor;
import io.tradingbreaker.spring.aop.PositionView;
import io.tradingbreaker.spring.aop.Reductions;
import io.tradingbreaker.spring.reactive.ReactorCalls;
import java.util.Objects;
import org.springframework.aop.Advisor;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.aop.framework.ProxyConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/** Applies {@code @LatencyGuarded}, also where {@code spring.aop.auto} is false. */
@AutoConfiguration(
        after = TradingBreakerAutoConfiguration.class,
        afterName = "org.springframework.boot.autoconfigure.aop.AopAutoConfiguration")
@ConditionalOnClass(Advisor.class)
@ConditionalOnSwitch("trading-breaker.enabled")
@Import(LatencyGuardedAutoConfiguration.AutoProxying.class)
@ImportRuntimeHints(GuardHints.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
public final class LatencyGuardedAutoConfiguration {

    static final String REACTOR = "reactor.core.publisher.Flux";

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LatencyGuardedAdvisor latencyGuardedAdvisor(
            ObjectProvider<BreakerRegistry> registry,
            ObjectProvider<GuardedPlaces> others,
            ObjectProvider<PositionView> positions,
            ObjectProvider<BreakerClock> clock,
            Environment environment,
            ConfigurableBeanFactory beans) {
        ClassLoader classes = beans.getBeanClassLoader();
        return new LatencyGuardedAdvisor(
                registry::getObject,
                () -> others.orderedStream().toList(),
                environment::resolveRequiredPlaceholders,
                () -> beans.getBean(AopConfigUtils.AUTO_PROXY_CREATOR_BEAN_NAME, ProxyConfig.class)
                        .isProxyTargetClass(),
                // A class name and no condition: this bean must not look for others when it is made.
                ClassUtils.isPresent(REACTOR, classes) ? new ReactorCalls() : null,
                new Reductions(positions::getIfAvailable, clock::getObject),
                // Not from the properties' bean: this one is made long before others may be.
                Objects.requireNonNullElse(
                        Binder.get(environment, new BlankValues().apply(BindHandler.DEFAULT))
                                .bind("trading-breaker.aspect.order", Integer.class)
                                .orElse(null),
                        TradingBreakerProperties.Aspect.DEFAULT_ORDER));
    }

    static final class AutoProxying implements ImportBeanDefinitionRegistrar {

        @Override
        public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
            AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
        }
    }
}

package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.spring.http.HttpGuardFilter;
import io.tradingbreaker.spring.http.HttpGuards;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Role;
import org.springframework.web.reactive.function.client.WebClient;

/** Guards the beans that build a {@code WebClient}. */
@AutoConfiguration(after = HttpGuardsAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.web.reactive.function.client.WebClient")
@ConditionalOnSwitch({"trading-breaker.enabled", "trading-breaker.http.enabled"})
@Conditional(OnHttpGuardsCondition.class)
public final class WebClientGuardAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BeanPostProcessor guardedWebClients(ObjectProvider<HttpGuards> guards) {
        Guarding guarding = new Guarding(guards::getObject);
        return new ClientBeans(guarding::client);
    }

    /** Adds the guards to each client once, innermost: what an application's customizers added is outside. */
    private record Guarding(Supplier<HttpGuards> guards) {

        void client(Object bean) {
            if (bean instanceof WebClient.Builder builder) {
                builder.filters(filters -> {
                    if (filters.stream().noneMatch(HttpGuardFilter.class::isInstance)) {
                        filters.add(new HttpGuardFilter(guards.get()));
                    }
                });
            }
        }
    }
}

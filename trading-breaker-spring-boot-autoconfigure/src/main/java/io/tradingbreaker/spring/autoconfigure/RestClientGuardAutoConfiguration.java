package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.spring.http.HttpGuardInterceptor;
import io.tradingbreaker.spring.http.HttpGuards;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Role;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/** Guards the beans that are a {@code RestTemplate} or build a {@code RestClient}. */
@AutoConfiguration(after = HttpGuardsAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.web.client.RestClient")
@ConditionalOnSwitch({"trading-breaker.enabled", "trading-breaker.http.enabled"})
@Conditional(OnHttpGuardsCondition.class)
public final class RestClientGuardAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BeanPostProcessor guardedRestClients(ObjectProvider<HttpGuards> guards) {
        Guarding guarding = new Guarding(guards::getObject);
        return new ClientBeans(guarding::client);
    }

    /** Adds the guards to each client once, innermost: what an application's customizers added is outside. */
    private record Guarding(Supplier<HttpGuards> guards) {

        void client(Object bean) {
            if (bean instanceof RestClient.Builder builder) {
                builder.requestInterceptors(this::add);
            } else if (bean instanceof RestTemplate template) {
                add(template.getInterceptors());
            }
        }

        private void add(List<ClientHttpRequestInterceptor> interceptors) {
            if (interceptors.stream().noneMatch(HttpGuardInterceptor.class::isInstance)) {
                interceptors.add(new HttpGuardInterceptor(guards.get()));
            }
        }
    }
}

package io.tradingbreaker.spring.autoconfigure.actuate;

import io.tradingbreaker.spring.audit.AuditTrail;
import io.tradingbreaker.spring.autoconfigure.ConditionalOnSwitch;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;
import org.springframework.boot.actuate.audit.listener.AbstractAuditListener;
import org.springframework.boot.actuate.audit.listener.AuditListener;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * A repository in memory for Spring Boot's own endpoint {@code auditevents}, where the application has none.
 *
 * <p>Comes after Spring Boot's auditing, which must not see it: on Spring Boot 4 it would ask for Spring Security's
 * classes, whether they are there or not, and would let logins crowd out what traders did.
 */
@AutoConfiguration(
        after = TradingBreakerAuditAutoConfiguration.class,
        afterName = "org.springframework.boot.actuate.autoconfigure.audit.AuditAutoConfiguration",
        beforeName = "org.springframework.boot.actuate.autoconfigure.audit.AuditEventsEndpointAutoConfiguration")
@ConditionalOnClass(AuditEventRepository.class)
@ConditionalOnSwitch("management.auditevents.enabled")
@ConditionalOnBean({AuditTrail.class, TradingBreakerProperties.class})
@ConditionalOnMissingBean(AuditEventRepository.class)
public final class AuditRepositoryAutoConfiguration {

    @Bean
    InMemoryAuditEventRepository tradingBreakerAuditEvents(TradingBreakerProperties properties) {
        return new InMemoryAuditEventRepository(properties.audit().capacity());
    }

    @Bean
    @ConditionalOnMissingBean(AbstractAuditListener.class)
    AuditListener tradingBreakerAuditListener(AuditEventRepository repository) {
        return new AuditListener(repository);
    }
}

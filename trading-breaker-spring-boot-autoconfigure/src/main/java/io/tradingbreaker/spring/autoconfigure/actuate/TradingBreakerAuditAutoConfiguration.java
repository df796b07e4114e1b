package io.tradingbreaker.spring.autoconfigure.actuate;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.spring.audit.AuditEvents;
import io.tradingbreaker.spring.audit.AuditTrail;
import io.tradingbreaker.spring.autoconfigure.ConditionalOnSwitch;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * The audit trail. The endpoint pages it and no repository: those keep everybody's events, in whatever order and for
 * however long.
 */
@AutoConfiguration(afterName = "io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration")
@ConditionalOnClass(AuditEventRepository.class)
@ConditionalOnSwitch({"trading-breaker.enabled", "trading-breaker.audit.enabled"})
@ConditionalOnBean(TradingBreakerProperties.class)
public final class TradingBreakerAuditAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    AuditTrail tradingBreakerAuditTrail(
            TradingBreakerProperties properties, BreakerClock clock, ApplicationEventPublisher publisher) {
        return new AuditTrail(properties.audit().capacity(), clock, new AuditEvents(publisher));
    }
}

package io.tradingbreaker.spring;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.RecoveryScheduler;
import io.tradingbreaker.test.ManualScheduler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the breakers of a context under virtual time. */
@Configuration(proxyBeanMethods = false)
public class VirtualTime {

    @Bean
    ManualScheduler recoveryScheduler() {
        return new ManualScheduler();
    }

    @Bean
    BreakerClock breakerClock(RecoveryScheduler scheduler) {
        return ((ManualScheduler) scheduler).clock();
    }
}

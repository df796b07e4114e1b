package io.tradingbreaker.compatibility;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.test.ManualScheduler;
import org.springframework.context.annotation.Bean;

/** Puts the breakers under virtual time. No configuration class, so that the application does not scan it. */
class VirtualTime {

    @Bean
    static ManualScheduler recoveryScheduler() {
        return new ManualScheduler();
    }

    @Bean
    static BreakerClock breakerClock(ManualScheduler scheduler) {
        return scheduler.clock();
    }
}

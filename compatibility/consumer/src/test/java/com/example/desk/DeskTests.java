package com.example.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.test.ManualClock;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

@SpringBootTest
class DeskTests {

    @TestConfiguration
    static class VirtualTime {
        @Bean
        ManualScheduler recoveryScheduler() {
            return new ManualScheduler();
        }

        @Bean
        ManualClock breakerClock(ManualScheduler recoveryScheduler) {
            return recoveryScheduler.clock();
        }
    }

    @Autowired
    Desk.Orders orders;

    @Autowired
    BreakerRegistry breakers;

    @Autowired
    ManualScheduler time;

    @Test
    void hungNode_pausesWhatOpensRisk() {
        assertThat(orders.buy()).isEqualTo("bought");
        TradingBreaker node = breakers.breaker("node");
        node.tryAcquire();
        time.advance(Duration.ofMillis(1_020));

        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        assertThatThrownBy(orders::buy).isInstanceOf(TradingPausedException.class);
        assertThat(orders.cancel()).isEqualTo("cancelled");
    }

    @Test
    void springBoot_isTheApplicationsOwn() {
        assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("spring-boot.version"));
    }
}

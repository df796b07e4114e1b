package io.tradingbreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.test.ManualClock;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

@SpringBootTest
class PauseTests {

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
    ManualScheduler time;

    @Autowired
    TradingBreaker tradingBreaker;

    @Test
    void aHungNodePausesTrading_untilTrialsSucceed() {
        Permit hung = tradingBreaker.tryAcquire();
        time.advance(Duration.ofMillis(1_020)); // failure-threshold × latency-threshold, and a check
        assertThat(tradingBreaker.state()).isEqualTo(BreakerState.OPEN);
        hung.failure();
        time.advance(Duration.ofSeconds(30)); // recovery-timeout
        assertThat(tradingBreaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        tradingBreaker.tryAcquire().success();
        tradingBreaker.tryAcquire().success();
        assertThat(tradingBreaker.state()).isEqualTo(BreakerState.CLOSED);
    }
}

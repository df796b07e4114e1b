package io.tradingbreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerCounters;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Rule;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.Transition;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * The integration test of the text that the project was made from, with its numbers, against a guarded bean in virtual
 * time. Where we expect something else, a comment says why.
 */
@SpringBootTest
class SourceTextTests {

    @Autowired
    MockTradingService service;

    @Autowired
    LoggingListener listener;

    @Autowired
    ManualScheduler time;

    @Autowired
    TradingBreaker tradingBreaker;

    /** test_circuit_breaker_with_real_latency: the default limits, ten calls of 50 ms, ten of 300 ms. */
    @Test
    void circuitBreakerWithLatency() {
        for (int call = 1; call <= 10; call++) {
            service.execute(Duration.ofMillis(50));
        }
        assertThat(tradingBreaker.state()).isEqualTo(BreakerState.CLOSED);

        // There the truncated index hides the first spike and a P99 over the limit is one failure of five, so that six
        // slow calls get through. Here the P99 over the limit trips by itself. With 14 samples of minimum-samples 300
        // three slow ones are allowed, and the fourth trips, still in flight.
        for (int spike = 1; spike <= 4; spike++) {
            service.execute(Duration.ofMillis(300));
        }
        for (int spike = 5; spike <= 10; spike++) {
            assertThatThrownBy(() -> service.execute(Duration.ofMillis(300)))
                    .isInstanceOf(TradingPausedException.class);
        }

        // There listeners are awaited under the lock; here they are told by the scheduler.
        time.runDue();
        Transition transition = listener.log.get(0);
        assertThat(listener.log).hasSize(1);
        assertThat(transition.from()).isEqualTo(BreakerState.CLOSED);
        assertThat(transition.to()).isEqualTo(BreakerState.OPEN);
        assertThat(transition.reason().rule()).isEqualTo(Rule.PERCENTILE);

        BreakerCounters counters = tradingBreaker.counters();
        // There "> 0".
        assertThat(counters.rejected()).isEqualTo(6);
        // There failed_requests >= 5: a slow call counts as a failed one. Here it is a success that was slow, and fewer
        // than five of them are let in.
        assertThat(counters.slow()).isEqualTo(4);
        assertThat(counters.failed()).isZero();
        assertThat(counters.successful()).isEqualTo(14);
        assertThat(counters.total()).isEqualTo(20);
    }

    @TestConfiguration
    @Import(VirtualTime.class)
    static class Beans {

        @Bean
        MockTradingService mockTradingService(ManualScheduler time) {
            return new MockTradingService(time);
        }

        @Bean
        LoggingListener loggingListener() {
            return new LoggingListener();
        }
    }

    static class MockTradingService {

        private final ManualScheduler time;

        MockTradingService(ManualScheduler time) {
            this.time = time;
        }

        @LatencyGuarded
        public void execute(Duration latency) {
            time.advance(latency);
        }
    }

    static final class LoggingListener implements StateChangeListener {

        final List<Transition> log = new ArrayList<>();

        @Override
        public void onStateChange(Transition transition) {
            log.add(transition);
        }
    }
}

package io.tradingbreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerCounters;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/** Ten thousand virtual threads inside one guarded method. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads came with JDK 21")
class VirtualThreadTests {

    private static final int CALLS = 10_000;
    private static final int FAST = 4_000;
    private static final int HUNG = CALLS - FAST;

    private final CountDownLatch fastReturn = new CountDownLatch(1);
    private final CountDownLatch hungReturn = new CountDownLatch(1);

    @Test
    void tenThousandConcurrentCalls_stallsAreCountedExactly() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AopAutoConfiguration.class,
                        TradingBreakerAutoConfiguration.class,
                        LatencyGuardedAutoConfiguration.class))
                .withUserConfiguration(VirtualTime.class)
                .withBean(Node.class, Node::new)
                // Every rule off, so that the breaker stays CLOSED and counts.
                .withPropertyValues(
                        "trading-breaker.breakers.trading.p99-threshold=0",
                        "trading-breaker.breakers.trading.latency-threshold=200ms",
                        "trading-breaker.breakers.trading.failure-threshold=0",
                        "trading-breaker.breakers.trading.error-rate-threshold=0",
                        "trading-breaker.breakers.trading.window-size=" + CALLS)
                .run(context -> {
                    Node node = context.getBean(Node.class);
                    TradingBreaker breaker = context.getBean(TradingBreaker.class);
                    ManualScheduler time = context.getBean(ManualScheduler.class);
                    VirtualThreadTaskExecutor threads = new VirtualThreadTaskExecutor("trader-");
                    for (int i = 0; i < CALLS; i++) {
                        CountDownLatch until = i < FAST ? fastReturn : hungReturn;
                        threads.execute(() -> node.ask(until));
                    }
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> breaker.counters().inFlight() == CALLS);

                    time.advance(Duration.ofMillis(150));
                    fastReturn.countDown();
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> breaker.counters().successful() == FAST);
                    assertThat(breaker.counters().slow()).isZero();

                    time.advance(Duration.ofMillis(100));
                    BreakerCounters hanging = breaker.counters();
                    assertThat(hanging.inFlight()).isEqualTo(HUNG);
                    assertThat(hanging.stalled()).isEqualTo(HUNG);
                    assertThat(breaker.latencyMonitor().window().over()).isEqualTo(HUNG);

                    hungReturn.countDown();
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> breaker.counters().inFlight() == 0);
                    BreakerCounters after = breaker.counters();
                    assertThat(after.successful()).isEqualTo(CALLS);
                    assertThat(after.permitted()).isEqualTo(CALLS);
                    assertThat(after.slow()).isEqualTo(HUNG);
                    assertThat(after.stalled()).isEqualTo(HUNG);
                    assertThat(breaker.latencyMonitor().statistics().count()).isEqualTo(CALLS);
                    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
                    assertThat(context.getBean(BreakerRegistry.class).breakers())
                            .hasSize(1);
                });
    }

    static class Node {

        @LatencyGuarded
        void ask(CountDownLatch until) {
            try {
                until.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

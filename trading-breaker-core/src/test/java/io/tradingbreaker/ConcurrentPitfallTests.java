package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What other breakers got wrong about recovery under concurrency. Real threads and real time. */
@Timeout(120)
class ConcurrentPitfallTests {

    /** Recovers in the least time, and takes no call for slow that a busy machine holds up. */
    static BreakerConfig quick() {
        return BreakerConfig.DEFAULT.with(c -> c.p99Threshold(Duration.ofMinutes(1))
                .latencyThreshold(Duration.ofMinutes(1))
                .localPauseLimit(Duration.ZERO)
                .recoveryTimeout(Duration.ofMillis(100))
                .halfOpenTimeout(Duration.ofMillis(100))
                .recovery(new RecoveryPolicy(Duration.ofMillis(100), Duration.ofMillis(100), 1, 0)));
    }

    @Test
    void healthCheckThatIsCancelled_doesNotClose() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(3);
        HealthChecker hangs = () -> {
            try {
                never.await();
                return HealthStatus.healthy(Duration.ZERO, "never");
            } catch (InterruptedException e) {
                interrupted.countDown();
                // A checker that takes its interrupt for an answer: too late to count.
                return HealthStatus.healthy(Duration.ZERO, "cancelled");
            }
        };
        try (BreakerRegistry registry = BreakerRegistry.builder()
                .breaker("trading", quick().with(c -> c.probeTimeout(Duration.ofMillis(20))))
                .healthCheckers(List.of(hangs))
                .build()) {
            TradingBreaker breaker = registry.breaker("trading");
            breaker.trip("t", null);
            interrupted.await();
            assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
            assertThat(breaker.counters().healthyProbes().count()).isZero();
            assertThat(breaker.counters().stateChanges()).isEqualTo(1);
        }
    }

    @Test
    void breakerUnderConstantTraffic_isNotOpenForEver() throws Exception {
        CountDownLatch isOpen = new CountDownLatch(1);
        CountDownLatch isClosedByTrials = new CountDownLatch(1);
        try (BreakerRegistry registry = BreakerRegistry.builder()
                .breaker("trading", quick())
                .listeners(List.of(t -> {
                    isOpen.countDown();
                    if (t.to() == BreakerState.CLOSED && t.reason().rule() == Rule.TRIALS) {
                        isClosedByTrials.countDown();
                    }
                }))
                .build()) {
            TradingBreaker breaker = registry.breaker("trading");
            AtomicBoolean isFailing = new AtomicBoolean(true);
            Threads.run(4, number -> {
                if (number == 0) {
                    isOpen.await();
                    isFailing.set(false);
                }
                while (isClosedByTrials.getCount() > 0
                        && !Thread.currentThread().isInterrupted()) {
                    Permit permit = breaker.tryAcquire();
                    if (permit == null) {
                        LockSupport.parkNanos(100_000);
                    } else if (isFailing.get()) {
                        permit.failure();
                    } else {
                        permit.success();
                    }
                }
            });
            assertThat(isClosedByTrials.getCount()).isZero();
        }
    }
}

package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing is lost or counted twice, whatever happens at once. Real threads and time. */
class AccountsTests {

    private static final java.util.List<Intent> INTENTS = java.util.List.of(Intent.values());

    @Test
    @Timeout(60)
    void callsTransitionsAndOperatorsAtOnce_balance() throws Exception {
        BreakerConfig config = BreakerConfig.DEFAULT.with(c -> c.recoveryTimeout(java.time.Duration.ofMillis(100))
                .latencyThreshold(java.time.Duration.ofMillis(5))
                .p99Threshold(java.time.Duration.ofMillis(5)));
        BreakerConfig below = config.with(c -> c.parent("trading"));
        try (BreakerRegistry registry = BreakerRegistry.builder()
                .stallCheckInterval(java.time.Duration.ofMillis(5))
                .breaker("trading", config)
                .breaker("node", below)
                .build()) {
            TradingBreaker breaker = registry.breaker("node");
            Threads.run(4, number -> {
                Random random = new Random(number);
                for (int i = 0; i < 100_000; i++) {
                    one(breaker, random);
                    if (random.nextInt(500) == 0) {
                        operate(registry, random);
                    }
                }
            });
            for (TradingBreaker level : registry.breakers()) {
                Desk.assertBalanced(level);
                assertThat(level.counters().inFlight()).isZero();
                assertThat(level.counters().abandoned()).isZero();
            }
            BreakerCounters node = breaker.counters();
            BreakerCounters trading = registry.breaker("trading").counters();
            // Every call was decided exactly once, at one level or the other.
            assertThat(node.permitted() + node.rejected() + trading.rejected()).isEqualTo(4 * 100_000);
            assertThat(trading.permitted()).isEqualTo(node.permitted());
            assertThat(trading.failed()).isEqualTo(node.failed());
            assertThat(node.stateChanges()).isPositive();
        }
    }

    private static void one(TradingBreaker breaker, Random random) {
        Permit permit = breaker.tryAcquire(INTENTS.get(random.nextInt(4)));
        if (permit == null) {
            return;
        }
        if (random.nextInt(2_000) == 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(12_000_000);
        }
        switch (random.nextInt(10)) {
            case 0 -> permit.failure();
            case 1 -> permit.ignored();
            default -> permit.success();
        }
    }

    private static void operate(BreakerRegistry registry, Random random) {
        TradingBreaker breaker = registry.breaker(random.nextBoolean() ? "trading" : "node");
        try {
            switch (random.nextInt(6)) {
                case 0 -> breaker.halt("h", null);
                case 1 -> breaker.trip("t", null);
                case 2 -> breaker.resume("r", null);
                case 3 -> breaker.mode(random.nextBoolean() ? BreakerMode.OBSERVE : BreakerMode.ENFORCE);
                default -> breaker.reset("r", null);
            }
        } catch (BreakerConflictException notNow) {
            // as it should
        }
    }

    @Test
    void tenThousandCallsInFlight_areAllSeen() {
        Desk desk = Desk.of(c -> c.failureThreshold(0)
                .p99Threshold(java.time.Duration.ZERO)
                .latencyThreshold(java.time.Duration.ofMillis(200)));
        var permits = StalledCallTests.acquire(desk, 10_000);
        desk.advance(240);
        assertThat(desk.breaker().counters().inFlight()).isEqualTo(10_000);
        assertThat(desk.breaker().counters().stalled()).isEqualTo(10_000);
        permits.forEach(Permit::success);
        assertThat(desk.breaker().counters().successful()).isEqualTo(10_000);
        Desk.assertBalanced(desk.breaker());
    }
}

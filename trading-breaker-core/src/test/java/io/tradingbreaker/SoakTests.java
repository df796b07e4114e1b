package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two threads, ten million calls each, on two levels: random outcomes, hangs, losses, refusals, transitions and operators.
 * Real threads and time; only in the profile {@code soak}.
 */
@EnabledIfSystemProperty(named = "soak.calls", matches = "\\d+")
class SoakTests {

    private static final int THREADS = 2;
    private static final int ROUNDS = 10;
    private static final long CALLS = Long.getLong("soak.calls", 0);
    private static final long GROWTH_LIMIT = 4L << 20;
    private static final List<Intent> INTENTS = List.of(Intent.values());

    private static final BreakerConfig NODE = BreakerConfig.DEFAULT.with(c -> c.p99Threshold(Duration.ofMillis(20))
            .latencyThreshold(Duration.ofMillis(20))
            .windowAge(Duration.ofSeconds(1))
            .localPauseLimit(Duration.ofMillis(500))
            .permitTimeout(Duration.ofSeconds(3))
            .recoveryTimeout(Duration.ofMillis(100))
            .halfOpenTimeout(Duration.ofMillis(100))
            .recovery(new RecoveryPolicy(Duration.ofMillis(100), Duration.ofMillis(200), 2, 0.1))
            .parent("trading"));

    private final Chain tradingChain = new Chain();
    private final Chain nodeChain = new Chain();
    private final BreakerRegistry registry = BreakerRegistry.builder()
            .breaker("trading", NODE.with(c -> c.parent(null)))
            .breaker("node", NODE)
            .healthCheckers(List.of(() -> HealthStatus.healthy(Duration.ofMillis(1), "ok")))
            .listeners(List.of(t -> (t.breaker().equals("node") ? nodeChain : tradingChain).add(t)))
            .build();
    private final TradingBreaker trading = registry.breaker("trading");
    private final TradingBreaker node = registry.breaker("node");

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void millionsOfCalls_balance_loseNothing_andKeepMemoryFlat() throws Exception {
        Caller[] callers = {new Caller(1), new Caller(2)};
        List<Long> heap = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Threads.run(THREADS, number -> callers[number].call(CALLS / ROUNDS));
            heap.add(usedAfterCollection());
        }
        long leaked = (long) callers[0].leaked.size() + callers[1].leaked.size();
        await().atMost(Duration.ofMinutes(1)).until(() -> node.counters().abandoned() >= leaked);
        await().atMost(Duration.ofMinutes(1)).until(() -> trading.counters().inFlight() == 0);
        for (Caller caller : callers) {
            caller.leaked.forEach(Permit::success);
        }
        System.out.printf("heap in use after each round: %s%n%s%n%s%n", heap, node.counters(), trading.counters());

        long permitted = callers[0].permitted + callers[1].permitted;
        BreakerCounters n = node.counters();
        BreakerCounters t = trading.counters();
        assertThat(n.permitted()).isEqualTo(permitted);
        assertThat(t.permitted()).isEqualTo(permitted);
        assertThat(n.rejected() + t.rejected()).isEqualTo(THREADS * CALLS - permitted);
        for (BreakerCounters c : List.of(n, t)) {
            assertThat(c.total()).isEqualTo(c.permitted() + c.rejected());
            assertThat(c.permitted()).isEqualTo(c.successful() + c.failed() + c.ignored() + c.abandoned());
            assertThat(c.abandoned()).isEqualTo(leaked).isPositive();
            assertThat(c.inFlight()).isZero();
            assertThat(c.stalled()).isPositive();
            assertThat(c.transitions()).hasSizeGreaterThan(5);
        }
        assertThat(permitted).isGreaterThan(CALLS / 2);
        // The first rounds load classes and fill windows.
        assertThat(heap.get(ROUNDS - 1) - heap.get(2)).isLessThan(GROWTH_LIMIT);
        for (TradingBreaker breaker : List.of(trading, node)) {
            breaker.mode(BreakerMode.ENFORCE);
            breaker.reset("end", null);
        }
        assertRecovers(node);
        tradingChain.assertComplete(trading);
        nodeChain.assertComplete(node);
    }

    private static long usedAfterCollection() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** No trial slot is stuck: as many trials pass as are configured, and two successes close. */
    private static void assertRecovers(TradingBreaker breaker) {
        breaker.halt("end", null);
        breaker.resume("end", null);
        List<Permit> trials = new ArrayList<>();
        await().until(() -> breaker.state() == BreakerState.HALF_OPEN);
        for (int i = 0; i < 4; i++) {
            Permit trial = breaker.tryAcquire(Intent.OPEN_RISK);
            if (trial != null) {
                trials.add(trial);
            }
        }
        trials.forEach(Permit::success);
        assertThat(trials).hasSize(3);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    /** One thread's calls, and what it knows of them. */
    private final class Caller {

        private final Random random;
        private final List<Permit> leaked = new ArrayList<>();
        private long permitted;
        private int refusedInARow;
        private int failuresToCome;

        Caller(int seed) {
            random = new Random(seed);
        }

        void call(long calls) {
            for (long i = 0; i < calls; i++) {
                int chance = random.nextInt(100_000);
                if (chance < 5) {
                    operate();
                } else if (chance < 6) {
                    failuresToCome = 300;
                }
                boolean passed = chance < 50_000 ? byPermit(chance) : chance < 75_000 ? synchronous() : asynchronous();
                permitted += passed ? 1 : 0;
                refusedInARow = passed ? 0 : refusedInARow + 1;
                if (refusedInARow > 3_000 && random.nextInt(10_000) == 0) {
                    operator("reset");
                }
            }
        }

        private boolean byPermit(int chance) {
            Permit permit = node.tryAcquire(INTENTS.get(random.nextInt(4)));
            if (permit == null) {
                return false;
            }
            if (chance < 7 && leaked.size() < 50) {
                leaked.add(permit);
                return true;
            }
            if (chance < 10) {
                LockSupport.parkNanos(60_000_000);
            }
            if (isFailure()) {
                permit.failure();
            } else if (chance % 20 == 0) {
                permit.ignored();
            } else {
                permit.success();
            }
            // Comes second, so it does nothing.
            permit.failure();
            return true;
        }

        private boolean synchronous() {
            boolean failure = isFailure();
            try {
                node.call(Intent.OPEN_RISK, () -> {
                    if (failure) {
                        throw new IllegalStateException();
                    }
                    return "done";
                });
                return true;
            } catch (TradingPausedException refused) {
                return false;
            } catch (Exception failed) {
                return true;
            }
        }

        private boolean asynchronous() {
            boolean failure = isFailure();
            CompletableFuture<String> answer = new CompletableFuture<>();
            CompletableFuture<String> returned =
                    node.callAsync(Intent.OPEN_RISK, () -> answer).toCompletableFuture();
            if (returned != answer) {
                return false;
            }
            return failure ? answer.completeExceptionally(new IllegalStateException()) : answer.complete("done");
        }

        private boolean isFailure() {
            if (failuresToCome > 0) {
                failuresToCome--;
                return true;
            }
            return random.nextInt(50) == 0;
        }

        private void operate() {
            operator(List.of("trip", "halt", "resume", "reset", "observe", "enforce")
                    .get(random.nextInt(6)));
        }

        private void operator(String action) {
            TradingBreaker breaker = random.nextBoolean() ? trading : node;
            try {
                switch (action) {
                    case "trip" -> breaker.trip("soak", null);
                    case "halt" -> breaker.halt("soak", null);
                    case "resume" -> breaker.resume("soak", null);
                    case "observe" -> breaker.mode(BreakerMode.OBSERVE);
                    case "enforce" -> breaker.mode(BreakerMode.ENFORCE);
                    default -> breaker.reset("soak", null);
                }
            } catch (BreakerConflictException notNow) {
                // as it should
            }
        }
    }

    /** What a listener was told of one breaker: each transition once, each from where the last one led. */
    private static final class Chain {

        private volatile long told;
        private volatile BreakerState at = BreakerState.CLOSED;
        private volatile String gap;

        @SuppressWarnings("NonAtomicVolatileUpdate") // told by one thread at a time; that it is so is tested with it
        void add(Transition t) {
            if (gap == null && (t.from() != at || t.sequence() != told + 1)) {
                gap = "after " + told + " in " + at + " came " + t;
            }
            told++;
            at = t.to();
        }

        void assertComplete(TradingBreaker breaker) {
            await().until(() -> told >= breaker.counters().stateChanges());
            assertThat(gap).isNull();
            assertThat(told).isEqualTo(breaker.counters().stateChanges());
            assertThat(at).isEqualTo(breaker.state());
        }
    }
}

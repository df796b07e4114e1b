package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes to a breaker between the sweep's decision to evict it and its eviction, or just after that. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class EvictionRaceTests {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(11);

    private final ManualScheduler time = new ManualScheduler();
    private final AllBreakers all = new AllBreakers();
    private final Watchers watchers = new Watchers();
    private volatile Runnable onRead = () -> {};
    private final BreakerClock clock = new BreakerClock() {

        @Override
        public long nanoTime() {
            onRead.run();
            return time.clock().nanoTime();
        }

        @Override
        public Instant instant() {
            return time.clock().instant();
        }
    };
    private final SharedParts parts = new SharedParts(
            clock,
            time,
            new LocalPauses(20_000_000),
            List::of,
            List::of,
            List::of,
            all,
            new Retuner((name, config) -> config),
            null);
    private final BreakersByKey keyed =
            new BreakersByKey(new Breaker("node", null, BreakerConfig.DEFAULT, parts), parts, all, watchers);
    private final Breaker fra = (Breaker) keyed.of("fra1");

    /** Does something while the sweep waits to evict the breaker. */
    private void meanwhile(Runnable work) throws InterruptedException {
        Thread sweeper = new Thread(() -> time.advance(LONG_ENOUGH));
        all.operate(() -> {
            sweeper.start();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> sweeper.getState() == Thread.State.WAITING);
            work.run();
        });
        sweeper.join();
    }

    @Test
    void nothing_andItIsGone() throws InterruptedException {
        meanwhile(() -> {});
        assertThat(keyed.breakers()).isEmpty();
        assertThat(keyed.sweep().leaving())
                .as("once it was seen without a call")
                .isEmpty();
    }

    @Test
    void call_keepsIt_andCounts() throws InterruptedException {
        meanwhile(() -> fra.acquire(Intent.OPEN_RISK).success());
        assertThat(keyed.breakers()).containsExactly(fra);
        assertThat(fra.gate().counters().successful()).isEqualTo(1);
        fra.acquire(Intent.OPEN_RISK).failure();
        assertThat(fra.gate().counters().stale()).isZero();
        assertThat(fra.counters().consecutiveFailures()).isEqualTo(1);
    }

    @Test
    void callInFlight_keepsIt() throws InterruptedException {
        Permit[] permit = new Permit[1];
        meanwhile(() -> permit[0] = fra.acquire(Intent.OPEN_RISK));
        assertThat(keyed.breakers()).containsExactly(fra);
        permit[0].success();
        assertThat(fra.gate().counters().stale()).isZero();
    }

    @Test
    void halt_keepsIt() throws InterruptedException {
        meanwhile(() -> fra.halt("test", null));
        assertThat(keyed.breakers()).containsExactly(fra);
        assertThat(fra.gate().machine().phase().state).isEqualTo(BreakerState.HALTED);
    }

    @Test
    void mode_keepsIt() throws InterruptedException {
        meanwhile(() -> fra.mode(BreakerMode.OBSERVE));
        assertThat(keyed.breakers()).containsExactly(fra);
    }

    @Test
    void retuneOfTheTemplate_whileTheSweepLooksWhetherItMayGo_takesItAlong() throws Exception {
        keyed.template().retune(c -> c.recoveryTimeout(Duration.ofHours(1)), "not stable yet", null);
        fra.trip("test", null);
        fra.reset("test", null);
        FutureTask<BreakerConfig> retune =
                new FutureTask<>(() -> keyed.template().retune(c -> c.windowSize(500), "test", null));
        Thread operator = new Thread(retune);
        onRead = () -> {
            if (fra.isEvicted() && operator.getState() == Thread.State.NEW) {
                operator.start();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> operator.getState() == Thread.State.WAITING || retune.isDone());
            }
        };
        time.advance(LONG_ENOUGH);
        assertThat(retune.get(20, TimeUnit.SECONDS).windowSize()).isEqualTo(500);
        assertThat(keyed.breakers()).containsExactly(fra);
        assertThat(fra.config().windowSize()).isEqualTo(500);
    }

    @Test
    void haltWhileWatchersAreTold_waitsForThem_andHaltsTheSuccessor() throws Exception {
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        watchers.add(
                made -> {},
                gone -> {
                    telling.countDown();
                    try {
                        assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                List.of(fra));
        Thread sweeper = new Thread(() -> time.advance(LONG_ENOUGH));
        sweeper.start();
        assertThat(telling.await(20, TimeUnit.SECONDS)).isTrue();
        fra.acquire(Intent.OPEN_RISK).success();
        assertThat(keyed.template().counters().successful()).isEqualTo(1);
        Thread operator = new Thread(() -> fra.halt("test", null));
        operator.start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> operator.getState() == Thread.State.TIMED_WAITING || !operator.isAlive());
        goOn.countDown();
        operator.join();
        sweeper.join();
        assertThat(keyed.of("fra1")).isNotSameAs(fra);
        assertThat(keyed.of("fra1").state()).isEqualTo(BreakerState.HALTED);
        assertThat(keyed.template().state()).isEqualTo(BreakerState.CLOSED);
    }
}

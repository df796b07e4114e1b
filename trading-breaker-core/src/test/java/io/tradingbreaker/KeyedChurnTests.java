package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.KeyPolicy.WhenFull;
import io.tradingbreaker.test.ManualScheduler;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Keys that come and go on real threads, in virtual time: one thread lets time pass, so that breakers are evicted all the
 * while, and others call them.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KeyedChurnTests {

    private static final int CALLERS = 2;
    private static final int KEYS = 24;
    private static final int MAX_KEYS = 16;

    /** No rule trips: time jumps under the calls. */
    private static final BreakerConfig NODE = BreakerConfig.DEFAULT.with(c -> c.p99Threshold(Duration.ZERO)
            .latencyThreshold(Duration.ofHours(1))
            .permitTimeout(Duration.ofHours(1))
            .windowSize(1)
            .minimumSamples(1)
            .failureThreshold(0)
            .errorRateThreshold(0)
            .localPauseLimit(Duration.ZERO)
            .recoveryTimeout(Duration.ofMillis(100))
            .keys(new KeyPolicy(MAX_KEYS, WhenFull.SHARE, Duration.ofSeconds(1))));

    private final ManualScheduler time = new ManualScheduler();
    private final BreakerRegistry registry = BreakerRegistry.builder()
            .clock(time.clock())
            .scheduler(time)
            .stallCheckInterval(Duration.ofSeconds(1))
            .breaker("node", NODE)
            .build();
    private final KeyedBreakers keyed = registry.keyed("node");
    private final Queue<Breaker> made = new ConcurrentLinkedQueue<>();
    private final AtomicInteger generations = new AtomicInteger();
    private final AtomicInteger present = new AtomicInteger();
    private final AtomicInteger mostPresent = new AtomicInteger();
    private final AtomicInteger untold = new AtomicInteger();

    @AfterEach
    void close() {
        registry.close();
    }

    private void watch() {
        registry.onEachBreaker(
                breaker -> {
                    if (breaker != keyed.template() && breaker.name().contains(":")) {
                        made.add((Breaker) breaker);
                        generations.incrementAndGet();
                        mostPresent.accumulateAndGet(present.incrementAndGet(), Math::max);
                        if (registry.breakers().stream()
                                        .filter(b -> b.name().equals(breaker.name()))
                                        .count()
                                > 1) {
                            untold.incrementAndGet();
                        }
                    }
                },
                breaker -> present.decrementAndGet());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                throw new AssertionError("it does not come");
            }
            LockSupport.parkNanos(100_000);
        }
    }

    // ---- accounts ----

    @Test
    void everyCall_isCountedOnce_overAllGenerations() throws Exception {
        int calls = 1_200_000;
        int callsPerGeneration = 300;
        watch();
        AtomicLong done = new AtomicLong();
        AtomicLong admitted = new AtomicLong();
        Threads.run(1 + CALLERS, number -> {
            if (number == 0) {
                while (done.get() < calls) {
                    if ((long) generations.get() * callsPerGeneration <= done.get()) {
                        time.advance(Duration.ofMillis(250));
                    } else {
                        LockSupport.parkNanos(50_000);
                    }
                }
                return;
            }
            TradingBreaker[] kept = new TradingBreaker[KEYS];
            Random random = new Random(number);
            for (int i = 0; i < calls / CALLERS; i++) {
                // A few keys at a time, others of them later: those before go idle.
                int key = (i / 400 + random.nextInt(3)) % KEYS;
                TradingBreaker breaker = keyed.of("key-" + key);
                if (kept[key] == null || random.nextInt(1_000) == 0) {
                    kept[key] = breaker;
                }
                admitted.addAndGet(call(random.nextBoolean() ? breaker : kept[key], i));
                done.incrementAndGet();
            }
        });
        time.advance(Duration.ofSeconds(5));
        assertThat(keyed.breakers()).as("all idle at the end").isEmpty();
        assertThat(present).hasValue(0);
        assertThat(untold).hasValue(0);
        assertThat(mostPresent.get()).isBetween(3, MAX_KEYS);
        assertThat(generations.get()).as("evictions").isGreaterThan(500);
        long total = keyed.template().counters().total();
        for (Breaker breaker : made) {
            BreakerCounters counters = breaker.gate().counters();
            total += counters.total();
            assertThat(counters.inFlight()).isZero();
            assertThat(counters.abandoned()).isZero();
            assertThat(counters.stateChanges()).isZero();
        }
        assertThat(admitted.get()).as("nothing pauses").isEqualTo(calls);
        assertThat(total).isEqualTo(calls);
    }

    private static int call(TradingBreaker breaker, int i) throws Exception {
        return switch (i & 3) {
            case 0 -> breaker.call(() -> 1);
            case 1 -> {
                breaker.acquire(Intent.OPEN_RISK).failure();
                yield 1;
            }
            case 2 -> {
                breaker.acquire(Intent.CANCEL).ignored();
                yield 1;
            }
            default -> {
                Permit permit = breaker.tryAcquire();
                if (permit == null) {
                    yield 0;
                }
                permit.success();
                yield 1;
            }
        };
    }

    // ---- halts ----

    @Test
    void afterAHaltForAll_noKeyIsAdmitted_whateverComesAndGoes() throws Exception {
        int rounds = 200;
        watch();
        // Odd while every call must be refused.
        AtomicInteger epoch = new AtomicInteger();
        AtomicLong attempts = new AtomicLong();
        AtomicInteger wrong = new AtomicInteger();
        Threads.run(1 + CALLERS, number -> {
            if (number == 0) {
                try {
                    for (int round = 0; round < rounds; round++) {
                        for (int i = 0; i < 6; i++) {
                            time.advance(Duration.ofMillis(250));
                        }
                        registry.halt("test", null);
                        epoch.incrementAndGet();
                        long before = attempts.get();
                        await(() -> attempts.get() - before > 200);
                        epoch.incrementAndGet();
                        registry.reset("test", null);
                        time.advance(Duration.ofMillis(1_250));
                    }
                } finally {
                    epoch.set(-1);
                }
                return;
            }
            TradingBreaker[] kept = new TradingBreaker[KEYS];
            Random random = new Random(number);
            for (int before = epoch.get(); before >= 0; before = epoch.get()) {
                int key = random.nextInt(KEYS);
                kept[key] = kept[key] == null || random.nextInt(50) == 0 ? keyed.of("key-" + key) : kept[key];
                Permit permit = kept[key].tryAcquire();
                if (permit != null) {
                    if ((before & 1) == 1 && epoch.get() == before) {
                        wrong.incrementAndGet();
                    }
                    permit.success();
                }
                attempts.incrementAndGet();
            }
        });
        assertThat(wrong).hasValue(0);
        assertThat(generations.get()).as("evictions").isGreaterThan(KEYS);
    }

    // ---- a million keys ----

    @Test
    void millionDistinctKeys_takeNoMoreThanMaxKeysBreakers() throws Exception {
        int keys = 1_000_000;
        watch();
        String unwelcome = "\u0000\r\n" + "x".repeat(300);
        long before = usedAfterCollection();
        Threads.run(CALLERS, number -> {
            for (int i = number; i < keys; i += CALLERS) {
                keyed.of(i % 1_000 == 0 ? unwelcome + i : "key-" + i)
                        .acquire(Intent.OPEN_RISK)
                        .success();
            }
        });
        assertThat(usedAfterCollection() - before).as("bytes").isLessThan(8 << 20);
        assertThat(keyed.breakers()).hasSize(MAX_KEYS);
        assertThat(registry.breakers()).hasSize(2 + MAX_KEYS);
        assertThat(mostPresent).hasValue(MAX_KEYS);
        assertThat(generations).hasValue(MAX_KEYS);
        assertThat(keyed.template().counters().successful()).isEqualTo(keys - MAX_KEYS);
    }

    private static long usedAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}

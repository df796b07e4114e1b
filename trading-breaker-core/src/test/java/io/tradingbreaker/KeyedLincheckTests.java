package io.tradingbreaker;

import io.tradingbreaker.KeyPolicy.WhenFull;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * A single key's breaker that is evicted while it is called and while all are halted. Guards the caller that has the
 * breaker in its hand and enters behind the eviction: it must be refused where a halt came first, and its call must be in the accounts of a breaker. Making
 * and evicting breakers takes a lock; admission does not.
 */
public class KeyedLincheckTests extends Lincheck {

    private static final Duration IDLE = Duration.ofSeconds(1);

    private final Time time = new Time();
    private final AllBreakers all = new AllBreakers();
    private final Watchers watchers = new Watchers();
    private final SharedParts parts = new SharedParts(
            time,
            time,
            new LocalPauses(1),
            List::of,
            List::of,
            List::of,
            all,
            new Retuner((name, config) -> config),
            null);
    private final BreakersByKey keyed = new BreakersByKey(
            new Breaker(
                    "node",
                    null,
                    StillBreaker.SMALL.with(c -> c.failureThreshold(0)
                            .p99Threshold(Duration.ofHours(1))
                            .permitTimeout(Duration.ofHours(1))
                            .recoveryTimeout(Duration.ofMillis(100))
                            .keys(new KeyPolicy(2, WhenFull.SHARE, IDLE))),
                    parts),
            parts,
            all,
            watchers);
    private final List<Breaker> made = new CopyOnWriteArrayList<>(List.of(keyed.template()));
    private final TradingBreaker old;
    private final AtomicInteger attempts = new AtomicInteger();

    public KeyedLincheckTests() {
        all.add(keyed.template());
        watchers.add(breaker -> made.add((Breaker) breaker), breaker -> {}, List.of());
        old = keyed.of("key");
    }

    @Operation
    public boolean callOld() {
        return call(old);
    }

    @Operation
    public boolean call() {
        return call(keyed.of("key"));
    }

    private boolean call(TradingBreaker breaker) {
        attempts.incrementAndGet();
        Permit permit = breaker.tryAcquire();
        if (permit != null) {
            permit.success();
        }
        return permit != null;
    }

    @Operation(nonParallelGroup = "sweep")
    public void sweepIdle() {
        keyed.sweep().sweep();
        time.pass(IDLE);
        keyed.sweep().sweep();
    }

    @Operation
    public void halt() {
        all.halt("test", null);
    }

    @Operation
    public void reset() {
        all.reset("test", null);
    }

    @Validate
    public void accounts() {
        long total = 0;
        for (Breaker breaker : made) {
            total += breaker.gate().counters().total();
        }
        same("calls in the accounts", total, (long) attempts.get());
    }

    @Override
    boolean isLockFree() {
        return false;
    }

    private static final class Time extends NoTimers {

        private final AtomicLong nanos = new AtomicLong();

        void pass(Duration time) {
            nanos.addAndGet(time.toNanos());
        }

        @Override
        public long nanoTime() {
            return nanos.get();
        }

        @Override
        public void publish(Runnable work) {
            work.run();
        }
    }
}

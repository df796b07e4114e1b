package io.tradingbreaker.benchmarks;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerSnapshot;
import io.tradingbreaker.RecoveryScheduler;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.test.ManualClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What runs beside the calls: a snapshot, and one tick of the stall check. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Upkeep {

    /** A full window. */
    @State(Scope.Benchmark)
    public static class Busy {

        TradingBreaker breaker = GuardedApplication.breaker("alone");

        // Anew each time: samples leave the window with age.
        @Setup(Level.Iteration)
        public void fill() throws Exception {
            for (int i = 0; i < 1_000; i++) {
                breaker.call(() -> "done");
            }
        }
    }

    @Benchmark
    public BreakerSnapshot snapshot(Busy busy) {
        return busy.breaker.snapshot();
    }

    /** Calls in flight that are young, for good: their clock stands still. */
    @State(Scope.Benchmark)
    public static class InFlight implements RecoveryScheduler {

        @Param({"0", "100", "10000"})
        int calls;

        private Runnable tick = () -> {};

        @Setup
        public void admit() {
            TradingBreaker breaker = BreakerRegistry.builder()
                    .clock(new ManualClock())
                    .scheduler(this)
                    .build()
                    .breaker(BreakerRegistry.DEFAULT_NAME);
            for (int i = 0; i < calls; i++) {
                breaker.tryAcquire();
            }
        }

        @Override
        public Task after(Duration delay, Runnable work) {
            return () -> {};
        }

        @Override
        public Task probe(Runnable check) {
            return () -> {};
        }

        @Override
        public void publish(Runnable listeners) {}

        @Override
        public void close() {}

        @Override
        public Task every(Duration interval, Runnable work) {
            tick = work;
            return () -> {};
        }
    }

    @Benchmark
    public void stallCheckTick(InFlight inFlight) {
        inFlight.tick.run();
    }
}

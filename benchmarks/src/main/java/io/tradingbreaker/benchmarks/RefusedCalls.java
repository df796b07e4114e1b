package io.tradingbreaker.benchmarks;

import io.tradingbreaker.TradingBreaker;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A call that is refused, while OPEN. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RefusedCalls {

    private static final Object RESULT = new Object();
    private static final Callable<Object> OPERATION = () -> RESULT;
    private static final int FRAMES = 8;

    /** One breaker that is open, shared by all threads. */
    @State(Scope.Benchmark)
    public static class One {

        @Param({"TRADING_BREAKER", "R4J_COUNT", "FAILSAFE_COUNT", "SENTINEL", "SMALLRYE"})
        Contender contender = Contender.CLOCK;

        Guard guard = Callable::call;

        @Setup
        public void makeOpen() {
            guard = contender.guard();
            guard.open();
        }
    }

    @Benchmark
    public @Nullable Object caughtInPlace(One one) {
        try {
            return one.guard.call(OPERATION);
        } catch (Exception refusal) {
            return refusal;
        }
    }

    @Benchmark
    public @Nullable Object caughtEightFramesUp(One one) {
        try {
            return down(one.guard, FRAMES);
        } catch (Exception refusal) {
            return refusal;
        }
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private @Nullable Object down(Guard guard, int frames) throws Exception {
        return frames == 1 ? guard.call(OPERATION) : down(guard, frames - 1);
    }

    /** Our breaker, open. */
    @State(Scope.Benchmark)
    public static class Ours {

        TradingBreaker breaker = GuardedApplication.breaker("alone");

        @Setup
        public void open() {
            breaker.trip("benchmark", null);
        }
    }

    @Benchmark
    public @Nullable Object tryAcquire(Ours ours) {
        return ours.breaker.tryAcquire();
    }
}

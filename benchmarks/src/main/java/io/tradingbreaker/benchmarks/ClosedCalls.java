package io.tradingbreaker.benchmarks;

import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingBreaker;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A guarded call that does nothing, while CLOSED. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ClosedCalls {

    private static final Object RESULT = new Object();
    private static final Callable<Object> OPERATION = () -> RESULT;

    /** One breaker, shared by all threads. */
    @State(Scope.Benchmark)
    public static class One {

        @Param({
            "CLOCK",
            "TRADING_BREAKER",
            "TRADING_BREAKER_WITH_PARENT",
            "R4J_COUNT",
            "R4J_COUNT_LOCK_FREE",
            "R4J_TIME",
            "R4J_TIME_LOCK_FREE",
            "FAILSAFE_COUNT",
            "FAILSAFE_TIME",
            "SENTINEL",
            "SMALLRYE"
        })
        Contender contender = Contender.CLOCK;

        Guard guard = Callable::call;

        @Setup
        public void make() {
            guard = contender.guard();
        }
    }

    @Benchmark
    public @Nullable Object call(One one) throws Exception {
        return one.guard.call(OPERATION);
    }

    /** Our breaker's permits, for those who call no closure. */
    @State(Scope.Benchmark)
    public static class Ours {
        TradingBreaker breaker = GuardedApplication.breaker("alone");
    }

    @Benchmark
    public void tryAcquireAndComplete(Ours ours) {
        Permit permit = Objects.requireNonNull(ours.breaker.tryAcquire());
        permit.success();
    }
}

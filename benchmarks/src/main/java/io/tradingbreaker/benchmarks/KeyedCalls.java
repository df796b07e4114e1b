package io.tradingbreaker.benchmarks;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.KeyPolicy;
import io.tradingbreaker.KeyedBreakers;
import io.tradingbreaker.TradingBreaker;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A guarded call that does nothing, while CLOSED, by its key and without one. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class KeyedCalls {

    private static final int KEYS = 64;
    private static final Object RESULT = new Object();
    private static final Callable<Object> OPERATION = () -> RESULT;

    private final BreakerRegistry registry = BreakerRegistry.builder()
            .breaker("node", BreakerConfig.DEFAULT)
            .breaker(
                    "full",
                    BreakerConfig.DEFAULT.with(
                            c -> c.keys(new KeyPolicy(1, KeyPolicy.WhenFull.SHARE, Duration.ofHours(1)))))
            .build();
    private final TradingBreaker breaker = registry.breaker("node");
    private final KeyedBreakers keyed = registry.keyed("node");
    private final KeyedBreakers full = registry.keyed("full");
    private final String[] keys = new String[KEYS];

    /** With the only place for a key taken. */
    public KeyedCalls() {
        full.of("first");
        for (int i = 0; i < KEYS; i++) {
            keys[i] = "fra" + i + ".example.com";
        }
    }

    @TearDown
    public void close() {
        registry.close();
    }

    /** Each thread's place among the keys. */
    @State(Scope.Thread)
    public static class Next {
        int number;
    }

    @Benchmark
    public @Nullable Object withoutKey() throws Exception {
        return breaker.call(OPERATION);
    }

    @Benchmark
    public @Nullable Object oneKey() throws Exception {
        return keyed.of("fra1.example.com").call(OPERATION);
    }

    /** One key after the other, so that each breaker has left the nearest cache. */
    @Benchmark
    public @Nullable Object manyKeys(Next next) throws Exception {
        return keyed.of(keys[next.number++ & (KEYS - 1)]).call(OPERATION);
    }

    /** A key that was never seen and finds no room; with the making of its text. */
    @Benchmark
    public @Nullable Object unknownKey(Next next) throws Exception {
        return full.of("key-" + next.number++).call(OPERATION);
    }
}

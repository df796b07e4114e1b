package io.tradingbreaker.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A guarded method of a Spring bean that does nothing, while CLOSED. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class SpringCalls {

    private static final Object ORDER = new Object();
    private static final String HOST = "fra1.example.com";
    private static final GuardedApplication.Endpoint ENDPOINT = new GuardedApplication.Endpoint(HOST);

    private final GuardedApplication.Desk desk = GuardedApplication.guardedDesk();

    @Benchmark
    public Object emptyInterceptor() {
        return desk.intercepted(ORDER);
    }

    @Benchmark
    public Object latencyGuarded() {
        return desk.guarded(ORDER);
    }

    @Benchmark
    public Object latencyGuardedByParameter() {
        return desk.keyed(HOST, ORDER);
    }

    @Benchmark
    public Object latencyGuardedByProperty() {
        return desk.keyedByProperty(ENDPOINT, ORDER);
    }

    @Benchmark
    public Object r4jCircuitBreaker() {
        return desk.circuitBreaker(ORDER);
    }
}

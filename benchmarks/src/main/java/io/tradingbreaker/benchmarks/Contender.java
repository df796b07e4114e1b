package io.tradingbreaker.benchmarks;

import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE;
import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.SYNCHRONIZED;
import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType.COUNT_BASED;
import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType.TIME_BASED;

import com.alibaba.csp.sentinel.Entry;
import com.alibaba.csp.sentinel.SphU;
import com.alibaba.csp.sentinel.Tracer;
import com.alibaba.csp.sentinel.slots.block.RuleConstant;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRule;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRuleManager;
import com.alibaba.csp.sentinel.slots.block.degrade.circuitbreaker.CircuitBreakerStrategy;
import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerBuilder;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.tradingbreaker.TradingBreaker;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The breakers that are compared, with the same settings as far as each has them: slow is over 200 ms, 1 % of the last
 * 1,000 calls (of the last 10 s where the window is one of time) may be slow, at least 100 calls are needed, half of them may
 * fail, and a pause lasts an hour.
 */
public enum Contender {
    /** Two readings of the clock around the call: no breaker that knows latency can cost less. */
    CLOCK,
    /** With its defaults: five slow calls in a row trip too. */
    TRADING_BREAKER,
    /** With the percentile rule alone; the others have no rule of calls in a row here either. */
    TRADING_BREAKER_PERCENTILE_ONLY,
    TRADING_BREAKER_WITH_PARENT,
    R4J_COUNT,
    R4J_COUNT_LOCK_FREE,
    R4J_TIME,
    R4J_TIME_LOCK_FREE,
    FAILSAFE_COUNT,
    FAILSAFE_TIME,
    SENTINEL,
    SMALLRYE;

    static final Duration SLOW = Duration.ofMillis(200);

    private static final int WINDOW = 1_000;
    private static final int WINDOW_SECONDS = 10;
    private static final int MINIMUM = 100;
    private static final Duration PAUSE = Duration.ofHours(1);

    /** A new breaker of this kind. */
    Guard guard() {
        return switch (this) {
            case CLOCK -> clock();
            case TRADING_BREAKER -> tradingBreaker("alone");
            case TRADING_BREAKER_PERCENTILE_ONLY -> tradingBreaker("percentile-only");
            case TRADING_BREAKER_WITH_PARENT -> tradingBreaker("child");
            case R4J_COUNT -> resilience4j(COUNT_BASED, WINDOW, SYNCHRONIZED);
            case R4J_COUNT_LOCK_FREE -> resilience4j(COUNT_BASED, WINDOW, LOCK_FREE);
            case R4J_TIME -> resilience4j(TIME_BASED, WINDOW_SECONDS, SYNCHRONIZED);
            case R4J_TIME_LOCK_FREE -> resilience4j(TIME_BASED, WINDOW_SECONDS, LOCK_FREE);
            case FAILSAFE_COUNT -> failsafe(CircuitBreaker.builder().withFailureThreshold(WINDOW / 100, WINDOW));
            case FAILSAFE_TIME ->
                failsafe(CircuitBreaker.builder()
                        .withFailureRateThreshold(1, MINIMUM, Duration.ofSeconds(WINDOW_SECONDS)));
            case SENTINEL -> sentinel();
            case SMALLRYE -> smallrye();
        };
    }

    /** Whether slow calls count by themselves; where not, the benchmark makes them fail. */
    boolean knowsLatency() {
        return this != FAILSAFE_COUNT && this != FAILSAFE_TIME && this != SMALLRYE;
    }

    /** Whether a call that has not returned counts. */
    boolean seesCallsInFlight() {
        return this == TRADING_BREAKER || this == TRADING_BREAKER_PERCENTILE_ONLY;
    }

    private static Guard clock() {
        return operation -> {
            long start = System.nanoTime();
            Object result = operation.call();
            return System.nanoTime() - start < 0 ? null : result;
        };
    }

    private static Guard tradingBreaker(String name) {
        TradingBreaker breaker = GuardedApplication.breaker(name);
        return breaker::call;
    }

    private static Guard resilience4j(SlidingWindowType type, int size, SlidingWindowSynchronizationStrategy strategy) {
        var breaker = io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
                "trading",
                CircuitBreakerConfig.custom()
                        .slidingWindow(size, MINIMUM, type, strategy)
                        .slowCallDurationThreshold(SLOW)
                        .slowCallRateThreshold(1)
                        .waitDurationInOpenState(PAUSE)
                        .build());
        return breaker::executeCallable;
    }

    private static Guard failsafe(CircuitBreakerBuilder<Object> builder) {
        FailsafeExecutor<Object> executor =
                Failsafe.with(builder.withDelay(PAUSE).build());
        return operation -> executor.get(operation::call);
    }

    private static Guard sentinel() {
        String resource = "trading-" + UUID.randomUUID();
        DegradeRule slow = new DegradeRule(resource)
                .setGrade(CircuitBreakerStrategy.SLOW_REQUEST_RATIO.getType())
                .setCount((double) SLOW.toMillis())
                .setSlowRatioThreshold(0.01);
        DegradeRule errors = new DegradeRule(resource)
                .setGrade(RuleConstant.DEGRADE_GRADE_EXCEPTION_RATIO)
                .setCount(0.5);
        for (DegradeRule rule : List.of(slow, errors)) {
            rule.setMinRequestAmount(MINIMUM)
                    .setStatIntervalMs(WINDOW_SECONDS * 1_000)
                    .setTimeWindow((int) PAUSE.toSeconds());
        }
        DegradeRuleManager.setRulesForResource(resource, Set.of(slow, errors));
        return operation -> {
            try (Entry entry = SphU.entry(resource)) {
                try {
                    return operation.call();
                } catch (Exception e) {
                    Tracer.traceEntry(e, entry);
                    throw e;
                }
            }
        };
    }

    private static Guard smallrye() {
        var guard = io.smallrye.faulttolerance.api.Guard.create()
                .withCircuitBreaker()
                .requestVolumeThreshold(WINDOW)
                .failureRatio(0.01)
                .delay(PAUSE.toMinutes(), ChronoUnit.MINUTES)
                .done()
                .build();
        return operation -> guard.call(operation, Object.class);
    }
}

package io.tradingbreaker;

import io.tradingbreaker.ModelCase.Health;
import io.tradingbreaker.ModelCase.Step;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What health checks find, told to breakers and to their models. Single-threaded. */
final class ModelHealth {

    private static final List<Health> HEALTHS = List.of(Health.values());

    private final Function<String, BreakerConfig> limits;
    private final ManualScheduler scheduler;
    private final ModelTime time;
    private final Map<String, Step> current = new HashMap<>();

    ModelHealth(Function<String, BreakerConfig> limits, ManualScheduler scheduler, ModelTime time) {
        this.limits = limits;
        this.scheduler = scheduler;
        this.time = time;
    }

    void change(Step step) {
        current.put(step.level(), step);
    }

    /** From now on all are healthy. */
    void recover() {
        current.clear();
    }

    /** What the breaker of that name asks. */
    HealthChecker checker(String name) {
        return new HealthChecker() {
            @Override
            public HealthStatus check() {
                return answer(name);
            }

            @Override
            public boolean supports(String breaker) {
                return breaker.equals(name);
            }
        };
    }

    private Health healthOf(String name) {
        Step step = current.get(name);
        return step == null ? Health.FAST : HEALTHS.get(step.which() % HEALTHS.size());
    }

    private HealthStatus answer(String name) {
        Duration threshold = limits.apply(name).latencyThreshold();
        Health kind = healthOf(name);
        return switch (kind) {
            case FAST -> HealthStatus.healthy(Duration.ofMillis(1), "fast");
            case AT_THE_THRESHOLD -> HealthStatus.healthy(threshold, "at the threshold");
            case SLOW -> HealthStatus.healthy(threshold.plusNanos(1), "slow");
            case UNHEALTHY -> HealthStatus.unhealthy("unhealthy");
            case THROWS -> throw new IllegalStateException("thrown");
            case NULL -> null;
            case TIMED_BY_THE_BREAKER, HANGS_AND_IS_HEALTHY, HANGS_AND_IS_NOT -> {
                scheduler.advance(Duration.ofNanos(current.get(name).nanos()));
                Duration measured = kind == Health.TIMED_BY_THE_BREAKER ? null : Duration.ZERO;
                yield new HealthStatus(kind != Health.HANGS_AND_IS_NOT, measured, null, "hung");
            }
        };
    }

    /** What its model asks. */
    boolean isHealthy(String name) {
        Health kind = healthOf(name);
        long began = time.now();
        switch (kind) {
            case FAST, AT_THE_THRESHOLD -> {
                return true;
            }
            case TIMED_BY_THE_BREAKER, HANGS_AND_IS_HEALTHY, HANGS_AND_IS_NOT ->
                time.advance(current.get(name).nanos());
            default -> {
                return false;
            }
        }
        long slow = limits.apply(name).latencyThreshold().toNanos();
        return kind == Health.HANGS_AND_IS_HEALTHY
                || (kind == Health.TIMED_BY_THE_BREAKER && time.now() - began <= slow);
    }
}

package io.tradingbreaker;

import io.tradingbreaker.ModelCase.Act;
import io.tradingbreaker.ModelCase.Step;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.function.Consumer;

/** Operates breakers and their models alike, and compares which calls are allowed. Single-threaded. */
final class ModelOperators {

    private final BreakerRegistry registry;
    private final Map<String, BreakerModel> models;
    private final ModelCoverage coverage;
    private final ModelComparison comparison;
    private boolean haltsLaterOnes;

    ModelOperators(
            BreakerRegistry registry,
            Map<String, BreakerModel> models,
            ModelCoverage coverage,
            ModelComparison comparison) {
        this.registry = registry;
        this.models = models;
        this.coverage = coverage;
        this.comparison = comparison;
    }

    static EnumSet<Act> acts() {
        return EnumSet.range(Act.TRIP, Act.RESET_ALL);
    }

    /** Not a multiple of anything. */
    private static long drillNanos(Step step) {
        return 1_000_000_001L + step.which() * 997L;
    }

    /** Returns whether it was allowed. */
    boolean operate(Step step) {
        TradingBreaker breaker = registry.breaker(step.level());
        BreakerModel level = models.get(step.level());
        Consumer<BreakerConfigBuilder> change = ModelCase.change(step, level.config, level.inFlight.size() < 2);
        boolean isAnyResumable = models.values().stream().anyMatch(BreakerModel::isResumable);
        boolean isAnyHalted = models.values().stream().anyMatch(m -> m.state == BreakerState.HALTED);
        boolean expected = switch (step.act()) {
            case TRIP -> level.trip();
            case HALT -> level.halt();
            case RESUME -> level.resume();
            case RESET -> level.reset();
            case DRILL -> level.drill(drillNanos(step));
            case OBSERVE, ENFORCE -> {
                level.mode = step.act() == Act.OBSERVE ? BreakerMode.OBSERVE : BreakerMode.ENFORCE;
                yield true;
            }
            case RETUNE -> {
                level.retune(level.config.with(change));
                yield true;
            }
            case TRIP_ALL -> !isAnyHalted && all(BreakerModel::trip);
            case HALT_ALL -> all(BreakerModel::halt);
            case RESET_ALL -> all(BreakerModel::reset);
            case RESUME_ALL -> (isAnyResumable || haltsLaterOnes) && all(BreakerModel::resume);
            default -> throw new AssertionError(step);
        };
        boolean worked = true;
        try {
            switch (step.act()) {
                case TRIP -> breaker.trip("model", null);
                case HALT -> breaker.halt("model", null);
                case RESUME -> breaker.resume("model", null);
                case RESET -> breaker.reset("model", null);
                case DRILL -> breaker.drill(Duration.ofNanos(drillNanos(step)), "model", null);
                case RETUNE -> breaker.retune(change, "model", null);
                case TRIP_ALL -> registry.trip("model", null);
                case HALT_ALL -> registry.halt("model", null);
                case RESUME_ALL -> registry.resume("model", null);
                case RESET_ALL -> registry.reset("model", null);
                default -> breaker.mode(level.mode);
            }
        } catch (BreakerConflictException conflict) {
            worked = false;
        }
        haltsLaterOnes = step.act() == Act.HALT_ALL
                || (haltsLaterOnes && step.act() != Act.RESUME_ALL && step.act() != Act.RESET_ALL);
        coverage.add(step.act(), worked);
        comparison.differ(level, "operator's call allowed", worked, expected);
        return expected;
    }

    private boolean all(Consumer<BreakerModel> action) {
        models.values().forEach(action);
        return true;
    }
}

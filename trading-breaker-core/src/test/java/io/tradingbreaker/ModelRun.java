package io.tradingbreaker;

import io.tradingbreaker.ModelCase.Step;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Takes the steps of a case with breakers and with their models side by side. Single-threaded. */
final class ModelRun {

    private static final List<Intent> INTENTS = List.of(Intent.values());
    private static final int MOST_CALLS = 10;
    // Two calls that are further apart are never seen over a threshold by the same check.
    private static final long APART = ModelCase.INTERVAL * 3 / 2;

    private final ModelCase model;
    private final ManualScheduler scheduler = new ManualScheduler();
    private final ModelTime time = new ModelTime(ModelCase.INTERVAL);
    // By name, as the registry has them: the order in which all are operated and checked.
    private final Map<String, BreakerModel> models = new TreeMap<>();
    private final Map<String, Breaker> breakers = new LinkedHashMap<>();
    private final ModelHealth health;
    private final ModelOperators operators;
    private final BreakerRegistry registry;
    private final List<Call> open = new ArrayList<>();
    private final List<Call> done = new ArrayList<>();
    private final List<Transition> told = new ArrayList<>();
    private final ModelCoverage coverage;
    private final ModelComparison comparison;

    private ModelRun(ModelCase model, ModelCoverage coverage) {
        this.model = model;
        this.coverage = coverage;
        health = new ModelHealth(name -> models.get(name).config, scheduler, time);
        BreakerRegistryBuilder builder = BreakerRegistry.builder()
                .clock(scheduler.clock())
                .scheduler(scheduler)
                .stallCheckInterval(Duration.ofNanos(ModelCase.INTERVAL))
                .listeners(List.of(told::add))
                .healthCheckers(model.checked().stream().map(health::checker).toList());
        model.levels().forEach((name, config) -> {
            builder.breaker(name, config);
            models.put(
                    name,
                    new BreakerModel(
                            name, config, time, model.checked().contains(name) ? () -> health.isHealthy(name) : null));
        });
        registry = builder.build();
        comparison = new ModelComparison(registry, scheduler.clock(), time);
        model.levels().keySet().forEach(name -> breakers.put(name, (Breaker) registry.breaker(name)));
        operators = new ModelOperators(registry, models, coverage, comparison);
        time.after(ModelCase.INTERVAL, this::checkModels);
    }

    /** What differs after the first step after which something does, or null. */
    static Difference of(ModelCase model, ModelCoverage coverage) {
        ModelRun run = new ModelRun(model, coverage);
        for (int i = 0; i < model.steps().size(); i++) {
            try {
                run.take(model.steps().get(i));
            } catch (RuntimeException | AssertionError e) {
                return new Difference(i, e.toString());
            }
            String differences = run.compare(i % 97 == 96, i == model.steps().size() - 1);
            if (differences != null) {
                return new Difference(i, differences);
            }
        }
        run.registry.close();
        run.breakers.values().forEach(coverage::add);
        run.models.values().forEach(coverage::add);
        return null;
    }

    private String compare(boolean isThorough, boolean isLast) {
        breakers.forEach((name, breaker) -> comparison.compare(breaker, models.get(name), isThorough || isLast));
        if (isLast && comparison.differences() == null) {
            health.recover();
            scheduler.runDue();
            breakers.forEach((name, breaker) -> comparison.compareChain(breaker, models.get(name), told));
        }
        return comparison.differences();
    }

    record Difference(int step, String what) {}

    /** A call with its permit, and with what the models made of it, innermost first. */
    private record Call(Permit permit, Map<BreakerModel, BreakerModel.Call> levels) {}

    // ---- steps ----

    private void take(Step step) {
        switch (step.act()) {
            case ACQUIRE -> acquire(step);
            case COMPLETE -> withOpen(step, call -> complete(call, step.outcome()));
            case COMPLETE_LATER ->
                withOpen(step, call -> {
                    scheduler.after(Duration.ofNanos(step.nanos()), () -> end(call.permit, step.outcome()));
                    time.after(step.nanos(), () -> endModel(call, step.outcome()));
                });
            case COMPLETE_AT_THE_EDGE ->
                withOpen(step, call -> {
                    toTheEdge(call, step.which() % 3 - 1);
                    complete(call, step.outcome());
                });
            case COMPLETE_AGAIN -> {
                if (!done.isEmpty()) {
                    Call call = done.get(step.which() % done.size());
                    end(call.permit, step.outcome());
                    endModel(call, step.outcome());
                }
            }
            case LEAK -> withOpen(step, call -> {});
            case ADVANCE -> advance(step.nanos());
            case ADVANCE_TO_THE_ATTEMPT -> advance(Math.max(0, modelOf(step).untilDue() - step.which() % 2));
            case PAUSE -> {
                scheduler.pause(Duration.ofNanos(step.nanos()));
                time.pause(step.nanos());
            }
            case HEALTH -> health.change(step);
            case HOLD_PROBES -> {
                scheduler.holdProbes();
                time.holdProbes();
            }
            case RELEASE_PROBES -> {
                scheduler.releaseProbes();
                time.releaseProbes();
            }
            case DRILL -> {
                if (operators.operate(step)) {
                    tryCallsInModel(step);
                }
            }
            default -> operators.operate(step);
        }
    }

    private BreakerModel modelOf(Step step) {
        return models.get(step.level());
    }

    private void advance(long nanos) {
        scheduler.advance(Duration.ofNanos(nanos));
        time.advance(nanos);
    }

    private void checkModels() {
        long recentlyPaused = time.check();
        models.values().forEach(level -> level.check(recentlyPaused));
        time.after(ModelCase.INTERVAL, this::checkModels);
    }

    // ---- calls ----

    private void acquire(Step step) {
        waitUntilApart();
        if (isCrowded()) {
            withOpen(step, call -> complete(call, step.outcome()));
            return;
        }
        Intent intent = INTENTS.get(Math.min(3, step.which() % 7));
        Map<BreakerModel, BreakerModel.Call> admitted = new LinkedHashMap<>();
        String refusedBy = admit(modelOf(step), intent, admitted);
        Permit permit = null;
        String refused = null;
        try {
            permit = breakers.get(step.level()).acquire(intent);
        } catch (TradingPausedException e) {
            refused = e.breaker() + " " + e.state();
        }
        comparison.differ(modelOf(step), "refused by", refused, refusedBy);
        coverage.admission(admitted.values(), refused);
        if (permit != null && refusedBy == null) {
            open.add(new Call(permit, admitted));
        }
    }

    /** Outermost first; whoever has admitted before a refusal takes it back. */
    private String admit(BreakerModel level, Intent intent, Map<BreakerModel, BreakerModel.Call> admitted) {
        List<BreakerModel> path = new ArrayList<>();
        for (BreakerModel at = level; at != null; at = models.get(String.valueOf(at.config.parent()))) {
            path.add(0, at);
        }
        for (BreakerModel at : path) {
            BreakerModel.Call call = at.admit(intent);
            if (call == null) {
                admitted.forEach(BreakerModel::cancel);
                admitted.clear();
                return at.name + " " + at.state;
            }
            admitted.put(at, call);
        }
        admitted.forEach(BreakerModel::begin);
        return null;
    }

    /** A drill asks for one permit that opens risk, and for one of each intent that passes; none has an outcome. */
    private void tryCallsInModel(Step step) {
        for (Intent intent : INTENTS) {
            if (intent == Intent.OPEN_RISK || modelOf(step).config.pass().contains(intent)) {
                Map<BreakerModel, BreakerModel.Call> admitted = new LinkedHashMap<>();
                if (admit(modelOf(step), intent, admitted) == null) {
                    endModel(new Call(null, admitted), Outcome.DISCARDED);
                }
            }
        }
    }

    private void withOpen(Step step, Consumer<Call> action) {
        if (!open.isEmpty()) {
            Call call = open.remove(step.which() % open.size());
            action.accept(call);
            done.add(call);
            if (done.size() > 20) {
                done.remove(0);
            }
        }
    }

    private void complete(Call call, Outcome outcome) {
        end(call.permit, outcome);
        endModel(call, outcome);
    }

    private static void end(Permit permit, Outcome outcome) {
        switch (outcome) {
            case SUCCESS -> permit.success();
            case FAILURE -> permit.failure();
            case IGNORED -> permit.ignored();
            case DISCARDED -> permit.discarded();
        }
    }

    /** The first completion counts. */
    private static void endModel(Call call, Outcome outcome) {
        call.levels.forEach((level, held) -> level.end(held, outcome));
        call.levels.clear();
    }

    /** To the moment at which the call is as old as a threshold, or a nanosecond off. */
    private void toTheEdge(Call call, int off) {
        call.levels.values().stream().findFirst().ifPresent(held -> {
            long age = time.active() - held.start;
            long edge = (age / ModelCase.GRID + 1) * ModelCase.GRID + off;
            advance(edge - age);
        });
    }

    /**
     * The check looks at the calls in no certain order. So those that are not of one age are kept apart, and no two of
     * them are seen over a threshold by the same check.
     */
    private void waitUntilApart() {
        for (int tries = 0; tries < 40 && isNearAnother(); tries++) {
            advance(APART / 2 + 1);
        }
    }

    private boolean isCrowded() {
        Set<Long> starts = new HashSet<>();
        models.values().forEach(level -> level.inFlight.forEach(call -> starts.add(call.start)));
        return starts.size() > MOST_CALLS || isNearAnother();
    }

    private boolean isNearAnother() {
        long now = time.active();
        for (BreakerModel level : models.values()) {
            for (BreakerModel.Call call : level.inFlight) {
                long apart = Math.floorMod(now - call.start, ModelCase.GRID);
                boolean isBurst = model.allowsBursts() && now == call.start;
                if (!isBurst && Math.min(apart, ModelCase.GRID - apart) <= APART) {
                    return true;
                }
            }
        }
        return false;
    }
}

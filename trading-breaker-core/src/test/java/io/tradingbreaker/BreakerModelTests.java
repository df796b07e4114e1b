package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerCounters.TransitionKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A million random steps, after each of which breakers on three levels agree with {@link BreakerModel}. More of them:
 * {@code -Dmodel.steps=20000000 -Dmodel.seed=7}. A million take 10 s on two cores.
 */
// On a thread of its own: parallel streams do not heed the interrupt.
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BreakerModelTests {

    private static final int STEPS_PER_RUN = 1_000;

    @Test
    void randomSteps_agreeWithTheSpecification_andReachAllOfIt() {
        long runs = Long.getLong("model.steps", 1_000_000) / STEPS_PER_RUN;
        long seed = Long.getLong("model.seed", 1);
        ModelCoverage reached = new ModelCoverage();
        LongStream.range(seed, seed + runs)
                .parallel()
                .mapToObj(run -> ModelCase.of(run, STEPS_PER_RUN))
                .filter(model -> ModelRun.of(model, reached) != null)
                .findFirst()
                .ifPresent(model -> {
                    throw new AssertionError(explain(shrink(model)));
                });
        assertThat(reached.transitions.keySet()).as(reached.toString()).isEqualTo(legal());
        assertThat(reached.transitions.keySet().stream().map(TransitionKind::rule))
                .containsAll(EnumSet.complementOf(EnumSet.of(Rule.STREAM_SILENCE))); // the model has no streams
        assertThat(reached.done).isEqualTo(ModelOperators.acts());
        assertThat(reached.conflicts)
                .containsExactlyInAnyOrder(
                        ModelCase.Act.TRIP,
                        ModelCase.Act.RESUME,
                        ModelCase.Act.DRILL,
                        ModelCase.Act.TRIP_ALL,
                        ModelCase.Act.RESUME_ALL);
        for (BreakerModel.Part part : BreakerModel.Part.values()) {
            assertThat(reached.admissions).containsKey("admitted as " + part);
        }
        for (String name : ModelCase.NAMES) {
            for (String state : List.of("OPEN", "HALF_OPEN", "HALTED")) {
                assertThat(reached.admissions).containsKey("refused by " + name + " " + state);
            }
        }
        assertThat(List.of(
                        reached.abandoned.sum(),
                        reached.stalled.sum(),
                        reached.stale.sum(),
                        reached.overTheLimit.sum(),
                        reached.pastThePeriod.sum()))
                .doesNotContain(0L);
    }

    /** Written from the design, by state and rule. */
    private static Set<TransitionKind> legal() {
        Set<TransitionKind> legal = new HashSet<>();
        add(
                legal,
                "CLOSED",
                "OPEN",
                Rule.PERCENTILE,
                Rule.CONSECUTIVE,
                Rule.ERROR_RATE,
                Rule.LOCAL_PAUSE,
                Rule.TRIP,
                Rule.DRILL);
        add(legal, "CLOSED", "HALTED", Rule.HALT);
        add(legal, "OPEN", "HALF_OPEN", Rule.TIMEOUT, Rule.PROBE);
        add(legal, "OPEN", "OPEN", Rule.RESUME, Rule.TRIP, Rule.PROBE);
        add(legal, "OPEN", "CLOSED", Rule.RESET, Rule.DRILL);
        add(legal, "OPEN", "HALTED", Rule.HALT);
        add(legal, "HALF_OPEN", "OPEN", Rule.TRIALS, Rule.PROBE, Rule.TRIP);
        add(legal, "HALF_OPEN", "CLOSED", Rule.TRIALS, Rule.RESET);
        add(legal, "HALF_OPEN", "HALTED", Rule.HALT);
        add(legal, "HALTED", "OPEN", Rule.RESUME);
        add(legal, "HALTED", "CLOSED", Rule.RESET);
        return legal;
    }

    private static void add(Set<TransitionKind> to, String from, String next, Rule... rules) {
        Arrays.stream(rules)
                .forEach(rule ->
                        to.add(new TransitionKind(BreakerState.valueOf(from), BreakerState.valueOf(next), rule)));
    }

    @Test
    void shrink_leavesTheStepsThatMatter() {
        ModelCase model = ModelCase.of(3, 300);
        // A disagreement that is none: the third change of health.
        ModelCase least = shrink(model, steps -> {
            List<ModelCase.Step> changes = steps.stream()
                    .filter(step -> step.act() == ModelCase.Act.HEALTH)
                    .toList();
            return changes.size() < 3 ? null : new ModelRun.Difference(steps.indexOf(changes.get(2)), "third");
        });
        assertThat(least.steps()).hasSize(3).allMatch(step -> step.act() == ModelCase.Act.HEALTH);
    }

    // ---- the shortest way to a disagreement ----

    private interface Trial {
        ModelRun.Difference of(List<ModelCase.Step> steps);
    }

    private static ModelCase shrink(ModelCase model) {
        return shrink(model, steps -> ModelRun.of(with(model, steps), new ModelCoverage()));
    }

    /** Ends at the first step that fails, and leaves out steps, ever fewer at once, while one still does. */
    private static ModelCase shrink(ModelCase model, Trial trial) {
        List<ModelCase.Step> least = failingPrefix(model.steps(), trial);
        for (int chunk = least.size() / 2; chunk > 0; chunk = chunk == 1 ? 0 : (chunk + 1) / 2) {
            for (int at = 0; at < least.size(); ) {
                List<ModelCase.Step> fewer = new ArrayList<>(least);
                fewer.subList(at, Math.min(at + chunk, fewer.size())).clear();
                List<ModelCase.Step> failing = failingPrefix(fewer, trial);
                if (failing == null) {
                    at += chunk;
                } else {
                    least = failing;
                }
            }
        }
        return with(model, least);
    }

    private static List<ModelCase.Step> failingPrefix(List<ModelCase.Step> steps, Trial trial) {
        ModelRun.Difference difference = trial.of(steps);
        return difference == null ? null : steps.subList(0, difference.step() + 1);
    }

    private static ModelCase with(ModelCase model, List<ModelCase.Step> steps) {
        return new ModelCase(model.seed(), model.levels(), model.checked(), model.allowsBursts(), steps);
    }

    private static String explain(ModelCase model) {
        StringBuilder text = new StringBuilder("Breaker and model disagree, seed " + model.seed() + ": "
                + ModelRun.of(model, new ModelCoverage()).what());
        text.append("\nafter");
        model.steps().forEach(step -> text.append("\n    ").append(step));
        text.append("\nhealth checkers: ").append(model.checked());
        model.levels()
                .forEach((name, config) ->
                        text.append("\n    ").append(name).append(": ").append(config));
        return text.toString();
    }
}

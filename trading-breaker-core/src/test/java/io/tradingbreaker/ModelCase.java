package io.tradingbreaker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Breakers on three levels with random limits, and random steps to be taken with them. What a step means depends on
 * nothing but the state that it meets, so that steps can be left out.
 *
 * @param levels by name, a parent before its children
 * @param checked the levels that have a health checker
 * @param allowsBursts whether calls may begin at the same moment
 */
record ModelCase(
        long seed, Map<String, BreakerConfig> levels, Set<String> checked, boolean allowsBursts, List<Step> steps) {

    static final List<String> NAMES = List.of("trading", "venue", "node");

    /** All thresholds are multiples of it, so that calls that begin apart reach them apart. */
    static final long GRID = 500_000_000;

    static final long INTERVAL = 20_000_000;

    enum Act {
        ACQUIRE(24),
        COMPLETE(26),
        COMPLETE_AGAIN(1),
        COMPLETE_LATER(4),
        COMPLETE_AT_THE_EDGE(3),
        LEAK(1),
        ADVANCE(24),
        ADVANCE_TO_THE_ATTEMPT(2),
        PAUSE(1),
        TRIP(1),
        HALT(1),
        RESUME(2),
        RESET(2),
        OBSERVE(1),
        ENFORCE(2),
        RETUNE(4),
        DRILL(1),
        TRIP_ALL(1),
        HALT_ALL(1),
        RESUME_ALL(1),
        RESET_ALL(1),
        HEALTH(3),
        HOLD_PROBES(1),
        RELEASE_PROBES(2);

        private static final List<Act> WEIGHTED = weighted();
        private final int weight;

        Act(int weight) {
            this.weight = weight;
        }

        private static List<Act> weighted() {
            List<Act> acts = new ArrayList<>();
            for (Act act : values()) {
                for (int i = 0; i < act.weight; i++) {
                    acts.add(act);
                }
            }
            return acts;
        }
    }

    /** How a health check goes; those that hang do so for the step's time. */
    enum Health {
        FAST,
        AT_THE_THRESHOLD,
        SLOW,
        UNHEALTHY,
        THROWS,
        NULL,
        TIMED_BY_THE_BREAKER,
        HANGS_AND_IS_HEALTHY,
        HANGS_AND_IS_NOT
    }

    /** What to do, where, and how: {@code which} and {@code nanos} mean what the act makes of them. */
    record Step(Act act, String level, Outcome outcome, int which, long nanos) {}

    static ModelCase of(long seed, int count) {
        Random random = new Random(seed);
        boolean allowsBursts = random.nextInt(3) == 0;
        Map<String, BreakerConfig> levels = new LinkedHashMap<>();
        for (String name : NAMES) {
            levels.put(name, config(random, name, allowsBursts, seed % 8 == 0 ? 1 : 0));
        }
        Set<String> checked = new TreeSet<>(NAMES);
        checked.removeIf(name -> random.nextInt(3) == 0);
        int failing = pick(random, 0, 1, 3, 8);
        int ignored = pick(random, 0, 1, 2);
        long pace = pick(random, 1, 4, 20);
        boolean isOperated = random.nextInt(3) != 0;
        List<Step> steps = new ArrayList<>(count);
        while (steps.size() < count) {
            Act act = pick(random, Act.WEIGHTED);
            boolean isOperators = act.compareTo(Act.TRIP) >= 0 && act.compareTo(Act.RESET_ALL) <= 0;
            if (isOperators && (!isOperated || random.nextInt(3) != 0)) {
                continue;
            }
            int o = random.nextInt(10);
            Outcome none = random.nextBoolean() ? Outcome.IGNORED : Outcome.DISCARDED;
            Outcome outcome = o < failing ? Outcome.FAILURE : o < failing + ignored ? none : Outcome.SUCCESS;
            steps.add(new Step(act, pick(random, NAMES), outcome, random.nextInt(1 << 20), nanos(random, act, pace)));
        }
        return new ModelCase(seed, levels, checked, allowsBursts, steps);
    }

    private static long nanos(Random random, Act act, long pace) {
        long second = 1_000_000_000;
        if (act == Act.PAUSE) {
            return random.nextInt(3) == 0 ? random.nextInt(60_000_000) : random.nextLong(3 * second);
        }
        if (act == Act.HEALTH || act == Act.COMPLETE_LATER) {
            return random.nextInt(2) == 0 ? random.nextInt(30_000_000) : random.nextLong(2 * second);
        }
        return switch (random.nextInt(100)) {
            case 0 -> random.nextLong(20 * second);
            case 1, 2, 3, 4 -> random.nextLong(3 * second);
            case 5, 6, 7, 8, 9, 10, 11, 12 -> random.nextLong(second);
            case 13, 14, 15 -> random.nextInt(3);
            default -> random.nextLong(pace * 1_000_000);
        };
    }

    private static BreakerConfig config(Random random, String name, boolean isWide, double samplingRate) {
        return BreakerConfig.DEFAULT.with(c -> {
            long slow = pick(random, 1, 1, 2) * GRID;
            long over = pick(random, 0, 1, 1, 2, 3) * GRID;
            int size = isWide ? 1000 : pick(random, 1, 2, 3, 5, 16, 17, 40);
            int requests = 1 + random.nextInt(4);
            Duration base = odd(random, 100, 300);
            c.parent(name.equals("trading") ? null : name.equals("venue") ? "trading" : "venue")
                    .mode(random.nextInt(4) == 0 ? BreakerMode.OBSERVE : BreakerMode.ENFORCE)
                    .latencyThreshold(Duration.ofNanos(slow))
                    .p99Threshold(Duration.ofNanos(over))
                    .percentile(pick(random, List.of(50.0, 80.0, 90.0, 97.5, 99.0, 99.99)))
                    .confidence(random.nextInt(4) == 0 ? pick(random, List.of(0.5, 0.9, 0.999)) : null)
                    .windowSize(size)
                    .minimumSamples(1 + random.nextInt(Math.min(size, 20)))
                    .windowAge(Duration.ofMillis(pick(random, 1_000, 2_000, 5_000)))
                    .failureThreshold(pick(random, 0, 0, 1, 2, 3, 5))
                    .errorRateThreshold(pick(random, List.of(0.0, 0.1, 0.3, 0.5, 1.0)))
                    .localPauseLimit(Duration.ofMillis(pick(random, 0, 100, 1_000, 3_000)))
                    .permitTimeout(Duration.ofNanos(
                            Math.max(1_000_000_000, Math.max(slow, over)) + pick(random, 0, 1, 4) * GRID))
                    .recoveryTimeout(odd(random, 100, 700, 1_500, 3_000))
                    .halfOpenRequests(requests)
                    .halfOpenSuccesses(1 + random.nextInt(requests))
                    .halfOpenTimeout(odd(random, 100, 500, 1_000, 3_000))
                    .probeTimeout(odd(random, 10, 100, 1_000))
                    .pass(pass(random))
                    .samplingRate(samplingRate)
                    .recovery(new RecoveryPolicy(
                            base,
                            base.multipliedBy(pick(random, 1, 5, 20)),
                            pick(random, List.of(1.0, 1.5, 2.0, 10.0)),
                            0))
                    .resume(resume(random));
        });
    }

    /**
     * Some limits that differ from those of now.
     *
     * @param mayLower whether thresholds may fall; the next check would then find several calls over at once
     */
    static Consumer<BreakerConfigBuilder> change(Step step, BreakerConfig now, boolean mayLower) {
        return c -> {
            Random random = new Random(step.which());
            int size = now.windowSize() == 1000 ? 1000 : pick(random, 1, 2, 3, 5, 16, 17, 40);
            long slow = pick(random, 1, 1, 2, 3) * GRID;
            long over = pick(random, 0, 1, 1, 2, 3) * GRID;
            long wasSlow = now.latencyThreshold().toNanos();
            long wasOver =
                    now.p99Threshold().isZero() ? wasSlow : now.p99Threshold().toNanos();
            if (random.nextBoolean()) {
                c.windowSize(size).minimumSamples(1 + random.nextInt(Math.min(size, 20)));
            }
            if (random.nextBoolean()) {
                c.windowAge(Duration.ofMillis(pick(random, 1_000, 2_000, 5_000)));
            }
            if (random.nextBoolean() && (mayLower || (slow >= wasSlow && (over == 0 ? slow : over) >= wasOver))) {
                c.latencyThreshold(Duration.ofNanos(slow)).p99Threshold(Duration.ofNanos(over));
                c.permitTimeout(Duration.ofNanos(
                        Math.max(now.permitTimeout().toNanos(), Math.max(slow, over) + pick(random, 0, 1, 4) * GRID)));
            }
            if (random.nextBoolean()) {
                c.failureThreshold(pick(random, 0, 1, 2, 3, 5))
                        .errorRateThreshold(pick(random, List.of(0.0, 0.1, 0.3, 0.5, 1.0)))
                        .percentile(pick(random, List.of(50.0, 80.0, 90.0, 97.5, 99.0, 99.99)))
                        .pass(pass(random));
            }
        };
    }

    private static ResumePolicy resume(Random random) {
        int kind = random.nextInt(8);
        ResumePolicy.Kind policy = kind < 4
                ? ResumePolicy.Kind.AUTOMATIC
                : kind < 7 ? ResumePolicy.Kind.LIMITED : ResumePolicy.Kind.MANUAL;
        return new ResumePolicy(policy, 1 + random.nextInt(3), Duration.ofMinutes(1));
    }

    private static Set<Intent> pass(Random random) {
        Set<Intent> pass = EnumSet.of(Intent.QUERY, Intent.CANCEL, Intent.REDUCE);
        pass.removeIf(intent -> random.nextInt(4) == 0);
        return pass;
    }

    /** Not a multiple of anything, so that timers do not meet by design. */
    private static Duration odd(Random random, int... millis) {
        return Duration.ofNanos(pick(random, millis) * 1_000_000L + 1 + random.nextInt(999_999));
    }

    private static int pick(Random random, int... from) {
        return from[random.nextInt(from.length)];
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}

package io.tradingbreaker.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs all benchmarks round by round, each with one thread and with two, and prints medians over the rounds: of the times,
 * and of the ratios to the clock of the same round, so that a noisy minute does not favour anyone. Takes JMH's own
 * options; {@code -f} is the number of rounds.
 */
final class Ratios {

    private static final String CLOCK = "ClosedCalls.call CLOCK";

    private Ratios() {}

    /** What one benchmark has shown with one number of threads, round by round. */
    private record Figures(List<Double> nanos, List<Double> ratios, List<Double> bytes) {

        Figures() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.1f [%.1f–%.1f] | %s",
                    median(nanos),
                    nanos.stream().min(Double::compare).orElseThrow(),
                    nanos.stream().max(Double::compare).orElseThrow(),
                    ratios.isEmpty() ? "–" : String.format(Locale.ROOT, "%.2f", median(ratios)));
        }
    }

    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
        CommandLineOptions given = new CommandLineOptions(arguments);
        Map<String, Figures> alone = new LinkedHashMap<>();
        Map<String, Figures> together = new LinkedHashMap<>();
        for (int round = 0; round < given.getForkCount().orElse(5); round++) {
            run(given, 1, alone);
            run(given, 2, together);
        }
        System.out.println();
        System.out.println("| | 1 thread, ns [rounds] | × clock | 2 threads, ns [rounds] | × clock | B/call |");
        System.out.println("|---|---|---|---|---|---|");
        alone.forEach((name, figures) -> System.out.printf(
                Locale.ROOT, "| %s | %s | %s | %.0f |%n", name, figures, together.get(name), median(figures.bytes)));
    }

    private static void run(CommandLineOptions given, int threads, Map<String, Figures> to) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.parent(given);
        options.threads(threads)
                .shouldFailOnError(true)
                .addProfiler("gc")
                .forks(1)
                .warmupIterations(given.getWarmupIterations().orElse(4))
                .warmupTime(given.getWarmupTime().orElse(TimeValue.milliseconds(500)))
                .measurementIterations(given.getMeasurementIterations().orElse(5))
                .measurementTime(given.getMeasurementTime().orElse(TimeValue.milliseconds(300)));
        Map<String, RunResult> round = new LinkedHashMap<>();
        for (RunResult result : new Runner(options.build()).run()) {
            round.put(name(result.getParams()), result);
        }
        RunResult clock = round.get(CLOCK);
        round.forEach((name, result) -> add(result, clock, to.computeIfAbsent(name, unknown -> new Figures())));
    }

    private static void add(RunResult result, @Nullable RunResult clock, Figures to) {
        double nanos = nanos(result);
        to.nanos.add(nanos);
        if (clock != null) {
            to.ratios.add(nanos / nanos(clock));
        }
        Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        to.bytes.add(allocated == null ? Double.NaN : allocated.getScore());
    }

    private static double nanos(RunResult result) {
        return median(result.getBenchmarkResults().iterator().next().getIterationResults().stream()
                .map(iteration -> iteration.getPrimaryResult().getScore())
                .toList());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String name(BenchmarkParams benchmark) {
        String[] parts = benchmark.getBenchmark().split("\\.", -1);
        String method = parts[parts.length - 2] + "." + parts[parts.length - 1];
        return benchmark.getParamsKeys().stream()
                .map(benchmark::getParam)
                .collect(Collectors.joining(" ", method + " ", ""))
                .strip();
    }
}

package io.tradingbreaker.benchmarks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks with one thread and with two, and prints a table of medians over all forks and of their ratios to
 * the clock in the same run. Takes JMH's own options; those that are not given are set here.
 */
final class Ratios {

    private static final String CLOCK = "ClosedCalls.call CLOCK";

    private Ratios() {}

    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
        CommandLineOptions given = new CommandLineOptions(arguments);
        Map<String, RunResult> alone = run(given, 1);
        Map<String, RunResult> together = run(given, 2);
        System.out.println();
        System.out.println("| | 1 thread, ns [forks] | × clock | 2 threads, ns [forks] | × clock | B/call |");
        System.out.println("|---|---|---|---|---|---|");
        alone.forEach((name, result) -> System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %.0f |%n",
                name,
                figures(result, alone.get(CLOCK)),
                figures(together.get(name), together.get(CLOCK)),
                bytes(result)));
    }

    private static Map<String, RunResult> run(CommandLineOptions given, int threads) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.parent(given);
        options.threads(threads)
                .shouldFailOnError(true)
                .addProfiler("gc")
                .forks(given.getForkCount().orElse(3))
                .warmupIterations(given.getWarmupIterations().orElse(3))
                .warmupTime(given.getWarmupTime().orElse(TimeValue.milliseconds(700)))
                .measurementIterations(given.getMeasurementIterations().orElse(5))
                .measurementTime(given.getMeasurementTime().orElse(TimeValue.milliseconds(500)))
                // Sentinel writes its logs into the home directory otherwise.
                .jvmArgsAppend("-Dcsp.sentinel.log.dir=" + System.getProperty("java.io.tmpdir"));
        Map<String, RunResult> byName = new LinkedHashMap<>();
        for (RunResult result : new Runner(options.build()).run()) {
            byName.put(name(result.getParams()), result);
        }
        return byName;
    }

    private static String name(BenchmarkParams benchmark) {
        String[] parts = benchmark.getBenchmark().split("\\.", -1);
        String method = parts[parts.length - 2] + "." + parts[parts.length - 1];
        return benchmark.getParamsKeys().stream()
                .map(benchmark::getParam)
                .collect(Collectors.joining(" ", method + " ", ""))
                .strip();
    }

    private static String figures(@Nullable RunResult result, @Nullable RunResult clock) {
        if (result == null) {
            return "– | –";
        }
        double median = median(result.getBenchmarkResults());
        String ratio =
                clock == null ? "–" : String.format(Locale.ROOT, "%.2f", median / median(clock.getBenchmarkResults()));
        double[] forks = result.getBenchmarkResults().stream()
                .mapToDouble(fork -> median(List.of(fork)))
                .sorted()
                .toArray();
        return String.format(Locale.ROOT, "%.1f [%.1f–%.1f] | %s", median, forks[0], forks[forks.length - 1], ratio);
    }

    private static double median(Collection<BenchmarkResult> forks) {
        double[] scores = forks.stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
                .sorted()
                .toArray();
        int middle = scores.length / 2;
        return scores.length % 2 == 1 ? scores[middle] : (scores[middle - 1] + scores[middle]) / 2;
    }

    private static double bytes(RunResult result) {
        Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return allocated == null ? Double.NaN : allocated.getScore();
    }
}

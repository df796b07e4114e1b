package io.tradingbreaker.spring.actuate;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerCounters;
import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerSnapshot;
import io.tradingbreaker.DrillReport;
import io.tradingbreaker.Intent;
import io.tradingbreaker.LatencyMonitor;
import io.tradingbreaker.LatencyStatistics;
import io.tradingbreaker.RecoveryPolicy;
import io.tradingbreaker.ResumePolicy;
import io.tradingbreaker.StoreStatus;
import io.tradingbreaker.Transition;
import io.tradingbreaker.TransitionReason;
import io.tradingbreaker.spring.desk.HookRun;
import io.tradingbreaker.spring.probe.ProbeSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A breaker as the endpoint shows it: strings, finite numbers, booleans, lists and maps only, so that every JSON mapper
 * writes the same. What was not measured is null.
 */
final class BreakerView {

    private static final List<Unit> UNITS = List.of(
            new Unit(ChronoUnit.DAYS, "d"),
            new Unit(ChronoUnit.HOURS, "h"),
            new Unit(ChronoUnit.MINUTES, "m"),
            new Unit(ChronoUnit.SECONDS, "s"),
            new Unit(ChronoUnit.MILLIS, "ms"),
            new Unit(ChronoUnit.MICROS, "us"),
            new Unit(ChronoUnit.NANOS, "ns"));

    private BreakerView() {}

    /**
     * One breaker.
     *
     * @param probe null if the breaker has no probe by property
     * @param store null if halts are not kept
     * @param hooks the latest calls of its hooks
     */
    static Map<String, @Nullable Object> of(
            BreakerSnapshot breaker, @Nullable ProbeSettings probe, @Nullable StoreStatus store, List<HookRun> hooks) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("state", breaker.state().name());
        view.put("mode", mode(breaker.mode()));
        view.put("since", breaker.since().toString());
        view.put("parent", breaker.parent());
        view.put("reason", reason(breaker.reason()));
        view.put("window", window(breaker.window()));
        view.put("latency", latency(breaker.latency()));
        view.put("calls", calls(breaker.counters()));
        view.put("inFlight", inFlight(breaker.counters()));
        view.put("recovery", recovery(breaker.recovery()));
        view.put("stored", store == null ? null : !store.isPending(breaker.name()));
        view.put(
                "transitions",
                breaker.transitions().stream().map(BreakerView::transition).toList());
        view.put("drill", drill(breaker.drill()));
        view.put("hooks", HookView.of(hooks));
        view.put("config", config(breaker.config(), probe));
        return view;
    }

    private static @Nullable Map<String, @Nullable Object> reason(@Nullable TransitionReason reason) {
        if (reason == null) {
            return null;
        }
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("rule", reason.rule().code());
        view.put("message", reason.message());
        view.put("observed", finite(reason.observed()));
        view.put("limit", finite(reason.limit()));
        view.put("samples", reason.samples());
        view.put("latency", latency(reason.latency()));
        return view;
    }

    private static Map<String, @Nullable Object> window(LatencyMonitor.WindowView window) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("samples", window.samples());
        view.put("over", window.over());
        view.put("allowed", window.allowed());
        return view;
    }

    private static Map<String, @Nullable Object> latency(LatencyStatistics latency) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("count", latency.count());
        view.put("min", millis(latency.min()));
        view.put("mean", millis(latency.mean()));
        view.put("p50", millis(latency.p50()));
        view.put("p95", millis(latency.p95()));
        view.put("p99", millis(latency.p99()));
        view.put("p999", millis(latency.p999()));
        view.put("max", millis(latency.max()));
        return view;
    }

    private static Map<String, @Nullable Object> calls(BreakerCounters counters) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("total", counters.total());
        view.put("permitted", counters.permitted());
        view.put("rejected", counters.rejected());
        view.put("successful", counters.successful());
        view.put("failed", counters.failed());
        view.put("ignored", counters.ignored());
        view.put("abandoned", counters.abandoned());
        view.put("stale", counters.stale());
        view.put("slow", counters.slow());
        view.put("stalled", counters.stalled());
        view.put("wouldReject", counters.wouldReject());
        view.put("stateChanges", counters.stateChanges());
        view.put("consecutiveFailures", counters.consecutiveFailures());
        return view;
    }

    private static Map<String, @Nullable Object> inFlight(BreakerCounters counters) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("count", counters.inFlight());
        view.put("oldestMillis", counters.inFlight() == 0 ? null : millis(counters.oldestInFlight()));
        return view;
    }

    private static Map<String, @Nullable Object> recovery(BreakerSnapshot.Recovery recovery) {
        Instant next = recovery.nextAttemptAt();
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("attempt", recovery.attempt());
        view.put("nextAttemptAt", next == null ? null : next.toString());
        view.put("awaits", recovery.awaitsResume() ? "resume" : null);
        view.put("lastProbe", probe(recovery.lastProbe()));
        return view;
    }

    private static @Nullable Map<String, @Nullable Object> probe(BreakerSnapshot.@Nullable Probe probe) {
        if (probe == null) {
            return null;
        }
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("healthy", probe.healthy());
        view.put("latencyMillis", millis(probe.latency()));
        view.put("details", probe.details());
        view.put("at", probe.at().toString());
        return view;
    }

    private static Map<String, @Nullable Object> transition(Transition transition) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("at", transition.at().toString());
        view.put("from", transition.from().name());
        view.put("to", transition.to().name());
        view.put("rule", transition.reason().rule().code());
        view.put("message", transition.reason().message());
        view.put("actor", transition.actor());
        return view;
    }

    private static @Nullable Map<String, @Nullable Object> drill(@Nullable DrillReport drill) {
        if (drill == null) {
            return null;
        }
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("breaker", drill.breaker());
        view.put("actor", drill.actor());
        view.put("reason", drill.reason());
        view.put("startedAt", drill.startedAt().toString());
        view.put("endedAt", drill.endedAt().toString());
        view.put("passed", drill.passed());
        view.put("checks", drill.checks().stream().map(BreakerView::check).toList());
        return view;
    }

    private static Map<String, @Nullable Object> check(DrillReport.Check check) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("name", check.name());
        view.put("passed", check.passed());
        view.put("detail", check.detail());
        view.put("millis", millis(check.took()));
        return view;
    }

    /** The effective values with the keys and the spelling of the YAML. */
    private static Map<String, @Nullable Object> config(BreakerConfig config, @Nullable ProbeSettings probe) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("mode", mode(config.mode()));
        view.put("p99-threshold", spelled(config.p99Threshold()));
        view.put("latency-threshold", spelled(config.latencyThreshold()));
        view.put("percentile", config.percentile());
        view.put("window-size", config.windowSize());
        view.put("window-age", spelled(config.windowAge()));
        view.put("minimum-samples", config.minimumSamples());
        view.put("confidence", config.confidence());
        view.put("failure-threshold", config.failureThreshold());
        view.put("error-rate-threshold", config.errorRateThreshold());
        view.put("local-pause-limit", spelled(config.localPauseLimit()));
        view.put("stream-silence", spelled(config.streamSilence()));
        view.put("permit-timeout", spelled(config.permitTimeout()));
        view.put("recovery-timeout", spelled(config.recoveryTimeout()));
        view.put("half-open-requests", config.halfOpenRequests());
        view.put("half-open-successes", config.halfOpenSuccesses());
        view.put("half-open-timeout", spelled(config.halfOpenTimeout()));
        view.put("sampling-rate", config.samplingRate());
        view.put("parent", config.parent());
        view.put(
                "pass",
                config.pass().stream()
                        .sorted(Comparator.reverseOrder())
                        .map(Intent::name)
                        .toList());
        view.put("ignore-exceptions", names(config.ignoreExceptions()));
        view.put("record-exceptions", names(config.recordExceptions()));
        view.put("recovery", recovery(config.recovery()));
        view.put("resume", resume(config.resume()));
        view.put("max-keys", config.keys().maxKeys());
        view.put("when-keys-full", config.keys().whenFull().name().toLowerCase(Locale.ROOT));
        view.put("key-idle-timeout", spelled(config.keys().idleTimeout()));
        view.put("probe", ProbeView.of(config.probeTimeout(), probe));
        return view;
    }

    private static Map<String, @Nullable Object> recovery(RecoveryPolicy policy) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("base-delay", spelled(policy.baseDelay()));
        view.put("max-delay", spelled(policy.maxDelay()));
        view.put("multiplier", policy.multiplier());
        view.put("jitter-factor", policy.jitterFactor());
        return view;
    }

    private static Map<String, @Nullable Object> resume(ResumePolicy policy) {
        boolean isLimited = policy.kind() == ResumePolicy.Kind.LIMITED;
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("policy", policy.kind().name().toLowerCase(Locale.ROOT));
        view.put("limit", isLimited ? policy.limit() : null);
        view.put("period", isLimited ? spelled(policy.period()) : null);
        return view;
    }

    private static List<String> names(List<Class<? extends Throwable>> types) {
        return types.stream().map(Class::getName).toList();
    }

    private static String mode(BreakerMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    /** In the largest unit that leaves no fraction, so that Spring reads the same value back. */
    static String spelled(Duration duration) {
        if (duration.isZero()) {
            return "0";
        }
        long nanos = duration.toNanos();
        for (Unit unit : UNITS) {
            long unitNanos = unit.unit.getDuration().toNanos();
            if (nanos % unitNanos == 0) {
                return nanos / unitNanos + unit.suffix;
            }
        }
        throw new IllegalStateException("every duration is a number of nanoseconds");
    }

    private static @Nullable Double millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toNanos() / 1e6;
    }

    private static @Nullable Double finite(@Nullable Double number) {
        return number == null || !Double.isFinite(number) ? null : number;
    }

    private record Unit(ChronoUnit unit, String suffix) {}
}

package io.tradingbreaker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The limits of a breaker as text for people, with keys and values in the YAML's spelling. */
final class ConfigText {

    private ConfigText() {}

    /** One line for each key whose values differ. */
    static List<String> changes(BreakerConfig before, BreakerConfig after) {
        Map<String, String> old = values(before);
        List<String> lines = new ArrayList<>();
        values(after).forEach((key, value) -> {
            String was = old.get(key);
            if (!value.equals(was)) {
                lines.add(key + ": " + was + " → " + value);
            }
        });
        return List.copyOf(lines);
    }

    private static Map<String, String> values(BreakerConfig config) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("mode", lower(config.mode()));
        values.put("p99-threshold", text(config.p99Threshold()));
        values.put("latency-threshold", text(config.latencyThreshold()));
        values.put("percentile", text(config.percentile()));
        values.put("window-size", text(config.windowSize()));
        values.put("window-age", text(config.windowAge()));
        values.put("minimum-samples", text(config.minimumSamples()));
        values.put("confidence", text(config.confidence()));
        values.put("failure-threshold", text(config.failureThreshold()));
        values.put("error-rate-threshold", text(config.errorRateThreshold()));
        values.put("local-pause-limit", text(config.localPauseLimit()));
        values.put("stream-silence", text(config.streamSilence()));
        values.put("permit-timeout", text(config.permitTimeout()));
        values.put("recovery-timeout", text(config.recoveryTimeout()));
        values.put("half-open-requests", text(config.halfOpenRequests()));
        values.put("half-open-successes", text(config.halfOpenSuccesses()));
        values.put("half-open-timeout", text(config.halfOpenTimeout()));
        values.put("sampling-rate", text(config.samplingRate()));
        values.put("parent", text(config.parent()));
        values.put("pass", config.pass().stream().sorted().map(Enum::name).collect(Collectors.joining(", ", "[", "]")));
        values.put("ignore-exceptions", names(config.ignoreExceptions()));
        values.put("record-exceptions", names(config.recordExceptions()));
        values.put("recovery.base-delay", text(config.recovery().baseDelay()));
        values.put("recovery.max-delay", text(config.recovery().maxDelay()));
        values.put("recovery.multiplier", text(config.recovery().multiplier()));
        values.put("recovery.jitter-factor", text(config.recovery().jitterFactor()));
        values.put("resume.policy", lower(config.resume().kind()));
        values.put("resume.limit", text(config.resume().limit()));
        values.put("resume.period", text(config.resume().period()));
        values.put("probe.timeout", text(config.probeTimeout()));
        return values;
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return "unset";
        }
        if (value instanceof Duration duration) {
            return Text.duration(duration);
        }
        return value instanceof Double number ? Text.number(number) : Text.oneLine(value.toString());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String names(Collection<Class<? extends Throwable>> types) {
        return Text.oneLine(types.stream().map(Class::getName).collect(Collectors.joining(", ", "[", "]")));
    }
}

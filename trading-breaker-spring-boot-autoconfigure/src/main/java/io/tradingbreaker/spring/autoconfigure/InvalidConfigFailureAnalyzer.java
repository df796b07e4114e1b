package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.InvalidConfigException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Explains a setting that is not allowed: where it stands, and what is allowed. */
final class InvalidConfigFailureAnalyzer extends AbstractFailureAnalyzer<InvalidConfigException> {

    /** For settings that are limited by others: those others. */
    private static final Map<String, List<String>> LIMITED_BY = Map.of(
            "minimum-samples", List.of("window-size"),
            "half-open-successes", List.of("half-open-requests"),
            "recovery.max-delay", List.of("recovery.base-delay"),
            "latency-threshold", List.of("p99-threshold"),
            "permit-timeout", List.of("p99-threshold", "latency-threshold"));

    private static final int LONGEST = 400;

    private final ConfiguredValues configured;

    InvalidConfigFailureAnalyzer(Environment environment) {
        configured = new ConfiguredValues(environment);
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidConfigException cause) {
        InvalidBreakerException merged = findCause(rootFailure, InvalidBreakerException.class);
        boolean isName = merged == null && cause.property().equals("breakers");
        Setting setting = merged == null ? ofRegistry(cause) : ofBreaker(merged, cause);
        StringBuilder description = new StringBuilder(setting.subject).append(" is not valid:\n\n");
        append(description, setting.name, setting.value, setting.origin);
        description
                .append("    Reason: ")
                .append(line(isName ? cause.allowed() : cause.getMessage()))
                .append('\n');
        if (!setting.limits.isEmpty()) {
            description.append("\nIt is limited by:\n\n");
            setting.limits.forEach(
                    limit -> append(description, limit.getName().toString(), text(limit), origin(Optional.of(limit))));
        }
        String others = setting.limits.stream()
                .map(limit -> ", or change " + limit.getName())
                .collect(Collectors.joining());
        String action = isName ? "Correct the breaker's name: " : "Change " + setting.name + ": it ";
        return new FailureAnalysis(description.toString(), action + line(cause.allowed()) + others + ".", cause);
    }

    private Setting ofBreaker(InvalidBreakerException merged, InvalidConfigException cause) {
        String breaker = merged.breaker();
        String property = cause.property();
        if (merged.isSetInCode()) {
            return new Setting(
                    "The configuration of breaker '" + line(breaker) + "'",
                    ConfiguredValues.name(breaker, property).toString(),
                    cause.value(),
                    "set in code, by a BreakerConfigCustomizer",
                    List.of());
        }
        Optional<ConfigurationProperty> found = configured.effective(breaker, property, cause.value());
        List<ConfigurationProperty> limits = LIMITED_BY.getOrDefault(property, List.of()).stream()
                .filter(cause.allowed()::contains)
                .flatMap(other -> configured.effective(breaker, other, "").stream())
                .toList();
        return new Setting(
                breaker == null
                        ? "The configuration of breakers by default"
                        : "The configuration of breaker '" + line(breaker) + "'",
                found.map(setting -> setting.getName().toString())
                        .orElse(ConfiguredValues.name(breaker, property).toString()),
                found.map(InvalidConfigFailureAnalyzer::text).orElse(cause.value()),
                origin(found),
                limits);
    }

    private Setting ofRegistry(InvalidConfigException cause) {
        String property = cause.property();
        String value = cause.value();
        Optional<ConfigurationProperty> found = switch (property) {
            case "breakers" -> configured.firstOf(value);
            case "parent" -> configured.anywhere(property, value);
            default -> configured.find(ConfiguredValues.global(property), value);
        };
        boolean isName = property.equals("breakers");
        return new Setting(
                isName ? "The name of a breaker" : "The configuration of the breakers",
                isName || found.isEmpty()
                        ? ConfiguredValues.global(property).toString()
                        : found.get().getName().toString(),
                isName || found.isEmpty() ? value : text(found.get()),
                found.isEmpty() ? "set in code" : origin(found),
                List.of());
    }

    private static void append(StringBuilder description, String name, String value, String origin) {
        description
                .append("    Property: ")
                .append(line(name))
                .append('\n')
                .append("    Value: \"")
                .append(line(value))
                .append("\"\n")
                .append("    Origin: ")
                .append(origin)
                .append('\n');
    }

    private static String origin(Optional<ConfigurationProperty> found) {
        return found.map(setting -> setting.getOrigin() == null
                        ? "unknown"
                        : setting.getOrigin().toString())
                .orElse("not set; this is the built-in value");
    }

    private static String text(ConfigurationProperty setting) {
        return String.valueOf(setting.getValue());
    }

    /** One bounded line. */
    private static String line(@Nullable String text) {
        String line = String.valueOf(text).replaceAll("\\p{C}", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    private record Setting(
            String subject, String name, String value, String origin, List<ConfigurationProperty> limits) {}
}

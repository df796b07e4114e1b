package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.InvalidConfigException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
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
            "resume.limit", List.of("resume.policy"),
            "resume.period", List.of("resume.policy"),
            "latency-threshold", List.of("p99-threshold"),
            "permit-timeout", List.of("p99-threshold", "latency-threshold"),
            "probe.request-timeout", List.of("probe.timeout"),
            "probe.interval", List.of("probe.max-slot-age"));

    private final ConfiguredValues configured;

    InvalidConfigFailureAnalyzer(Environment environment) {
        configured = new ConfiguredValues(environment);
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidConfigException cause) {
        InvalidBreakerException merged = findCause(rootFailure, InvalidBreakerException.class);
        if (merged == null && cause.property().equals("breakers")) {
            return ofName(cause);
        }
        Setting setting = merged == null ? ofRegistry(cause) : ofBreaker(merged, cause);
        StringBuilder description = new StringBuilder(setting.subject)
                .append(" is not valid:\n\n")
                .append(PropertyText.lines(setting.name, setting.value, setting.origin))
                .append(PropertyText.reason(cause.property() + " is " + cause.value() + ", but " + cause.allowed()));
        if (!setting.limits.isEmpty()) {
            description.append("\nIt is limited by:\n\n");
            setting.limits.forEach(limit -> description.append(PropertyText.lines(
                    PropertyText.name(limit.getName()),
                    PropertyText.value(limit),
                    PropertyText.origin(Optional.of(limit)))));
        }
        String others = setting.limits.stream()
                .map(limit -> ", or change " + PropertyText.name(limit.getName()))
                .collect(Collectors.joining());
        return new FailureAnalysis(
                description.toString(),
                "Change " + PropertyText.line(setting.name) + ": it " + PropertyText.line(cause.allowed()) + others
                        + ".",
                cause);
    }

    private FailureAnalysis ofName(InvalidConfigException cause) {
        Optional<ConfigurationProperty> found = configured.firstOf(cause.value());
        return new FailureAnalysis(
                "The name of a breaker is not valid:\n\n"
                        + PropertyText.lines(PropertyKeys.BREAKERS.toString(), cause.value(), originOrCode(found))
                        + PropertyText.reason(cause.allowed()),
                "Correct the breaker's name: it " + PropertyText.line(cause.allowed()) + ".",
                cause);
    }

    private Setting ofBreaker(InvalidBreakerException merged, InvalidConfigException cause) {
        String breaker = merged.breaker();
        String property = cause.property();
        if (merged.isSetInCode()) {
            return new Setting(
                    PropertyText.ofBreaker(breaker),
                    PropertyText.name(ConfiguredValues.name(breaker, property)),
                    cause.value(),
                    "set in code, by a BreakerConfigCustomizer",
                    List.of());
        }
        Optional<ConfigurationProperty> found = configured.effective(breaker, property, cause.value());
        List<ConfigurationProperty> limits = LIMITED_BY.getOrDefault(property, List.of()).stream()
                .filter(cause.allowed()::contains)
                .flatMap(other -> configured.effective(breaker, other, "").stream())
                .toList();
        ConfigurationPropertyName name =
                found.map(ConfigurationProperty::getName).orElseGet(() -> ConfiguredValues.name(breaker, property));
        return new Setting(
                PropertyText.subject(name),
                PropertyText.name(name),
                found.map(PropertyText::value).orElse(cause.value()),
                found.isEmpty() && cause.value().equals("unset") ? "not set" : PropertyText.origin(found),
                limits);
    }

    /** A parent, or a setting that all breakers share. */
    private Setting ofRegistry(InvalidConfigException cause) {
        String property = cause.property();
        String value = cause.value();
        boolean isParent = property.equals("parent");
        ConfigurationPropertyName name =
                isParent ? ConfiguredValues.name(cause.breaker(), property) : ConfiguredValues.global(property);
        Optional<ConfigurationProperty> found = isParent
                ? configured
                        .effective(cause.breaker(), property, value)
                        .filter(parent -> configured
                                .resolved(PropertyText.value(parent))
                                .filter(text -> text.strip().equals(value))
                                .isPresent())
                : configured.find(name, value);
        return new Setting(
                PropertyText.subject(name),
                PropertyText.name(found.map(ConfigurationProperty::getName).orElse(name)),
                found.map(PropertyText::value).orElse(value),
                found.isEmpty() && value.equals("unset") ? "not set" : originOrCode(found),
                List.of());
    }

    private static String originOrCode(Optional<ConfigurationProperty> found) {
        return found.isEmpty() ? "set in code" : PropertyText.origin(found);
    }

    private record Setting(
            String subject, String name, String value, String origin, List<ConfigurationProperty> limits) {}
}

package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.Intent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** Explains a setting of ours that does not exist or cannot be read, before Spring Boot does so for any setting. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class BindingFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final int MOST = 20;

    private final ConfiguredValues configured;

    BindingFailureAnalyzer(Environment environment) {
        configured = new ConfiguredValues(environment);
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        if (!PropertyKeys.isOurs(cause.getName())) {
            return null;
        }
        UnboundConfigurationPropertiesException unknown =
                findCause(cause, UnboundConfigurationPropertiesException.class);
        return unknown == null ? unreadable(cause) : unknown(unknown);
    }

    private FailureAnalysis unreadable(BindException cause) {
        // Where the error is not in converting a value, it comes with the property that was read before.
        Optional<ConfigurationProperty> property = Optional.ofNullable(cause.getProperty())
                .filter(read -> read.getName().equals(cause.getName()))
                .or(() -> configured.find(cause.getName(), ""));
        String name =
                PropertyText.name(property.map(ConfigurationProperty::getName).orElse(cause.getName()));
        String value = property.map(PropertyText::value).orElse("");
        String allowed = cause.getName().getParent().equals(PropertyKeys.BREAKERS)
                        && cause.getName().isLastElementIndexed()
                ? allowed(Map.class)
                : PropertyKeys.isFree(
                                cause.getName(), cause.getTarget().getType().resolve(Object.class))
                        ? "must be a block of texts, each by its name"
                        : allowed(cause.getName(), cause.getTarget());
        String reason = configured
                .resolved(value)
                .map(text -> PropertyText.shortName(cause.getName()) + " is " + text + ", but " + allowed)
                .orElse("the placeholder in it has no value");
        return new FailureAnalysis(
                PropertyText.subject(cause.getName()) + " is not valid:\n\n"
                        + PropertyText.lines(name, value, PropertyText.origin(property))
                        + PropertyText.reason(reason),
                "Change " + name + ": it " + allowed + ".",
                cause);
    }

    /** What a property that cannot be read must be, as the end of a sentence. */
    static String allowed(ConfigurationPropertyName name, Bindable<?> target) {
        Class<?> type = target.getType().resolve(Object.class);
        boolean isList = PropertyKeys.isList(type);
        if (isList) {
            type = target.getType().getGeneric().resolve(Object.class);
        }
        if (isList && PropertyKeys.isBlock(type)) {
            return "must be a list of blocks, each with properties of: " + String.join(", ", PropertyKeys.in(type));
        }
        // The only list of choices: the intents that pass.
        return type.isEnum() && (isList || name.isLastElementIndexed())
                ? "must be " + choices(type, Intent.OPEN_RISK)
                : allowed(ClassUtils.resolvePrimitiveIfNecessary(type));
    }

    private static String allowed(Class<?> type) {
        if (type == Boolean.class) {
            return "must be true or false";
        }
        if (type == Integer.class) {
            return "must be a whole number, at most " + Integer.MAX_VALUE;
        }
        if (type == Double.class) {
            return "must be a number, such as 2 or 0.5";
        }
        if (type == Duration.class) {
            return "must be a duration, such as 200ms, 30s, 5m or 1h";
        }
        if (type == Map.class) {
            return "must hold breakers by their names, each with its own block of limits";
        }
        if (type == BreakerSettings.class) {
            return "must be a block of limits, each by its name, such as 'p99-threshold: 200ms'";
        }
        if (PropertyKeys.isBlock(type)) {
            return "must be a block of properties: " + String.join(", ", PropertyKeys.in(type));
        }
        return type.isEnum() ? "must be " + choices(type, null) : "must be text";
    }

    private static String choices(Class<?> type, @Nullable Object but) {
        List<String> choices = Arrays.stream(type.getEnumConstants())
                .filter(choice -> choice != but)
                .map(choice -> choice.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        int last = choices.size() - 1;
        return String.join(", ", choices.subList(0, last)) + " or " + choices.get(last);
    }

    private static FailureAnalysis unknown(UnboundConfigurationPropertiesException cause) {
        List<ConfigurationProperty> all = cause.getUnboundProperties().stream()
                .sorted(Comparator.comparing(ConfigurationProperty::getName))
                .toList();
        StringBuilder description =
                new StringBuilder(all.size() == 1 ? "There is no such property:\n" : "There are no such properties:\n");
        for (ConfigurationProperty property : all.subList(0, Math.min(MOST, all.size()))) {
            description
                    .append('\n')
                    .append(PropertyText.lines(
                            PropertyText.name(property.getName()),
                            PropertyText.value(property),
                            PropertyText.origin(Optional.of(property))))
                    .append(PropertyText.reason(reason(PropertyKeys.end(property.getName()))));
        }
        if (all.size() > MOST) {
            description.append("\n    and ").append(all.size() - MOST).append(" more\n");
        }
        String places = all.stream()
                .limit(MOST)
                .map(property -> PropertyKeys.end(property.getName()))
                .filter(end -> !end.keys().isEmpty())
                .map(end ->
                        " Under " + PropertyText.name(end.at()) + " there are: " + String.join(", ", end.keys()) + ".")
                .distinct()
                .collect(Collectors.joining());
        return new FailureAnalysis(
                description.toString(),
                (all.size() == 1 ? "Correct it or remove it." : "Correct them or remove them.") + places,
                cause);
    }

    private static String reason(PropertyKeys.End end) {
        if (end.keys().isEmpty()) {
            String takes = PropertyText.shortName(end.at()) + (end.isList() ? " takes a list" : " takes a value");
            if (!isNumber(end.key())) {
                return takes + ", not a block of properties";
            }
            return takes + (end.isList() ? ", whose elements are numbered from 0 without a gap" : ", not a list");
        }
        String unknown = "'" + end.key() + "' is not known under " + PropertyText.name(end.at());
        List<String> elsewhere =
                PropertyKeys.all(List.of(PropertyKeys.BREAKERS.append("name")), any -> 1).keySet().stream()
                        .filter(name -> name.getLastElement(Form.DASHED).equals(end.key()))
                        .map(ConfigurationPropertyName::toString)
                        .filter(name -> !name.startsWith(PropertyKeys.DEFAULTS.toString()))
                        .map(name -> name.replace(PropertyKeys.BREAKERS + ".name.", PropertyKeys.BREAKERS + ".<name>."))
                        .toList();
        if (!elsewhere.isEmpty()) {
            return unknown + "; there is " + String.join(", ", elsewhere);
        }
        return unknown
                + Spelling.nearest(end.key(), end.keys())
                        .map(nearest -> "; the nearest is '" + nearest + "'")
                        .orElse("");
    }

    private static boolean isNumber(String key) {
        return key.chars().allMatch(Character::isDigit);
    }
}

package io.tradingbreaker.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/** Finds where in the configuration a setting stands. */
final class ConfiguredValues {

    private static final int LONGEST_LIST = 1000;

    private final Environment environment;
    private final Iterable<ConfigurationPropertySource> sources;

    ConfiguredValues(Environment environment) {
        this.environment = environment;
        sources = ConfigurationPropertySources.get(environment);
    }

    /** The name that a setting has, or would have, in the configuration. */
    static ConfigurationPropertyName name(@Nullable String breaker, String property) {
        if (breaker == null) {
            return PropertyKeys.DEFAULTS.append(property);
        }
        return PropertyKeys.BREAKERS
                .append(ConfigurationPropertyName.isValid(breaker) ? breaker : "[" + breaker + "]")
                .append(property);
    }

    static ConfigurationPropertyName global(String property) {
        return PropertyKeys.ROOT.append(property);
    }

    /** A breaker's own setting, or else the one of the defaults. Of a list, the element of that value. */
    Optional<ConfigurationProperty> effective(@Nullable String breaker, String property, String value) {
        Optional<ConfigurationProperty> own = find(name(breaker, property), value);
        return own.isPresent() || breaker == null ? own : find(name(null, property), value);
    }

    /** A setting that is not blank. Of a list, the element of that value; of an element, else the list in one value. */
    Optional<ConfigurationProperty> find(ConfigurationPropertyName name, String value) {
        Optional<ConfigurationProperty> whole =
                get(name).or(() -> name.isLastElementIndexed() ? get(name.getParent()) : Optional.empty());
        if (whole.isPresent()) {
            return whole;
        }
        List<ConfigurationProperty> elements = new ArrayList<>();
        for (int i = 0; i < LONGEST_LIST; i++) {
            Optional<ConfigurationProperty> element = get(name.append("[" + i + "]"));
            if (element.isEmpty()) {
                break;
            }
            elements.add(element.get());
        }
        return elements.stream()
                .filter(element ->
                        same(value, resolved(PropertyText.raw(element)).orElse("")))
                .findFirst()
                .or(() -> elements.stream().findFirst());
    }

    /** A value with its placeholders filled in; empty if one of them has no value. */
    Optional<String> resolved(String value) {
        try {
            return Optional.of(environment.resolveRequiredPlaceholders(value));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The first setting of the breaker that is spelt exactly so. */
    Optional<ConfigurationProperty> firstOf(String breaker) {
        int position = PropertyKeys.BREAKERS.getNumberOfElements();
        for (ConfigurationPropertySource source : sources) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                Optional<ConfigurationPropertyName> name = iterable.stream()
                        .filter(PropertyKeys.BREAKERS::isAncestorOf)
                        .filter(any -> any.getElement(position, Form.ORIGINAL).equals(breaker))
                        .findFirst();
                if (name.isPresent()) {
                    return name.flatMap(found -> exact(source, found));
                }
            }
        }
        return Optional.empty();
    }

    /** Asked for a name, a source answers with any that differs from it in dashes only. */
    private static Optional<ConfigurationProperty> exact(
            ConfigurationPropertySource source, ConfigurationPropertyName name) {
        if (source.getUnderlyingSource() instanceof EnumerablePropertySource<?> raw) {
            for (String key : raw.getPropertyNames()) {
                if (ConfigurationPropertyName.adapt(key, '.').toString().equals(name.toString())) {
                    return Optional.of(new ConfigurationProperty(
                            name, Objects.toString(raw.getProperty(key), ""), PropertySourceOrigin.get(raw, key)));
                }
            }
        }
        return Optional.ofNullable(source.getConfigurationProperty(name));
    }

    private Optional<ConfigurationProperty> get(ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : sources) {
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (found == null) {
                found = source.getConfigurationProperty(asInVariables(name));
            }
            if (found != null) {
                return Optional.of(found)
                        .filter(property -> !PropertyText.raw(property).isBlank());
            }
        }
        return Optional.empty();
    }

    /** Where a variable has named a breaker first, others are looked for under its spelling of the prefix. */
    private static ConfigurationPropertyName asInVariables(ConfigurationPropertyName name) {
        String own = name.toString().substring(PropertyKeys.ROOT.toString().length());
        return ConfigurationPropertyName.adapt(PropertyKeys.ROOT.toString().replace("-", "") + own, '.');
    }

    private static boolean same(String value, String configured) {
        return normal(value).equals(normal(configured));
    }

    private static String normal(String value) {
        return value.strip().replace('_', '-').toLowerCase(Locale.ROOT);
    }
}

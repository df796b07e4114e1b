package io.tradingbreaker.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/** Finds where in the configuration a setting stands. */
final class ConfiguredValues {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("trading-breaker");
    private static final ConfigurationPropertyName DEFAULTS = ROOT.append("defaults");
    private static final ConfigurationPropertyName BREAKERS = ROOT.append("breakers");
    private static final int LONGEST_LIST = 1000;

    private final Iterable<ConfigurationPropertySource> sources;

    ConfiguredValues(Environment environment) {
        sources = ConfigurationPropertySources.get(environment);
    }

    /** The name that a setting has, or would have, in the configuration. */
    static ConfigurationPropertyName name(@Nullable String breaker, String property) {
        return of(breaker).append(property);
    }

    static ConfigurationPropertyName global(String property) {
        return ROOT.append(property);
    }

    /** A breaker's own setting, or else the one of the defaults. Of a list, the element of that value. */
    Optional<ConfigurationProperty> effective(@Nullable String breaker, String property, String value) {
        Optional<ConfigurationProperty> own = find(name(breaker, property), value);
        return own.isPresent() || breaker == null ? own : find(name(null, property), value);
    }

    /** A setting that is not blank. Of a list, the element of that value. */
    Optional<ConfigurationProperty> find(ConfigurationPropertyName name, String value) {
        Optional<ConfigurationProperty> whole = get(name);
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
                .filter(element -> same(value, element.getValue()))
                .findFirst()
                .or(() -> elements.stream().findFirst());
    }

    /** The first setting of the defaults or of any breaker that has that value. */
    Optional<ConfigurationProperty> anywhere(String property, String value) {
        ConfigurationPropertyName path = ROOT.append(property);
        return Stream.concat(
                        Stream.of(DEFAULTS.append(property)),
                        names().filter(name ->
                                name.getLastElement(Form.UNIFORM).equals(path.getLastElement(Form.UNIFORM))))
                .flatMap(name -> get(name).stream())
                .filter(found -> same(value, found.getValue()))
                .findFirst();
    }

    /** The first setting of the breaker of that name. */
    Optional<ConfigurationProperty> firstOf(String breaker) {
        int position = BREAKERS.getNumberOfElements();
        return names().filter(name -> name.getNumberOfElements() > position
                        && name.getElement(position, Form.ORIGINAL).equals(breaker))
                .flatMap(name -> get(name).stream())
                .findFirst();
    }

    private Stream<ConfigurationPropertyName> names() {
        List<ConfigurationPropertyName> names = new ArrayList<>();
        for (ConfigurationPropertySource source : sources) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream().filter(BREAKERS::isAncestorOf).forEach(names::add);
            }
        }
        return names.stream();
    }

    private Optional<ConfigurationProperty> get(ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : sources) {
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (found != null) {
                return Optional.of(found)
                        .filter(property -> !text(property.getValue()).isBlank());
            }
        }
        return Optional.empty();
    }

    private static ConfigurationPropertyName of(@Nullable String breaker) {
        if (breaker == null) {
            return DEFAULTS;
        }
        return BREAKERS.append(ConfigurationPropertyName.isValid(breaker) ? breaker : "[" + breaker + "]");
    }

    private static boolean same(String value, Object configured) {
        return normal(value).equals(normal(text(configured)));
    }

    private static String normal(String value) {
        return value.strip().replace('_', '-').toLowerCase(java.util.Locale.ROOT);
    }

    private static String text(Object value) {
        return Objects.toString(value, "");
    }
}

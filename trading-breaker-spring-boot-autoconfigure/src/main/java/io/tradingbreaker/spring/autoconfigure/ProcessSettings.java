package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Undeclared;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The settings in the process's environment variables and system properties. Spring Boot takes any name there for one
 * that may be meant for somebody else, and so lets a misspelt one pass; and a variable can neither spell a dash nor the
 * case of a letter.
 */
final class ProcessSettings {

    private static final Logger log = LoggerFactory.getLogger("io.tradingbreaker.spring");
    private static final int MOST = 20;
    private static final int LONGEST_LIST = 1000;

    // What Kubernetes and Docker set in every container beside a service called trading-breaker or trading-breaker-x.
    private static final Pattern SERVICE_LINK = Pattern.compile("TRADING_?BREAKER_((?!BREAKERS_|DEFAULTS_)[A-Z0-9_]+_)?"
            + "(SERVICE_HOST|SERVICE_PORT(_.*)?|NAME|PORT|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private final List<ConfigurationPropertySource> sources;

    ProcessSettings(Environment environment) {
        sources = StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .toList();
    }

    /**
     * The breakers that are configured. One that a variable spells without its dashes is the one that has them
     * elsewhere. One that variables alone configure is reported.
     *
     * @throws InvalidConfigException for one of these where undeclared breakers are refused
     */
    Map<String, BreakerSettings> declared(TradingBreakerProperties properties) {
        Map<String, BreakerSettings> declared = new LinkedHashMap<>(properties.breakers());
        Map<String, Set<String>> variables = new TreeMap<>();
        Set<String> elsewhere = new TreeSet<>(Set.of(BreakerRegistry.DEFAULT_NAME));
        for (ConfigurationPropertySource source : sources) {
            collect(source, variables, elsewhere);
        }
        variables.keySet().removeAll(elsewhere);
        variables.keySet().retainAll(declared.keySet());
        Set<String> spelt = elsewhere.stream().map(ProcessSettings::plain).collect(Collectors.toSet());
        int reported = 0;
        for (Map.Entry<String, Set<String>> breaker : variables.entrySet()) {
            String name = breaker.getKey();
            if (spelt.contains(plain(name))) {
                declared.remove(name);
            } else if (properties.undeclared() == Undeclared.REFUSE) {
                throw new InvalidConfigException(
                        "breakers",
                        name,
                        "must be configured in a file too, if only by '" + name
                                + ":', where trading-breaker.undeclared is refuse: a variable's name may be"
                                + " misspelt. Configured elsewhere are " + elsewhere);
            } else if (++reported <= MOST) {
                log.warn(
                        "Breaker '{}' is configured by environment variables alone: {}. If there should be one of that"
                                + " name, declare it in a file too, if only by '{}:'. Configured elsewhere are {}.",
                        PropertyText.line(name),
                        listed(breaker.getValue()),
                        PropertyText.line(name),
                        PropertyText.line(elsewhere.toString()));
            }
        }
        if (reported > MOST) {
            log.warn("{} more breakers are configured by environment variables alone", reported - MOST);
        }
        return declared;
    }

    /**
     * Reports, by their names, what is meant for us and sets nothing.
     *
     * @param blocks the lengths of the lists of blocks, by name
     */
    void reportIgnored(Set<String> breakers, Map<String, Integer> blocks) {
        Set<String> names = new LinkedHashSet<>(breakers);
        names.add(BreakerRegistry.DEFAULT_NAME);
        Map<ConfigurationPropertyName, Class<?>> all = PropertyKeys.all(
                names.stream()
                        .filter(ConfigurationPropertyName::isValid)
                        .map(this::block)
                        .toList(),
                name -> blocks.getOrDefault(PropertyKeys.withoutRoot(name), 0));
        for (ConfigurationPropertySource source : sources) {
            if (!(source.getUnderlyingSource() instanceof EnumerablePropertySource<?> raw)) {
                continue;
            }
            boolean isEnvironment = isEnvironment(source);
            if (isEnvironment || raw.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME)) {
                Map<ConfigurationPropertyName, Class<?>> known = new LinkedHashMap<>(all);
                known.entrySet()
                        .removeIf(any -> isEnvironment && PropertyKeys.isSharedBlock(any.getKey(), any.getValue()));
                Set<String> used = used(source, known);
                List<String> ignored = Arrays.stream(raw.getPropertyNames())
                        .filter(name -> isMeantForUs(name) && !used.contains(name))
                        .filter(name ->
                                !isEnvironment || !SERVICE_LINK.matcher(name).matches())
                        .sorted()
                        .toList();
                report(ignored, isEnvironment, known.keySet());
            }
        }
    }

    /**
     * A breaker's block as the first source spells it that has one. Spring Boot looks for its settings under that name;
     * of a variable, that is {@code tradingbreaker}, which decides how others may spell dashes.
     */
    private ConfigurationPropertyName block(String breaker) {
        int position = PropertyKeys.BREAKERS.getNumberOfElements();
        return sources.stream()
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .flatMap(source -> ((IterableConfigurationPropertySource) source).stream())
                .filter(PropertyKeys.BREAKERS::isAncestorOf)
                .filter(name -> name.getElement(position, Form.ORIGINAL).equals(breaker))
                .findFirst()
                .map(name -> name.chop(position + 1))
                .orElseGet(() -> PropertyKeys.BREAKERS.append(breaker));
    }

    private static void report(List<String> ignored, boolean isEnvironment, Set<ConfigurationPropertyName> known) {
        String kind = isEnvironment ? "Environment variable" : "System property";
        Map<String, String> forms = new LinkedHashMap<>();
        for (ConfigurationPropertyName name : known) {
            String form = isEnvironment ? variable(name) : PropertyText.name(name);
            forms.put(letters(form), form);
        }
        for (String name : ignored.subList(0, Math.min(MOST, ignored.size()))) {
            String meant = forms.get(letters(name));
            String remedy = meant != null
                    ? "write " + meant
                    : "there is no such property or breaker"
                            + Spelling.nearest(letters(name), forms.keySet())
                                    .map(nearest -> "; the nearest is " + forms.get(nearest))
                                    .orElse(
                                            isEnvironment
                                                    ? "; the form is TRADINGBREAKER_BREAKERS_<NAME>_<KEY>, without dashes"
                                                    : "");
            log.warn("{} {} has no effect: {}", kind, PropertyText.line(name), remedy);
        }
        if (ignored.size() > MOST) {
            log.warn("{} more of that kind have no effect either", ignored.size() - MOST);
        }
    }

    private static String listed(Set<String> names) {
        return names.stream().limit(MOST).map(PropertyText::line).collect(Collectors.joining(", "))
                + (names.size() > MOST ? " and " + (names.size() - MOST) + " more" : "");
    }

    /** Adds the breakers of a source as they are spelt there; those of variables with the variables' own names. */
    private static void collect(
            ConfigurationPropertySource source, Map<String, Set<String>> variables, Set<String> elsewhere) {
        if (source instanceof IterableConfigurationPropertySource iterable) {
            int position = PropertyKeys.BREAKERS.getNumberOfElements();
            iterable.stream().filter(PropertyKeys.BREAKERS::isAncestorOf).forEach(name -> {
                String breaker = name.getElement(position, Form.ORIGINAL);
                if (isEnvironment(source)) {
                    variables
                            .computeIfAbsent(breaker, any -> new TreeSet<>())
                            .add(ownName(source.getConfigurationProperty(name)));
                } else {
                    elsewhere.add(breaker);
                }
            });
        }
    }

    private static Set<String> used(
            ConfigurationPropertySource source, Map<ConfigurationPropertyName, Class<?>> known) {
        Set<String> used = new HashSet<>();
        known.forEach((name, type) -> {
            used.add(ownName(source.getConfigurationProperty(name)));
            for (int i = 0; PropertyKeys.isList(type) && i < LONGEST_LIST; i++) {
                String element = ownName(source.getConfigurationProperty(name.append("[" + i + "]")));
                if (element.isEmpty()) {
                    break;
                }
                used.add(element);
            }
            if (PropertyKeys.isFree(name, type) && source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream()
                        .filter(name::isAncestorOf)
                        .forEach(any -> used.add(ownName(source.getConfigurationProperty(any))));
            }
        });
        return used;
    }

    /** What its source calls a setting; empty if there is none. */
    private static String ownName(@Nullable ConfigurationProperty property) {
        Origin origin = property == null ? null : property.getOrigin();
        if (origin instanceof PropertySourceOrigin inSource) {
            return inSource.getPropertyName();
        }
        return origin instanceof SystemEnvironmentOrigin variable ? variable.getProperty() : "";
    }

    static boolean isEnvironment(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
    }

    private static boolean isMeantForUs(String name) {
        String lower = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
        return lower.startsWith("tradingbreaker_") || lower.startsWith("trading_breaker_");
    }

    private static String variable(ConfigurationPropertyName name) {
        return name.toString().toUpperCase(Locale.ROOT).replaceAll("[-\\]]", "").replaceAll("[.\\[]", "_");
    }

    private static String letters(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
    }

    private static String plain(String name) {
        return name.replace("-", "");
    }
}

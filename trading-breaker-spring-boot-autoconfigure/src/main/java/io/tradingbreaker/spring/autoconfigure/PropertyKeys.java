package io.tradingbreaker.spring.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;

/** The properties that there are, read from the records that they are bound to. */
final class PropertyKeys {

    static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("trading-breaker");
    static final ConfigurationPropertyName DEFAULTS = ROOT.append("defaults");
    static final ConfigurationPropertyName BREAKERS = ROOT.append("breakers");

    /** The records that the properties are bound to, with the records that are nested in them. */
    static final Set<Class<?>> HOSTS = Set.of(TradingBreakerProperties.class, BreakerSettings.class);

    private PropertyKeys() {}

    /** Whether a name is ours, or begins with ours. */
    static boolean isOurs(ConfigurationPropertyName name) {
        return ROOT.equals(name) || ROOT.isAncestorOf(name);
    }

    /** A name of ours without the prefix. */
    static String withoutRoot(ConfigurationPropertyName name) {
        return name.subName(ROOT.getNumberOfElements()).toString();
    }

    /** Whether a type of ours holds properties by name, and no value. */
    static boolean isBlock(Class<?> type) {
        return type == Map.class || (type.isRecord() && HOSTS.contains(type.getNestHost()));
    }

    /** Whether it is a block that is no breaker's: a variable of its bare name may well be somebody else's. */
    static boolean isSharedBlock(ConfigurationPropertyName name, Class<?> type) {
        return isBlock(type)
                && Stream.of(DEFAULTS, BREAKERS).noneMatch(block -> block.equals(name) || block.isAncestorOf(name));
    }

    /** Whether it is a block of texts under any keys. */
    static boolean isFree(ConfigurationPropertyName name, Class<?> type) {
        return type == Map.class && !name.equals(BREAKERS);
    }

    static boolean isList(Class<?> type) {
        return Collection.class.isAssignableFrom(type) || type.isArray();
    }

    /** The keys of a block; of one that takes any key, and of a value, none. */
    static Collection<String> in(Class<?> type) {
        return types(type).keySet();
    }

    /** The keys of a breaker's values, those in its blocks with a dot. */
    static List<String> ofABreaker() {
        return all(List.of(), any -> 0).entrySet().stream()
                .filter(any -> DEFAULTS.isAncestorOf(any.getKey()) && !isBlock(any.getValue()))
                .map(any -> any.getKey().subName(DEFAULTS.getNumberOfElements()).toString())
                .toList();
    }

    /**
     * All that may stand in the configuration, blocks and values, with their types; of a list of values, no elements.
     *
     * @param breakers the blocks of the breakers
     * @param blocks the number of blocks in a list of them
     */
    static Map<ConfigurationPropertyName, Class<?>> all(
            Collection<ConfigurationPropertyName> breakers, ToIntFunction<ConfigurationPropertyName> blocks) {
        Map<ConfigurationPropertyName, Class<?>> names = new LinkedHashMap<>();
        add(ROOT, TradingBreakerProperties.class, breakers, blocks, names);
        return names;
    }

    /** How far the way to a property leads that does not exist, or that is behind a gap in a list. */
    static End end(ConfigurationPropertyName name) {
        Class<?> type = TradingBreakerProperties.class;
        End list = null;
        for (int i = ROOT.getNumberOfElements(); i < name.getNumberOfElements(); i++) {
            String element = name.getElement(i, Form.UNIFORM);
            Class<?> next = next(type, element, i == BREAKERS.getNumberOfElements());
            if (next == null) {
                return new End(name.chop(i), name.getElement(i, Form.ORIGINAL), in(type), isList(type));
            }
            if (type.isArray()) {
                list = new End(name.chop(i), element, List.of(), true);
            }
            type = next;
        }
        if (list != null) {
            return list;
        }
        throw new IllegalArgumentException(name + " exists");
    }

    private static @Nullable Class<?> next(Class<?> type, String element, boolean isBreaker) {
        if (type == Map.class) {
            return isBreaker ? BreakerSettings.class : String.class;
        }
        if (type.isArray()) {
            return element.chars().allMatch(Character::isDigit) ? type.getComponentType() : null;
        }
        return types(type).entrySet().stream()
                .filter(key -> plain(key.getKey()).equals(element))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static void add(
            ConfigurationPropertyName name,
            Class<?> type,
            Collection<ConfigurationPropertyName> breakers,
            ToIntFunction<ConfigurationPropertyName> blocks,
            Map<ConfigurationPropertyName, Class<?>> names) {
        names.put(name, type);
        if (name.equals(BREAKERS)) {
            breakers.forEach(breaker -> add(breaker, BreakerSettings.class, breakers, blocks, names));
        }
        for (int i = 0; type.isArray() && i < blocks.applyAsInt(name); i++) {
            add(name.append("[" + i + "]"), type.getComponentType(), breakers, blocks, names);
        }
        types(type).forEach((key, next) -> add(name.append(key), next, breakers, blocks, names));
    }

    /** A list of blocks is given as an array of them. */
    private static Map<String, Class<?>> types(Class<?> block) {
        Map<String, Class<?>> types = new LinkedHashMap<>();
        if (block.isRecord()) {
            for (RecordComponent component : block.getRecordComponents()) {
                types.put(DataObjectPropertyName.toDashedForm(component.getName()), type(component));
            }
        }
        return types;
    }

    private static Class<?> type(RecordComponent component) {
        Class<?> element = ResolvableType.forType(component.getGenericType())
                .asCollection()
                .getGeneric()
                .resolve(Object.class);
        return element.isRecord() ? element.arrayType() : component.getType();
    }

    private static String plain(String key) {
        return key.replace("-", "");
    }

    /**
     * Where the way to a property ends.
     *
     * @param at the last block or value on the way
     * @param key what it does not have
     * @param keys what it has; none if it is a value
     * @param isList whether it is a list of values
     */
    record End(ConfigurationPropertyName at, String key, Collection<String> keys, boolean isList) {}
}

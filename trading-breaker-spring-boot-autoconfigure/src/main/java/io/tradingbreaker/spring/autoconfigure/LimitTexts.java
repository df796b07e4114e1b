package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerConfigBuilder;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.spring.actuate.LimitReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Reads limits from texts by binding them to the record that the YAML is bound to. Placeholders are not filled in and no
 * class is loaded: the texts are from outside. Immutable.
 */
final class LimitTexts implements LimitReader {

    private static final String PROBE = "probe.";
    private static final String PROBE_TIMEOUT = PROBE + "timeout";
    private static final Set<String> CLASSES = Set.of("ignore-exceptions", "record-exceptions");
    private static final Pattern GAP = Pattern.compile("(^|,)\\s*(,|$)");

    private final List<String> keys = PropertyKeys.ofABreaker().stream()
            .filter(key -> whyFixed(key) == null)
            .toList();

    @Override
    public List<String> keys() {
        return keys;
    }

    @Override
    public @Nullable String whyFixed(String key) {
        if (CLASSES.contains(key)) {
            return "names classes, and so can be changed in the configuration or in Java only";
        }
        return key.equals("parent") || (key.startsWith(PROBE) && !key.equals(PROBE_TIMEOUT))
                ? "cannot change while the breaker runs: set it in the configuration and restart"
                : null;
    }

    @Override
    public BiConsumer<BreakerConfig, BreakerConfigBuilder> read(Map<String, String> texts) {
        Map<String, String> properties = new HashMap<>();
        texts.forEach((key, text) -> {
            // Of a list, Spring Boot would make an element of nothing.
            if (GAP.matcher(text).find()) {
                throw new InvalidConfigException(key, text, "must have something between its commas");
            }
            properties.put(PropertyKeys.DEFAULTS.append(key).toString(), text);
        });
        BreakerSettings values;
        try {
            values = new Binder(new MapConfigurationPropertySource(properties))
                    .bind(PropertyKeys.DEFAULTS, Bindable.of(BreakerSettings.class))
                    .get();
        } catch (BindException e) {
            String key = e.getName()
                    .subName(PropertyKeys.DEFAULTS.getNumberOfElements())
                    .toString();
            throw new InvalidConfigException(
                    key, texts.getOrDefault(key, ""), BindingFailureAnalyzer.allowed(e.getName(), e.getTarget()));
        }
        return (present, limits) -> MergedConfigs.put(values, present, limits);
    }
}

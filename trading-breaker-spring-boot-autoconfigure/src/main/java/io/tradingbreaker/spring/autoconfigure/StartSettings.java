package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.spring.autoconfigure.BreakerSettings.Probe;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Settings that are read at the start only. */
final class StartSettings {

    private static final Map<String, Function<TradingBreakerProperties, Object>> SHARED = new LinkedHashMap<>();

    static {
        SHARED.put("enabled", TradingBreakerProperties::enabled);
        SHARED.put("undeclared", TradingBreakerProperties::undeclared);
        SHARED.put("stall-check-interval", TradingBreakerProperties::stallCheckInterval);
        SHARED.put("aspect", TradingBreakerProperties::aspect);
        SHARED.put("web", TradingBreakerProperties::web);
        SHARED.put("health", TradingBreakerProperties::health);
        SHARED.put("metrics", TradingBreakerProperties::metrics);
        SHARED.put("observation", TradingBreakerProperties::observation);
        SHARED.put("http", TradingBreakerProperties::http);
        SHARED.put("grpc", TradingBreakerProperties::grpc);
        SHARED.put("store", TradingBreakerProperties::store);
        SHARED.put("audit", TradingBreakerProperties::audit);
        SHARED.put("webhook", TradingBreakerProperties::webhook);
        SHARED.put("dashboard", TradingBreakerProperties::dashboard);
    }

    private StartSettings() {}

    /** The names of those that are not what they were, blocks as a whole; none of their values. The set can be added to. */
    static Set<String> changed(TradingBreakerProperties then, TradingBreakerProperties now) {
        Set<String> changed = new TreeSet<>();
        SHARED.forEach((name, setting) -> {
            if (!setting.apply(then).equals(setting.apply(now))) {
                changed.add(ConfiguredValues.global(name).toString());
            }
        });
        if (!probe(then.defaults()).equals(probe(now.defaults()))) {
            changed.add(ConfiguredValues.name(null, "probe").toString());
        }
        now.breakers().forEach((name, breaker) -> {
            BreakerSettings before = then.breakers().get(name);
            if (before != null && !probe(before).equals(probe(breaker))) {
                changed.add(ConfiguredValues.name(name, "probe").toString());
            }
        });
        return changed;
    }

    /** Without its timeout, which can change. */
    private static Probe probe(@Nullable BreakerSettings breaker) {
        Probe probe = breaker == null ? null : breaker.probe();
        return Objects.requireNonNullElse(probe, Probe.EMPTY).withoutTimeout();
    }
}

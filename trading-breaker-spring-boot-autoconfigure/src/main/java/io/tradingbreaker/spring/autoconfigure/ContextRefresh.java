package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerConfigBuilder;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.TradingBreaker;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.ConstructorBound;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Retunes the breakers when Spring Cloud has refreshed the environment: binds and merges the configuration as at the
 * start, and takes over what it wants otherwise than the last one that was taken. All of it or nothing. Thread-safe.
 *
 * <p>Knows Spring Cloud's event by its name only, so that any version of it will do.
 */
final class ContextRefresh implements SmartApplicationListener, SmartInitializingSingleton {

    static final String EVENT = "org.springframework.cloud.context.environment.EnvironmentChangeEvent";

    private static final Logger log = LoggerFactory.getLogger("io.tradingbreaker.spring");
    private static final String ACTOR = "configuration";
    private static final String REASON = "context refresh";

    private final BeanFactory beans;
    private final Environment environment;
    private final ObjectProvider<TradingBreakerProperties> properties;
    private final ObjectProvider<BreakerConfigCustomizer> customizers;
    private final ObjectProvider<BreakerRegistry> registry;
    private final ResourceLoader resources;
    private final ReentrantLock refreshing = new ReentrantLock();
    // Only under the lock; null before the start is over.
    private @Nullable Configured atStart;
    private @Nullable Configured last;

    ContextRefresh(
            BeanFactory beans,
            Environment environment,
            ObjectProvider<TradingBreakerProperties> properties,
            ObjectProvider<BreakerConfigCustomizer> customizers,
            ObjectProvider<BreakerRegistry> registry,
            ResourceLoader resources) {
        this.beans = beans;
        this.environment = environment;
        this.properties = properties;
        this.customizers = customizers;
        this.registry = registry;
        this.resources = resources;
    }

    @Override
    public void afterSingletonsInstantiated() {
        refreshing.lock();
        try {
            atStart = merged(properties.getObject());
            last = atStart;
        } finally {
            refreshing.unlock();
        }
    }

    @Override
    public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
        return type.getName().equals(EVENT);
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        refresh();
    }

    /** Takes over what has changed in the environment. What is not valid there changes nothing, and is logged. */
    void refresh() {
        refreshing.lock();
        try {
            Configured first = atStart;
            Configured before = last;
            if (first == null || before == null) {
                return;
            }
            Configured now = merged(bound());
            if (isCarriedOver(before.limits, now.limits)) {
                last = now;
                warnOfFixed(first, now);
            }
        } catch (RuntimeException e) {
            report(e);
        } finally {
            refreshing.unlock();
        }
    }

    private TradingBreakerProperties bound() {
        Class<?> type = TradingBreakerProperties.class;
        return (TradingBreakerProperties) ConstructorBound.from(beans, PropertyKeys.ROOT + "-" + type.getName(), type);
    }

    private Configured merged(TradingBreakerProperties bound) {
        return new Configured(
                bound,
                new MergedConfigs(
                                bound,
                                new ProcessSettings(environment).declared(bound),
                                customizers.orderedStream().toList(),
                                resources.getClassLoader())
                        .all());
    }

    /** By itself the configuration is valid. What then does not fit is what has been changed while the breakers ran. */
    private boolean isCarriedOver(ConfiguredLimits before, ConfiguredLimits now) {
        try {
            carryOver(before, now);
            return true;
        } catch (InvalidConfigException e) {
            log.error(
                    "The refreshed configuration does not fit limits that were changed by hand, and is not taken over;"
                            + " every breaker stays as it was: {}",
                    PropertyText.line(e.getMessage()));
            return false;
        }
    }

    private void carryOver(ConfiguredLimits before, ConfiguredLimits now) {
        retune(before, now);
        BreakerConfig undeclared = now.undeclared();
        BreakerConfig old = before.undeclared();
        if (undeclared != null && old != null && !undeclared.equals(old)) {
            registry.getObject().undeclared(undeclared.with(limits -> limits.parent(old.parent())));
            // Those that were made in between with the old ones.
            retune(before, now);
        }
    }

    private void retune(ConfiguredLimits before, ConfiguredLimits now) {
        registry.getObject().retune((breaker, limits) -> putChanges(before, now, breaker, limits), REASON, ACTOR);
    }

    private static void putChanges(
            ConfiguredLimits before, ConfiguredLimits now, TradingBreaker breaker, BreakerConfigBuilder limits) {
        BreakerConfig old = before.of(breaker.name());
        BreakerConfig wanted = now.of(breaker.name());
        if (old != null && wanted != null) {
            // Not the breaker's: these may be a single key's, made after it.
            new ChangedLimits(old, wanted).putOver(limits.build(), limits);
        }
    }

    private void warnOfFixed(Configured first, Configured now) {
        Set<String> fixed = StartSettings.changed(first.properties, now.properties);
        for (String name : now.limits.declared().keySet()) {
            BreakerConfig then = first.limits.of(name);
            if (registry.getObject().find(name) == null) {
                fixed.add(PropertyKeys.BREAKERS + "." + name);
            } else if (then != null
                    && !Objects.equals(
                            then.parent(), now.limits.declared().get(name).parent())) {
                fixed.add(ConfiguredValues.name(name, "parent").toString());
            }
        }
        if (!fixed.isEmpty()) {
            log.warn(
                    "Changed in the configuration, but in force after a restart only: {}",
                    PropertyText.line(String.join(", ", fixed)));
        }
    }

    private void report(RuntimeException failure) {
        FailureAnalysis found = Stream.of(
                        new BindingFailureAnalyzer(environment), new InvalidConfigFailureAnalyzer(environment))
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (found == null) {
            log.error("The refreshed configuration cannot be taken over; every breaker stays as it was", failure);
        } else {
            log.error(
                    "The refreshed configuration is not taken over; every breaker stays as it was. {}\n\n{}",
                    found.getDescription(),
                    found.getAction());
        }
    }

    private record Configured(TradingBreakerProperties properties, ConfiguredLimits limits) {}
}

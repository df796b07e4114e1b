package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerConfigBuilder;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerRegistryBuilder;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.KeyPolicy;
import io.tradingbreaker.RecoveryPolicy;
import io.tradingbreaker.ResumePolicy;
import io.tradingbreaker.spring.autoconfigure.BreakerSettings.Probe;
import io.tradingbreaker.spring.autoconfigure.BreakerSettings.Recovery;
import io.tradingbreaker.spring.autoconfigure.BreakerSettings.Resume;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Undeclared;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * Merges each breaker's configuration: the built-in limits, then {@code defaults}, then its own, then the customizers.
 * Core validates the result.
 */
final class MergedConfigs {

    private final TradingBreakerProperties properties;
    private final Map<String, BreakerSettings> breakers;
    private final BreakerSettings defaults;
    private final List<BreakerConfigCustomizer> customizers;
    private final @Nullable ClassLoader classLoader;
    private final Set<String> parents = new HashSet<>();

    /** @param breakers those that are configured, with what they set themselves */
    MergedConfigs(
            TradingBreakerProperties properties,
            Map<String, BreakerSettings> breakers,
            List<BreakerConfigCustomizer> customizers,
            @Nullable ClassLoader classLoader) {
        this.properties = properties;
        this.breakers = breakers;
        this.defaults = Objects.requireNonNullElse(properties.defaults(), BreakerSettings.EMPTY);
        this.customizers = customizers;
        this.classLoader = classLoader;
        addParent(defaults);
        breakers.values().forEach(this::addParent);
    }

    /** Declares the configured breakers and the default one. */
    void declareIn(BreakerRegistryBuilder registry) {
        ConfiguredLimits all = all();
        all.declared().forEach(registry::breaker);
        BreakerConfig undeclared = all.undeclared();
        if (undeclared != null) {
            registry.undeclared(undeclared);
        } else {
            registry.refuseUndeclared();
        }
    }

    /** The limits of the configured breakers, of the default one, and of those that are not configured. */
    ConfiguredLimits all() {
        Map<String, BreakerSettings> declared = new LinkedHashMap<>(breakers);
        declared.putIfAbsent(BreakerRegistry.DEFAULT_NAME, BreakerSettings.EMPTY);
        Map<String, BreakerConfig> configs = new LinkedHashMap<>();
        declared.forEach((name, own) -> configs.put(name, merged(name, own)));
        BreakerConfig undeclared =
                properties.undeclared() == Undeclared.CREATE ? merged(null, BreakerSettings.EMPTY) : null;
        return new ConfiguredLimits(configs, undeclared);
    }

    /**
     * Puts what a block sets itself over a configuration that is in force; what the block leaves out stays.
     *
     * @param builder holds that configuration
     */
    static void put(BreakerSettings values, BreakerConfig present, BreakerConfigBuilder builder) {
        apply(values, builder, null);
        set(values.failureThreshold(), builder::failureThreshold);
        if (values.recovery() != null) {
            builder.recovery(recovery(values, BreakerSettings.EMPTY, present.recovery()));
        }
        if (values.resume() != null) {
            builder.resume(resume(values, BreakerSettings.EMPTY, present.resume()));
        }
        builder.keys(keys(values, BreakerSettings.EMPTY, present.keys()));
    }

    private BreakerConfig merged(@Nullable String name, BreakerSettings own) {
        List<BreakerConfigCustomizer> inCode = name == null ? List.of() : customizers;
        try {
            return merged(name, own, inCode);
        } catch (InvalidConfigException e) {
            throw new InvalidBreakerException(name, e, !inCode.isEmpty() && isValidWithoutCode(name, own));
        }
    }

    private boolean isValidWithoutCode(@Nullable String name, BreakerSettings own) {
        try {
            merged(name, own, List.of());
            return true;
        } catch (InvalidConfigException e) {
            return false;
        }
    }

    private BreakerConfig merged(@Nullable String name, BreakerSettings own, List<BreakerConfigCustomizer> inCode) {
        BreakerConfigBuilder builder = BreakerConfig.builder();
        apply(name, own, builder);
        inCode.forEach(customizer -> customizer.customize(String.valueOf(name), builder));
        return builder.build();
    }

    private void apply(@Nullable String name, BreakerSettings own, BreakerConfigBuilder builder) {
        apply(defaults, builder, classLoader);
        apply(own, builder, classLoader);
        builder.recovery(recovery(own, defaults, RecoveryPolicy.DEFAULT));
        builder.resume(resume(own, defaults, ResumePolicy.DEFAULT));
        builder.keys(keys(own, defaults, KeyPolicy.DEFAULT));
        boolean isParent = name != null && parents.contains(name);
        builder.failureThreshold(
                own.failureThreshold() != null || isParent ? own.failureThreshold() : defaults.failureThreshold());
        if (name != null && name.equals(parent(defaults)) && parent(own) == null) {
            builder.parent(null);
        }
    }

    private static void apply(BreakerSettings values, BreakerConfigBuilder builder, @Nullable ClassLoader classLoader) {
        set(values.mode(), builder::mode);
        set(values.p99Threshold(), builder::p99Threshold);
        set(values.latencyThreshold(), builder::latencyThreshold);
        set(values.percentile(), builder::percentile);
        set(values.windowSize(), builder::windowSize);
        set(values.windowAge(), builder::windowAge);
        set(values.minimumSamples(), builder::minimumSamples);
        set(values.confidence(), builder::confidence);
        set(values.errorRateThreshold(), builder::errorRateThreshold);
        set(values.localPauseLimit(), builder::localPauseLimit);
        set(values.streamSilence(), builder::streamSilence);
        set(values.permitTimeout(), builder::permitTimeout);
        set(values.recoveryTimeout(), builder::recoveryTimeout);
        set(values.halfOpenRequests(), builder::halfOpenRequests);
        set(values.halfOpenSuccesses(), builder::halfOpenSuccesses);
        set(values.halfOpenTimeout(), builder::halfOpenTimeout);
        set(values.samplingRate(), builder::samplingRate);
        set(parent(values), builder::parent);
        set(values.pass(), builder::pass);
        set(
                values.ignoreExceptions(),
                names -> builder.ignoreExceptions(exceptions("ignore-exceptions", names, classLoader)));
        set(
                values.recordExceptions(),
                names -> builder.recordExceptions(exceptions("record-exceptions", names, classLoader)));
        Probe probe = values.probe();
        if (probe != null) {
            set(probe.timeout(), builder::probeTimeout);
        }
    }

    private static RecoveryPolicy recovery(BreakerSettings breaker, BreakerSettings defaults, RecoveryPolicy builtIn) {
        Recovery own = Objects.requireNonNullElse(breaker.recovery(), Recovery.EMPTY);
        Recovery shared = Objects.requireNonNullElse(defaults.recovery(), Recovery.EMPTY);
        return new RecoveryPolicy(
                first(own.baseDelay(), shared.baseDelay(), builtIn.baseDelay()),
                first(own.maxDelay(), shared.maxDelay(), builtIn.maxDelay()),
                first(own.multiplier(), shared.multiplier(), builtIn.multiplier()),
                first(own.jitterFactor(), shared.jitterFactor(), builtIn.jitterFactor()));
    }

    /** A limit that a breaker sets itself must mean something there; shared ones wait for breakers that use them. */
    private static ResumePolicy resume(BreakerSettings breaker, BreakerSettings defaults, ResumePolicy builtIn) {
        Resume own = Objects.requireNonNullElse(breaker.resume(), Resume.EMPTY);
        Resume shared = Objects.requireNonNullElse(defaults.resume(), Resume.EMPTY);
        ResumePolicy.Kind policy = first(own.policy(), shared.policy(), builtIn.kind());
        if (policy != ResumePolicy.Kind.LIMITED) {
            requireUnset("resume.limit", own.limit());
            requireUnset("resume.period", own.period());
        }
        return new ResumePolicy(
                policy,
                first(own.limit(), shared.limit(), builtIn.limit()),
                first(own.period(), shared.period(), builtIn.period()));
    }

    private static KeyPolicy keys(BreakerSettings own, BreakerSettings defaults, KeyPolicy builtIn) {
        return new KeyPolicy(
                first(own.maxKeys(), defaults.maxKeys(), builtIn.maxKeys()),
                first(own.whenKeysFull(), defaults.whenKeysFull(), builtIn.whenFull()),
                first(own.keyIdleTimeout(), defaults.keyIdleTimeout(), builtIn.idleTimeout()));
    }

    private static void requireUnset(String property, @Nullable Object value) {
        if (value != null) {
            throw new InvalidConfigException(property, "set", "must be left out unless resume.policy is limited");
        }
    }

    private static List<Class<? extends Throwable>> exceptions(
            String property, List<String> names, @Nullable ClassLoader classLoader) {
        List<Class<? extends Throwable>> types = new ArrayList<>();
        for (String name : names) {
            try {
                types.add(ClassUtils.forName(name.strip(), classLoader).asSubclass(Throwable.class));
            } catch (ClassNotFoundException | LinkageError | ClassCastException e) {
                throw new InvalidConfigException(
                        property,
                        name,
                        "must be the full name of an exception class on the class path, such as java.io.IOException");
            }
        }
        return types;
    }

    private void addParent(BreakerSettings breaker) {
        String parent = parent(breaker);
        if (parent != null) {
            parents.add(parent);
        }
    }

    private static @Nullable String parent(BreakerSettings breaker) {
        String parent = breaker.parent();
        return parent == null || parent.isBlank() ? null : parent.strip();
    }

    private static <T> void set(@Nullable T value, Consumer<? super T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    private static <T> T first(@Nullable T own, @Nullable T shared, T builtIn) {
        if (own != null) {
            return own;
        }
        return shared != null ? shared : builtIn;
    }
}

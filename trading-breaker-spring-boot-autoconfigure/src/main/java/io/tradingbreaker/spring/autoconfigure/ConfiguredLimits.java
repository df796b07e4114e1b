package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerConfig;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration, defaults and customizers included, wants of each breaker. Immutable.
 *
 * @param declared by name, in their order
 * @param undeclared of breakers that are asked for but not configured; null if there are none
 */
record ConfiguredLimits(
        Map<String, BreakerConfig> declared, @Nullable BreakerConfig undeclared) {

    ConfiguredLimits {
        declared = Collections.unmodifiableMap(declared);
    }

    /** Of the breaker of that name, configured or not. Null if there is none such. */
    @Nullable
    BreakerConfig of(String breaker) {
        return declared.getOrDefault(breaker, undeclared);
    }
}

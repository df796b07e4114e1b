package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerConfigBuilder;

/**
 * Changes the configuration of a declared breaker, or of the default one, in code: after the properties have been
 * merged, before the result is validated. Several are asked in order; where Spring Cloud is there, at the start once more
 * and again at each refresh of the context, so that the same properties must lead to the same configuration.
 */
@FunctionalInterface
public interface BreakerConfigCustomizer {

    /**
     * Changes one breaker's configuration.
     *
     * @param name the breaker's name
     * @param builder holds the merged properties
     */
    void customize(String name, BreakerConfigBuilder builder);
}

package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.InvalidConfigException;
import org.jspecify.annotations.Nullable;

/** Says which breaker's merged configuration is not valid. */
final class InvalidBreakerException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String breaker;

    /** @param breaker the breaker's name; null for the defaults by themselves */
    InvalidBreakerException(@Nullable String breaker, InvalidConfigException cause) {
        super((breaker == null ? "the defaults: " : "breaker '" + breaker + "': ") + cause.getMessage(), cause);
        this.breaker = breaker;
    }

    @Nullable
    String breaker() {
        return breaker;
    }
}

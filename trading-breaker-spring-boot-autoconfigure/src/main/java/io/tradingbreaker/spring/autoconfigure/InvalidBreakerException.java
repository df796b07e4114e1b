package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.InvalidConfigException;
import org.jspecify.annotations.Nullable;

/** Says which breaker's merged configuration is not valid. */
final class InvalidBreakerException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String breaker;
    private final boolean isSetInCode;

    /**
     * @param breaker the breaker's name; null for the defaults by themselves
     * @param isSetInCode whether the properties alone are valid, and a customizer is at fault
     */
    InvalidBreakerException(@Nullable String breaker, InvalidConfigException cause, boolean isSetInCode) {
        super((breaker == null ? "the defaults: " : "breaker '" + breaker + "': ") + cause.getMessage(), cause);
        this.breaker = breaker;
        this.isSetInCode = isSetInCode;
    }

    @Nullable
    String breaker() {
        return breaker;
    }

    boolean isSetInCode() {
        return isSetInCode;
    }
}

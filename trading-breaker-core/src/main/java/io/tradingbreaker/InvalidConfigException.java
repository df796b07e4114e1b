package io.tradingbreaker;

import org.jspecify.annotations.Nullable;

/** A setting that is not allowed: which one, what it was, and what is allowed. */
public final class InvalidConfigException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String breaker;
    private final String property;
    private final String value;
    private final String allowed;

    /**
     * @param property the setting in the YAML's spelling, relative to its breaker: {@code recovery.base-delay}
     * @param value what was given
     * @param allowed what is allowed, as the end of a sentence: "must be …"
     */
    public InvalidConfigException(String property, Object value, String allowed) {
        this(null, property, value, allowed);
    }

    /** @param breaker whose setting it is; null if it is not one breaker's */
    InvalidConfigException(@Nullable String breaker, String property, Object value, String allowed) {
        super((breaker == null ? "" : "breaker '" + breaker + "': ") + property + " is " + value + ", but " + allowed);
        this.breaker = breaker;
        this.property = property;
        this.value = String.valueOf(value);
        this.allowed = allowed;
    }

    /** The breaker whose setting it is, where settings of several breakers are looked at together. */
    public @Nullable String breaker() {
        return breaker;
    }

    public String property() {
        return property;
    }

    public String value() {
        return value;
    }

    public String allowed() {
        return allowed;
    }
}

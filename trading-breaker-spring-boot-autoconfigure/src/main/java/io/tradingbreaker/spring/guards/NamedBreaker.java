package io.tradingbreaker.spring.guards;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.TradingBreaker;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The breaker that a guard names. It is looked up once, when it is first needed. Thread-safe. */
public final class NamedBreaker {

    private final String name;
    private final String at;
    private final Supplier<BreakerRegistry> registry;
    private volatile @Nullable TradingBreaker known;

    /** @param at where the guard stands in the configuration, with a dot at the end */
    public NamedBreaker(String name, String at, Supplier<BreakerRegistry> registry) {
        this.name = name.strip();
        this.at = at;
        this.registry = registry;
    }

    /**
     * The breaker, made if need be.
     *
     * @throws InvalidConfigException if there may be none of that name
     */
    public TradingBreaker get() {
        TradingBreaker breaker = known;
        if (breaker == null) {
            try {
                breaker = registry.get().breaker(name);
            } catch (InvalidConfigException e) {
                throw e.property().equals("breakers")
                        ? new InvalidConfigException(at + "breaker", e.value(), e.allowed())
                        : e;
            }
            known = breaker;
        }
        return breaker;
    }
}

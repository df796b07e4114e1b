package io.tradingbreaker.spring.actuate;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerConfigBuilder;
import io.tradingbreaker.InvalidConfigException;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Knows a breaker's limits as texts, with the keys and the spelling of the YAML. Thread-safe. */
public interface LimitReader {

    /** The keys of the limits that can be changed by text while a breaker runs: {@code window-size}, {@code recovery.base-delay}. */
    List<String> keys();

    /** Why a limit that there is cannot be changed so, as the end of a sentence; null if it can, or if there is none. */
    @Nullable
    String whyFixed(String key);

    /**
     * Reads limits as they would be read at the start.
     *
     * @param texts some of {@link #keys()}, with what they are to be
     * @return puts them into a builder that holds the present configuration
     * @throws InvalidConfigException for the first text that cannot be read
     */
    BiConsumer<BreakerConfig, BreakerConfigBuilder> read(Map<String, String> texts);
}

package io.tradingbreaker;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of a running breaker's limits.
 *
 * @param breaker the breaker's name
 * @param at the wall clock's time, for people
 * @param before the limits until then
 * @param after those from then on
 * @param reason why, as one line of at most 200 characters
 * @param actor who asked for it; null if unknown
 * @param keys of a template: how many breakers for single keys were retuned with it, of each of which is told as well
 * @param along whether it is such a breaker's, and its template was retuned with it
 */
public record Retune(
        String breaker,
        Instant at,
        BreakerConfig before,
        BreakerConfig after,
        String reason,
        @Nullable String actor,
        int keys,
        boolean along) {

    /** What has changed, in the YAML's spelling: {@code window-size: 1000 → 500}; each one line, bounded. */
    public List<String> changes() {
        return ConfigText.changes(before, after);
    }
}

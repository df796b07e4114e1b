package io.tradingbreaker.spring.probe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one look saw.
 *
 * @param healthy whether the endpoint answered, and said that it is well
 * @param latency of the slowest request; null lets the time of the whole look count
 * @param slot the newest slot that the endpoint knows; null where that was not asked for or not said
 * @param details a short line for people, without secrets; what the server said is made safe by whoever shows it
 */
public record Sight(
        boolean healthy,
        @Nullable Duration latency,
        @Nullable Long slot,
        String details) {

    public static Sight healthy(String details) {
        return new Sight(true, null, null, details);
    }

    public static Sight healthyAt(long slot) {
        return new Sight(true, null, slot, "");
    }

    public static Sight unhealthy(String details) {
        return new Sight(false, null, null, details);
    }
}

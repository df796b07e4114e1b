package io.tradingbreaker;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A health check's answer.
 *
 * @param healthy whether the node is fit for trading as far as the check can tell
 * @param latency what the check measured; null lets the breaker use the time that the check took
 * @param errorRate the share of errors that the check saw, 0 to 1; null where not measured; shown only
 * @param details a line for people; shown, shortened and without control characters
 */
public record HealthStatus(
        boolean healthy,
        @Nullable Duration latency,
        @Nullable Double errorRate,
        String details) {

    private static final Duration LONGEST = Duration.ofDays(1);

    /** A missing line, as of an exception without a message, is an empty one; a latency is taken as 0 to 1 day. */
    public HealthStatus {
        details = Objects.requireNonNullElse(details, "");
        if (latency != null && latency.compareTo(LONGEST) > 0) {
            latency = LONGEST;
        } else if (latency != null && latency.isNegative()) {
            latency = Duration.ZERO;
        }
    }

    public static HealthStatus healthy(Duration latency, String details) {
        return new HealthStatus(true, latency, null, details);
    }

    public static HealthStatus unhealthy(String details) {
        return new HealthStatus(false, null, null, details);
    }
}

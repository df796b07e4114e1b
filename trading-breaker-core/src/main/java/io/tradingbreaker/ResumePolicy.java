package io.tradingbreaker;

import java.time.Duration;

/**
 * Who lets trading resume after a trip: the breaker itself, an operator, or the breaker a limited number of times.
 * Immutable.
 *
 * @param kind who does
 * @param limit of {@link Kind#LIMITED}: how often within {@code period} the breaker resumes by itself, 1 to 1,000
 * @param period of {@link Kind#LIMITED}: the latest span of time that this is counted over, 1 min to 30 d
 */
public record ResumePolicy(Kind kind, int limit, Duration period) {

    /** Always the breaker itself. */
    public static final ResumePolicy DEFAULT = new ResumePolicy(Kind.AUTOMATIC, 3, Duration.ofHours(24));

    /** Who lets trading resume. */
    public enum Kind {
        /** The breaker, after every trip. */
        AUTOMATIC,
        /** The breaker, until it has done so too often; then the next trip waits for an operator's resume. */
        LIMITED,
        /** An operator: every trip waits for a resume. */
        MANUAL
    }

    /** @throws InvalidConfigException if a value is out of its range */
    public ResumePolicy {
        Checks.count("resume.limit", limit, 1, 1_000);
        Checks.duration("resume.period", period, Duration.ofMinutes(1), Duration.ofDays(30));
    }
}

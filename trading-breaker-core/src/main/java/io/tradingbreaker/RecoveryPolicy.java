package io.tradingbreaker;

import java.time.Duration;

/**
 * How long to wait between attempts at recovery: exponential backoff with jitter that only shortens, so that
 * {@code maxDelay} is never exceeded. Immutable.
 *
 * @param baseDelay the wait after the first failed attempt, at least 100 ms
 * @param maxDelay the longest wait, at least {@code baseDelay}, at most a day
 * @param multiplier the growth from one wait to the next, 1 to 100
 * @param jitterFactor the share of a wait that chance may take away, 0 to 1
 */
public record RecoveryPolicy(Duration baseDelay, Duration maxDelay, double multiplier, double jitterFactor) {

    /** 1 s, doubling up to 5 min, with up to 10 % jitter. */
    public static final RecoveryPolicy DEFAULT =
            new RecoveryPolicy(Duration.ofSeconds(1), Duration.ofMinutes(5), 2.0, 0.1);

    /** @throws InvalidConfigException if a value is out of its range */
    public RecoveryPolicy {
        Checks.duration("recovery.base-delay", baseDelay, Duration.ofMillis(100), Duration.ofDays(1));
        Checks.duration("recovery.max-delay", maxDelay, Duration.ofMillis(100), Duration.ofDays(1));
        if (maxDelay.compareTo(baseDelay) < 0) {
            throw new InvalidConfigException(
                    "recovery.max-delay",
                    Text.duration(maxDelay),
                    "must be at least recovery.base-delay (" + Text.duration(baseDelay) + ")");
        }
        Checks.number("recovery.multiplier", multiplier, 1, 100);
        Checks.number("recovery.jitter-factor", jitterFactor, 0, 1);
    }

    /**
     * The wait after the {@code failed}-th failed attempt:
     * {@code min(maxDelay, baseDelay × multiplier^(failed−1)) × (1 − jitterFactor × random)}. Saturates.
     *
     * @param failed failed attempts since the last stable CLOSED; 0 gives no wait
     * @param random a number from 0 (inclusive) to 1
     */
    public Duration backoff(int failed, double random) {
        if (failed <= 0) {
            return Duration.ZERO;
        }
        double grown = baseDelay.toNanos() * Math.pow(multiplier, failed - 1.0);
        double capped = Math.min((double) maxDelay.toNanos(), grown);
        return Duration.ofNanos((long) (capped * (1 - jitterFactor * random)));
    }
}

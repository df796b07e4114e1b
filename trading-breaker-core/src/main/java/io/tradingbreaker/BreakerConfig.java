package io.tradingbreaker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one breaker, validated as a whole. Immutable; durations count in nanoseconds inside.
 *
 * @param mode whether calls are refused or only watched
 * @param p99Threshold a sample over this counts against the percentile; 0 switches the percentile rule off
 * @param latencyThreshold a call over this is slow; unset in the builder means {@code p99Threshold}
 * @param percentile the percentile that must not pass {@code p99Threshold}: over 0 up to 100, at most 3 decimals
 * @param windowSize the number of samples that the percentile is taken over, 1 to 100,000
 * @param windowAge the age at which a sample leaves the window
 * @param minimumSamples a window with fewer samples is judged as if the missing ones were fast
 * @param confidence how sure the percentile rule must be that the true percentile is over; null means plain nearest rank
 * @param failureThreshold failed or slow calls in a row that trip; 0 is off; null in the builder means 5, or off
 *     for a breaker that is another's parent
 * @param errorRateThreshold the share of failures that trips; 0 is off
 * @param localPauseLimit the time that this JVM may stand still in 10 s before trading pauses; 0 is off
 * @param streamSilence the time that a watched stream may be silent while a message is awaited; 0 is off
 * @param permitTimeout the age at which a permit is given up as lost, at most 1 h
 * @param recoveryTimeout how long each OPEN lasts at least
 * @param halfOpenRequests trial calls in HALF_OPEN
 * @param halfOpenSuccesses fast successes among them that close
 * @param halfOpenTimeout after this long in HALF_OPEN the health checker is asked again
 * @param samplingRate the share of calls in the reported histogram; decisions see all
 * @param parent the name of the breaker that is asked before this one
 * @param pass the intents that pass while trading is paused
 * @param ignoreExceptions exceptions that are no failure; they beat {@code recordExceptions}
 * @param recordExceptions exceptions that are a failure; all others are ignored
 * @param recovery the backoff between attempts at recovery
 * @param resume who lets trading resume after a trip
 * @param probeTimeout the time that a health check may take
 * @param keys of the breakers that are made for single keys
 */
public record BreakerConfig(
        BreakerMode mode,
        Duration p99Threshold,
        Duration latencyThreshold,
        double percentile,
        int windowSize,
        Duration windowAge,
        int minimumSamples,
        @Nullable Double confidence,
        @Nullable Integer failureThreshold,
        double errorRateThreshold,
        Duration localPauseLimit,
        Duration streamSilence,
        Duration permitTimeout,
        Duration recoveryTimeout,
        int halfOpenRequests,
        int halfOpenSuccesses,
        Duration halfOpenTimeout,
        double samplingRate,
        @Nullable String parent,
        Set<Intent> pass,
        List<Class<? extends Throwable>> ignoreExceptions,
        List<Class<? extends Throwable>> recordExceptions,
        RecoveryPolicy recovery,
        ResumePolicy resume,
        Duration probeTimeout,
        KeyPolicy keys) {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** The built-in limits. */
    public static final BreakerConfig DEFAULT = builder().build();

    /** @throws InvalidConfigException for the first value that is out of its range */
    public BreakerConfig {
        Checks.durationOrOff("p99-threshold", p99Threshold, MILLI, HOUR);
        Checks.duration("latency-threshold", latencyThreshold, MILLI, HOUR);
        long thousandths = Math.round(percentile * 1000);
        if (!(percentile > 0 && percentile <= 100) || Math.abs(percentile * 1000 - thousandths) > 1e-6) {
            throw new InvalidConfigException(
                    "percentile", percentile, "must be over 0, at most 100, with at most 3 decimals");
        }
        Checks.count("window-size", windowSize, 1, 100_000);
        Checks.duration("window-age", windowAge, Duration.ofSeconds(1), DAY);
        if (minimumSamples < 1 || minimumSamples > windowSize) {
            throw new InvalidConfigException(
                    "minimum-samples", minimumSamples, "must be from 1 to window-size (" + windowSize + ")");
        }
        if (confidence != null && !(confidence >= 0.5 && confidence < 1)) {
            throw new InvalidConfigException("confidence", confidence, "must be from 0.5 to below 1, or unset");
        }
        if (failureThreshold != null) {
            Checks.count("failure-threshold", failureThreshold, 0, 1_000_000);
        }
        Checks.number("error-rate-threshold", errorRateThreshold, 0, 1);
        Checks.durationOrOff("local-pause-limit", localPauseLimit, Duration.ofMillis(100), Duration.ofSeconds(10));
        Checks.durationOrOff("stream-silence", streamSilence, Duration.ofMillis(100), HOUR);
        Checks.duration("permit-timeout", permitTimeout, Duration.ofSeconds(1), HOUR);
        Duration longest = p99Threshold.compareTo(latencyThreshold) > 0 ? p99Threshold : latencyThreshold;
        if (permitTimeout.compareTo(longest) < 0) {
            throw new InvalidConfigException(
                    "permit-timeout",
                    Text.duration(permitTimeout),
                    "must be at least p99-threshold and latency-threshold (" + Text.duration(longest) + ")");
        }
        Checks.duration("recovery-timeout", recoveryTimeout, Duration.ofMillis(100), DAY);
        Checks.count("half-open-requests", halfOpenRequests, 1, 10_000);
        if (halfOpenSuccesses < 1 || halfOpenSuccesses > halfOpenRequests) {
            throw new InvalidConfigException(
                    "half-open-successes",
                    halfOpenSuccesses,
                    "must be from 1 to half-open-requests (" + halfOpenRequests + ")");
        }
        Checks.duration("half-open-timeout", halfOpenTimeout, Duration.ofMillis(100), DAY);
        Checks.number("sampling-rate", samplingRate, 0, 1);
        pass = Set.copyOf(pass);
        if (pass.contains(Intent.OPEN_RISK)) {
            throw new InvalidConfigException(
                    "pass", "OPEN_RISK", "must be of QUERY, CANCEL, REDUCE: what opens risk never passes a pause");
        }
        ignoreExceptions = List.copyOf(ignoreExceptions);
        recordExceptions = List.copyOf(recordExceptions);
        Checks.duration("probe.timeout", probeTimeout, Duration.ofMillis(10), Duration.ofMinutes(5));
        Objects.requireNonNull(keys, "keys");
    }

    /** A builder that holds the built-in limits. */
    public static BreakerConfigBuilder builder() {
        return new BreakerConfigBuilder();
    }

    /** This configuration with some values changed, validated again. */
    public BreakerConfig with(Consumer<BreakerConfigBuilder> change) {
        BreakerConfigBuilder builder = new BreakerConfigBuilder(this);
        change.accept(builder);
        return builder.build();
    }
}

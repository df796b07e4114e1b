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
    public static Builder builder() {
        return new Builder();
    }

    /** This configuration with some values changed, validated again. */
    public BreakerConfig with(Consumer<Builder> change) {
        Builder builder = new Builder(this);
        change.accept(builder);
        return builder.build();
    }

    /** Collects values; nothing is checked before {@link #build}. Not thread-safe. */
    public static final class Builder {

        private BreakerMode mode = BreakerMode.ENFORCE;
        private Duration p99Threshold = Duration.ofMillis(200);
        private @Nullable Duration latencyThreshold;
        private double percentile = 99.0;
        private int windowSize = 1000;
        private Duration windowAge = Duration.ofSeconds(60);
        private int minimumSamples = 300;
        private @Nullable Double confidence;
        private @Nullable Integer failureThreshold;
        private double errorRateThreshold = 0.5;
        private Duration localPauseLimit = Duration.ofSeconds(2);
        private Duration streamSilence = Duration.ZERO;
        private Duration permitTimeout = Duration.ofMinutes(5);
        private Duration recoveryTimeout = Duration.ofSeconds(30);
        private int halfOpenRequests = 3;
        private int halfOpenSuccesses = 2;
        private Duration halfOpenTimeout = Duration.ofSeconds(30);
        private double samplingRate = 1.0;
        private @Nullable String parent;
        private Set<Intent> pass = Set.of(Intent.REDUCE, Intent.CANCEL, Intent.QUERY);
        private List<Class<? extends Throwable>> ignoreExceptions = List.of();
        private List<Class<? extends Throwable>> recordExceptions = List.of(Throwable.class);
        private RecoveryPolicy recovery = RecoveryPolicy.DEFAULT;
        private ResumePolicy resume = ResumePolicy.DEFAULT;
        private Duration probeTimeout = Duration.ofSeconds(1);
        private KeyPolicy keys = KeyPolicy.DEFAULT;

        Builder() {}

        private Builder(BreakerConfig from) {
            mode = from.mode;
            p99Threshold = from.p99Threshold;
            latencyThreshold = from.latencyThreshold.equals(from.p99Threshold) ? null : from.latencyThreshold;
            percentile = from.percentile;
            windowSize = from.windowSize;
            windowAge = from.windowAge;
            minimumSamples = from.minimumSamples;
            confidence = from.confidence;
            failureThreshold = from.failureThreshold;
            errorRateThreshold = from.errorRateThreshold;
            localPauseLimit = from.localPauseLimit;
            streamSilence = from.streamSilence;
            permitTimeout = from.permitTimeout;
            recoveryTimeout = from.recoveryTimeout;
            halfOpenRequests = from.halfOpenRequests;
            halfOpenSuccesses = from.halfOpenSuccesses;
            halfOpenTimeout = from.halfOpenTimeout;
            samplingRate = from.samplingRate;
            parent = from.parent;
            pass = from.pass;
            ignoreExceptions = from.ignoreExceptions;
            recordExceptions = from.recordExceptions;
            recovery = from.recovery;
            resume = from.resume;
            probeTimeout = from.probeTimeout;
            keys = from.keys;
        }

        public Builder mode(BreakerMode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        public Builder p99Threshold(Duration threshold) {
            this.p99Threshold = Objects.requireNonNull(threshold, "p99Threshold");
            return this;
        }

        /** Null means the same as {@code p99Threshold}. */
        public Builder latencyThreshold(@Nullable Duration threshold) {
            this.latencyThreshold = threshold;
            return this;
        }

        public Builder percentile(double percentile) {
            this.percentile = percentile;
            return this;
        }

        public Builder windowSize(int samples) {
            this.windowSize = samples;
            return this;
        }

        public Builder windowAge(Duration age) {
            this.windowAge = Objects.requireNonNull(age, "windowAge");
            return this;
        }

        public Builder minimumSamples(int samples) {
            this.minimumSamples = samples;
            return this;
        }

        public Builder confidence(@Nullable Double confidence) {
            this.confidence = confidence;
            return this;
        }

        public Builder failureThreshold(@Nullable Integer calls) {
            this.failureThreshold = calls;
            return this;
        }

        public Builder errorRateThreshold(double rate) {
            this.errorRateThreshold = rate;
            return this;
        }

        public Builder localPauseLimit(Duration limit) {
            this.localPauseLimit = Objects.requireNonNull(limit, "localPauseLimit");
            return this;
        }

        public Builder streamSilence(Duration limit) {
            this.streamSilence = Objects.requireNonNull(limit, "streamSilence");
            return this;
        }

        public Builder permitTimeout(Duration timeout) {
            this.permitTimeout = Objects.requireNonNull(timeout, "permitTimeout");
            return this;
        }

        public Builder recoveryTimeout(Duration timeout) {
            this.recoveryTimeout = Objects.requireNonNull(timeout, "recoveryTimeout");
            return this;
        }

        public Builder halfOpenRequests(int calls) {
            this.halfOpenRequests = calls;
            return this;
        }

        public Builder halfOpenSuccesses(int calls) {
            this.halfOpenSuccesses = calls;
            return this;
        }

        public Builder halfOpenTimeout(Duration timeout) {
            this.halfOpenTimeout = Objects.requireNonNull(timeout, "halfOpenTimeout");
            return this;
        }

        public Builder samplingRate(double rate) {
            this.samplingRate = rate;
            return this;
        }

        public Builder parent(@Nullable String name) {
            this.parent = name;
            return this;
        }

        public Builder pass(Set<Intent> intents) {
            this.pass = Objects.requireNonNull(intents, "pass");
            return this;
        }

        public Builder ignoreExceptions(List<Class<? extends Throwable>> types) {
            this.ignoreExceptions = Objects.requireNonNull(types, "ignoreExceptions");
            return this;
        }

        public Builder recordExceptions(List<Class<? extends Throwable>> types) {
            this.recordExceptions = Objects.requireNonNull(types, "recordExceptions");
            return this;
        }

        public Builder recovery(RecoveryPolicy policy) {
            this.recovery = Objects.requireNonNull(policy, "recovery");
            return this;
        }

        public Builder resume(ResumePolicy policy) {
            this.resume = Objects.requireNonNull(policy, "resume");
            return this;
        }

        public Builder probeTimeout(Duration timeout) {
            this.probeTimeout = Objects.requireNonNull(timeout, "probeTimeout");
            return this;
        }

        public Builder keys(KeyPolicy policy) {
            this.keys = Objects.requireNonNull(policy, "keys");
            return this;
        }

        /**
         * The configuration, validated as a whole.
         *
         * @throws InvalidConfigException for the first value that is out of its range
         */
        public BreakerConfig build() {
            if (latencyThreshold == null && p99Threshold.isZero()) {
                throw new InvalidConfigException(
                        "latency-threshold", "unset", "must be set where p99-threshold is 0 (off)");
            }
            return new BreakerConfig(
                    mode,
                    p99Threshold,
                    latencyThreshold == null ? p99Threshold : latencyThreshold,
                    percentile,
                    windowSize,
                    windowAge,
                    minimumSamples,
                    confidence,
                    failureThreshold,
                    errorRateThreshold,
                    localPauseLimit,
                    streamSilence,
                    permitTimeout,
                    recoveryTimeout,
                    halfOpenRequests,
                    halfOpenSuccesses,
                    halfOpenTimeout,
                    samplingRate,
                    parent,
                    pass,
                    ignoreExceptions,
                    recordExceptions,
                    recovery,
                    resume,
                    probeTimeout,
                    keys);
        }
    }
}

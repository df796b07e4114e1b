package io.tradingbreaker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the values of a {@link BreakerConfig}, and begins with the built-in ones; nothing is checked before {@link #build}.
 * Not thread-safe.
 */
public final class BreakerConfigBuilder {

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

    BreakerConfigBuilder() {}

    BreakerConfigBuilder(BreakerConfig from) {
        mode = from.mode();
        p99Threshold = from.p99Threshold();
        latencyThreshold = from.latencyThreshold().equals(from.p99Threshold()) ? null : from.latencyThreshold();
        percentile = from.percentile();
        windowSize = from.windowSize();
        windowAge = from.windowAge();
        minimumSamples = from.minimumSamples();
        confidence = from.confidence();
        failureThreshold = from.failureThreshold();
        errorRateThreshold = from.errorRateThreshold();
        localPauseLimit = from.localPauseLimit();
        streamSilence = from.streamSilence();
        permitTimeout = from.permitTimeout();
        recoveryTimeout = from.recoveryTimeout();
        halfOpenRequests = from.halfOpenRequests();
        halfOpenSuccesses = from.halfOpenSuccesses();
        halfOpenTimeout = from.halfOpenTimeout();
        samplingRate = from.samplingRate();
        parent = from.parent();
        pass = from.pass();
        ignoreExceptions = from.ignoreExceptions();
        recordExceptions = from.recordExceptions();
        recovery = from.recovery();
        resume = from.resume();
        probeTimeout = from.probeTimeout();
        keys = from.keys();
    }

    public BreakerConfigBuilder mode(BreakerMode mode) {
        this.mode = Objects.requireNonNull(mode, "mode");
        return this;
    }

    public BreakerConfigBuilder p99Threshold(Duration threshold) {
        this.p99Threshold = Objects.requireNonNull(threshold, "p99Threshold");
        return this;
    }

    /** Null means the same as {@code p99Threshold}. */
    public BreakerConfigBuilder latencyThreshold(@Nullable Duration threshold) {
        this.latencyThreshold = threshold;
        return this;
    }

    public BreakerConfigBuilder percentile(double percentile) {
        this.percentile = percentile;
        return this;
    }

    public BreakerConfigBuilder windowSize(int samples) {
        this.windowSize = samples;
        return this;
    }

    public BreakerConfigBuilder windowAge(Duration age) {
        this.windowAge = Objects.requireNonNull(age, "windowAge");
        return this;
    }

    public BreakerConfigBuilder minimumSamples(int samples) {
        this.minimumSamples = samples;
        return this;
    }

    public BreakerConfigBuilder confidence(@Nullable Double confidence) {
        this.confidence = confidence;
        return this;
    }

    public BreakerConfigBuilder failureThreshold(@Nullable Integer calls) {
        this.failureThreshold = calls;
        return this;
    }

    public BreakerConfigBuilder errorRateThreshold(double rate) {
        this.errorRateThreshold = rate;
        return this;
    }

    public BreakerConfigBuilder localPauseLimit(Duration limit) {
        this.localPauseLimit = Objects.requireNonNull(limit, "localPauseLimit");
        return this;
    }

    public BreakerConfigBuilder streamSilence(Duration limit) {
        this.streamSilence = Objects.requireNonNull(limit, "streamSilence");
        return this;
    }

    public BreakerConfigBuilder permitTimeout(Duration timeout) {
        this.permitTimeout = Objects.requireNonNull(timeout, "permitTimeout");
        return this;
    }

    public BreakerConfigBuilder recoveryTimeout(Duration timeout) {
        this.recoveryTimeout = Objects.requireNonNull(timeout, "recoveryTimeout");
        return this;
    }

    public BreakerConfigBuilder halfOpenRequests(int calls) {
        this.halfOpenRequests = calls;
        return this;
    }

    public BreakerConfigBuilder halfOpenSuccesses(int calls) {
        this.halfOpenSuccesses = calls;
        return this;
    }

    public BreakerConfigBuilder halfOpenTimeout(Duration timeout) {
        this.halfOpenTimeout = Objects.requireNonNull(timeout, "halfOpenTimeout");
        return this;
    }

    public BreakerConfigBuilder samplingRate(double rate) {
        this.samplingRate = rate;
        return this;
    }

    public BreakerConfigBuilder parent(@Nullable String name) {
        this.parent = name;
        return this;
    }

    public BreakerConfigBuilder pass(Set<Intent> intents) {
        this.pass = Objects.requireNonNull(intents, "pass");
        return this;
    }

    public BreakerConfigBuilder ignoreExceptions(List<Class<? extends Throwable>> types) {
        this.ignoreExceptions = Objects.requireNonNull(types, "ignoreExceptions");
        return this;
    }

    public BreakerConfigBuilder recordExceptions(List<Class<? extends Throwable>> types) {
        this.recordExceptions = Objects.requireNonNull(types, "recordExceptions");
        return this;
    }

    public BreakerConfigBuilder recovery(RecoveryPolicy policy) {
        this.recovery = Objects.requireNonNull(policy, "recovery");
        return this;
    }

    public BreakerConfigBuilder resume(ResumePolicy policy) {
        this.resume = Objects.requireNonNull(policy, "resume");
        return this;
    }

    public BreakerConfigBuilder probeTimeout(Duration timeout) {
        this.probeTimeout = Objects.requireNonNull(timeout, "probeTimeout");
        return this;
    }

    public BreakerConfigBuilder keys(KeyPolicy policy) {
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

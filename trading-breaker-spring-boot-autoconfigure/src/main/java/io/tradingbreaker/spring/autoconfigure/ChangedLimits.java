package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerConfigBuilder;
import io.tradingbreaker.KeyPolicy;
import io.tradingbreaker.RecoveryPolicy;
import io.tradingbreaker.ResumePolicy;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What has changed from one configuration to another, key by key, apart from what cannot change while a breaker runs.
 * Immutable.
 */
record ChangedLimits(BreakerConfig before, BreakerConfig after) {

    /**
     * Puts what has changed over the configuration that is in force; all else stays, also where somebody has changed it
     * by hand.
     *
     * @param limits holds that configuration
     */
    void putOver(BreakerConfig present, BreakerConfigBuilder limits) {
        put(BreakerConfig::mode, limits::mode);
        put(BreakerConfig::p99Threshold, limits::p99Threshold);
        put(ChangedLimits::ownLatencyThreshold, limits::latencyThreshold);
        put(BreakerConfig::percentile, limits::percentile);
        put(BreakerConfig::windowSize, limits::windowSize);
        put(BreakerConfig::windowAge, limits::windowAge);
        put(BreakerConfig::minimumSamples, limits::minimumSamples);
        put(BreakerConfig::confidence, limits::confidence);
        put(BreakerConfig::failureThreshold, limits::failureThreshold);
        put(BreakerConfig::errorRateThreshold, limits::errorRateThreshold);
        put(BreakerConfig::localPauseLimit, limits::localPauseLimit);
        put(BreakerConfig::streamSilence, limits::streamSilence);
        put(BreakerConfig::permitTimeout, limits::permitTimeout);
        put(BreakerConfig::recoveryTimeout, limits::recoveryTimeout);
        put(BreakerConfig::halfOpenRequests, limits::halfOpenRequests);
        put(BreakerConfig::halfOpenSuccesses, limits::halfOpenSuccesses);
        put(BreakerConfig::halfOpenTimeout, limits::halfOpenTimeout);
        put(BreakerConfig::samplingRate, limits::samplingRate);
        put(BreakerConfig::pass, limits::pass);
        put(BreakerConfig::ignoreExceptions, limits::ignoreExceptions);
        put(BreakerConfig::recordExceptions, limits::recordExceptions);
        put(BreakerConfig::probeTimeout, limits::probeTimeout);
        if (!before.recovery().equals(after.recovery())) {
            limits.recovery(recovery(present.recovery()));
        }
        if (!before.resume().equals(after.resume())) {
            limits.resume(resume(present.resume()));
        }
        limits.keys(keys(present.keys()));
    }

    private RecoveryPolicy recovery(RecoveryPolicy present) {
        return new RecoveryPolicy(
                now(present, BreakerConfig::recovery, RecoveryPolicy::baseDelay),
                now(present, BreakerConfig::recovery, RecoveryPolicy::maxDelay),
                now(present, BreakerConfig::recovery, RecoveryPolicy::multiplier),
                now(present, BreakerConfig::recovery, RecoveryPolicy::jitterFactor));
    }

    private ResumePolicy resume(ResumePolicy present) {
        return new ResumePolicy(
                now(present, BreakerConfig::resume, ResumePolicy::kind),
                now(present, BreakerConfig::resume, ResumePolicy::limit),
                now(present, BreakerConfig::resume, ResumePolicy::period));
    }

    private KeyPolicy keys(KeyPolicy present) {
        return new KeyPolicy(
                now(present, BreakerConfig::keys, KeyPolicy::maxKeys),
                now(present, BreakerConfig::keys, KeyPolicy::whenFull),
                now(present, BreakerConfig::keys, KeyPolicy::idleTimeout));
    }

    private <T extends @Nullable Object> void put(Function<BreakerConfig, T> limit, Consumer<T> setter) {
        T value = limit.apply(after);
        if (!Objects.equals(limit.apply(before), value)) {
            setter.accept(value);
        }
    }

    private <P, T> T now(P present, Function<BreakerConfig, P> policy, Function<P, T> limit) {
        T value = limit.apply(policy.apply(after));
        return value.equals(limit.apply(policy.apply(before))) ? limit.apply(present) : value;
    }

    /** Where it is the same as {@code p99-threshold}, it follows that. */
    private static @Nullable Duration ownLatencyThreshold(BreakerConfig config) {
        return config.latencyThreshold().equals(config.p99Threshold()) ? null : config.latencyThreshold();
    }
}

package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.Intent;
import io.tradingbreaker.KeyPolicy;
import io.tradingbreaker.ResumePolicy;
import io.tradingbreaker.spring.probe.ProbeSettings.Require;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one breaker as they stand in the configuration; what is null is not set.
 *
 * @param mode Whether calls are refused (enforce) or only watched (observe).
 * @param p99Threshold A call over this counts against the percentile; 0 switches the percentile rule off.
 * @param latencyThreshold A call over this is slow; the p99-threshold if not set.
 * @param percentile The percentile that must not pass p99-threshold, over 0 up to 100, at most 3 decimals.
 * @param windowSize The number of samples that the percentile is taken over, 1 to 100000.
 * @param windowAge The age at which a sample leaves the window.
 * @param minimumSamples A window with fewer samples is judged as if the missing ones were fast.
 * @param confidence How sure the percentile rule must be, 0.5 to below 1; not set means the plain percentile.
 * @param failureThreshold Failed or slow calls in a row that pause trading; 0 switches the rule off. Off for a breaker that is a parent, unless set there.
 * @param errorRateThreshold The share of failed calls that pauses trading, 0 to 1; 0 switches the rule off.
 * @param localPauseLimit The time that this JVM may stand still in 10 s before trading is paused; 0 switches the rule off.
 * @param streamSilence The time that a watched stream may be silent while a message is awaited, 100 ms to 1 h; 0 switches the rule off.
 * @param permitTimeout The age at which a call is given up as lost, at most 1 h.
 * @param recoveryTimeout How long trading stays paused at least.
 * @param halfOpenRequests Trial calls while half-open.
 * @param halfOpenSuccesses Fast successes among the trial calls that resume trading.
 * @param halfOpenTimeout After this long in half-open the health checker is asked again.
 * @param samplingRate The share of calls in the reported histogram, 0 to 1; decisions see all.
 * @param parent The breaker that is asked before this one.
 * @param pass The intents that pass while trading is paused: reduce, cancel, query; an empty list lets none pass.
 * @param ignoreExceptions Exception classes that are no failure; they beat record-exceptions.
 * @param recordExceptions Exception classes that are a failure; all others are ignored.
 * @param recovery The waits between attempts at recovery.
 * @param resume Who lets trading resume after a trip.
 * @param maxKeys How many breakers it may have for single keys, 1 to 10000.
 * @param whenKeysFull What becomes of the calls of further keys: they share the breaker itself (share), or are refused (refuse).
 * @param keyIdleTimeout The time without a call after which the breaker of a key ends, 1 s to 24 h.
 * @param probe Settings of health checks.
 */
public record BreakerSettings(
        @Nullable BreakerMode mode,
        @Nullable Duration p99Threshold,
        @Nullable Duration latencyThreshold,
        @Nullable Double percentile,
        @Nullable Integer windowSize,
        @Nullable Duration windowAge,
        @Nullable Integer minimumSamples,
        @Nullable Double confidence,
        @Nullable Integer failureThreshold,
        @Nullable Double errorRateThreshold,
        @Nullable Duration localPauseLimit,
        @Nullable Duration streamSilence,
        @Nullable Duration permitTimeout,
        @Nullable Duration recoveryTimeout,
        @Nullable Integer halfOpenRequests,
        @Nullable Integer halfOpenSuccesses,
        @Nullable Duration halfOpenTimeout,
        @Nullable Double samplingRate,
        @Nullable String parent,
        @Nullable Set<Intent> pass,
        @Nullable List<String> ignoreExceptions,
        @Nullable List<String> recordExceptions,
        @Nullable Recovery recovery,
        @Nullable Resume resume,
        @Nullable Integer maxKeys,
        KeyPolicy.@Nullable WhenFull whenKeysFull,
        @Nullable Duration keyIdleTimeout,
        @Nullable Probe probe) {

    static final BreakerSettings EMPTY = new BreakerSettings(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, null, null, null, null, null, null);

    /**
     * The waits between attempts at recovery.
     *
     * @param baseDelay The wait after the first failed attempt, at least 100 ms.
     * @param maxDelay The longest wait.
     * @param multiplier The growth from one wait to the next, 1 to 100.
     * @param jitterFactor The share of a wait that chance may take away, 0 to 1.
     */
    public record Recovery(
            @Nullable Duration baseDelay,
            @Nullable Duration maxDelay,
            @Nullable Double multiplier,
            @Nullable Double jitterFactor) {

        static final Recovery EMPTY = new Recovery(null, null, null, null);
    }

    /**
     * Who lets trading resume after a trip.
     *
     * @param policy The breaker itself (automatic), an operator (manual), or the breaker a limited number of times (limited).
     * @param limit For policy limited: how often the breaker resumes by itself within the period, 1 to 1000.
     * @param period For policy limited: the latest span of time over which that is counted, 1 min to 30 d.
     */
    public record Resume(
            ResumePolicy.@Nullable Kind policy,
            @Nullable Integer limit,
            @Nullable Duration period) {

        static final Resume EMPTY = new Resume(null, null, null);
    }

    /**
     * Settings of health checks.
     *
     * @param timeout The time that a health check may take; later it counts as unhealthy.
     * @param type What the probe speaks: solana-rpc, http, grpc-health or yellowstone; not set or none means no probe.
     * @param endpoints The URIs that are looked at, 1 to 16. Only scheme, host and port are ever shown.
     * @param require Whether all endpoints must be healthy, or any.
     * @param requiredSuccesses Healthy looks in a row that make an endpoint healthy, 1 to 100.
     * @param interval The time between looks in the background, 50 ms to 1 h; not set means looks on an attempt at recovery only.
     * @param requestTimeout The time that one look at an endpoint may take, 10 ms up to the timeout.
     * @param maxSlotAge How long the slot may stand still, 100 ms to 1 h.
     * @param maxSlotLag Slots that an endpoint may be behind the best known.
     * @param method The method of the request, for type http: GET, HEAD or POST.
     * @param expectedStatus The statuses of a healthy answer, for type http.
     * @param headers Headers of each request, metadata for gRPC; never shown.
     * @param token Sent as x-token with each request; never shown.
     * @param service The service whose health is asked for, for type grpc-health; not set means the server.
     */
    public record Probe(
            @Nullable Duration timeout,
            @Nullable String type,
            @Nullable List<String> endpoints,
            @Nullable Require require,
            @Nullable Integer requiredSuccesses,
            @Nullable Duration interval,
            @Nullable Duration requestTimeout,
            @Nullable Duration maxSlotAge,
            @Nullable Integer maxSlotLag,
            @Nullable String method,
            @Nullable Set<Integer> expectedStatus,
            @Nullable Map<String, String> headers,
            @Nullable String token,
            @Nullable String service) {

        static final Probe EMPTY =
                new Probe(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

        /** All that stays as it is while the application runs. */
        Probe withoutTimeout() {
            return new Probe(
                    null,
                    type,
                    endpoints,
                    require,
                    requiredSuccesses,
                    interval,
                    requestTimeout,
                    maxSlotAge,
                    maxSlotLag,
                    method,
                    expectedStatus,
                    headers,
                    token,
                    service);
        }

        /** Shows no secret. */
        @Override
        public String toString() {
            return "Probe[type=" + type + "]";
        }
    }
}

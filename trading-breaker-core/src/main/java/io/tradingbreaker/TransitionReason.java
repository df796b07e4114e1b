package io.tradingbreaker;

import org.jspecify.annotations.Nullable;

/**
 * Why a breaker changed its state, with the figures of that moment.
 *
 * @param rule what decided
 * @param message one line for people
 * @param observed what the rule saw, in its own unit: milliseconds for {@link Rule#PERCENTILE}, {@link Rule#PROBE},
 *     {@link Rule#LOCAL_PAUSE} and {@link Rule#STREAM_SILENCE}, calls for {@link Rule#CONSECUTIVE} and
 *     {@link Rule#TRIALS}, a share for {@link Rule#ERROR_RATE}; null where nothing was measured
 * @param limit the limit that it was held against, in the same unit
 * @param samples the samples in the window
 * @param latency the window's distribution
 */
public record TransitionReason(
        Rule rule,
        String message,
        @Nullable Double observed,
        @Nullable Double limit,
        @Nullable Long samples,
        LatencyStatistics latency) {}

package io.tradingbreaker.sample.simulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A scenario with its figures.
 *
 * @param latency how long answers take; null takes the scenario's own
 * @param slotsBehind what an unhealthy node says of itself; null if it does not know
 */
public record Behaviour(
        Scenario scenario,
        @Nullable LatencyModel latency,
        @Nullable Long slotsBehind) {

    public static Behaviour of(Scenario scenario) {
        return new Behaviour(scenario, null, 42L);
    }

    /** Takes its latencies from a recording. */
    public static Behaviour replay(LatencyModel latency) {
        return new Behaviour(Scenario.REPLAY, latency, null);
    }

    /** Is unhealthy by so many slots; null if it does not know by how many. */
    public static Behaviour unhealthy(@Nullable Long slotsBehind) {
        return new Behaviour(Scenario.UNHEALTHY, null, slotsBehind);
    }

    /**
     * How long answers take.
     *
     * @param medianMillis of an endpoint that is well
     */
    LatencyModel latency(double medianMillis) {
        if (latency != null) {
            return latency;
        }
        // At 35 ms 90 % lie between 20 and 60 ms; one call in some 10 million takes more than 200.
        LatencyModel normal = LatencyModel.lognormal(medianMillis, 0.33);
        return switch (scenario) {
            case NORMAL, FREEZE, UNHEALTHY, REPLAY, CACHED_SLOT, LAGGING, SILENT_STREAM, LAGGED, SERVER_SHUTDOWN ->
                normal;
            case SPIKE -> LatencyModel.fixed(Duration.ofMillis(300));
            case STALLS -> LatencyModel.stalling(normal, Duration.ofMinutes(1), Duration.ofSeconds(5));
            case FROZEN_SLOT, ERRORS, RATE_LIMIT -> LatencyModel.lognormal(5, 0.2);
        };
    }
}

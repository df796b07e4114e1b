package io.tradingbreaker.sample.simulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A scenario with its figures.
 *
 * @param slotsBehind what an unhealthy node says of itself; null if it does not know
 */
record Behaviour(
        Scenario scenario, LatencyModel latency, @Nullable Long slotsBehind) {

    // 90 % lie between 20 and 60 ms; one call in some 10 million takes more than 200.
    private static final LatencyModel NORMAL = LatencyModel.lognormal(35, 0.33);

    static Behaviour of(Scenario scenario) {
        LatencyModel latency = switch (scenario) {
            case NORMAL, FREEZE, UNHEALTHY, REPLAY -> NORMAL;
            case SPIKE -> LatencyModel.fixed(Duration.ofMillis(300));
            case FROZEN_SLOT, ERRORS -> LatencyModel.lognormal(5, 0.2);
        };
        return new Behaviour(scenario, latency, 42L);
    }
}

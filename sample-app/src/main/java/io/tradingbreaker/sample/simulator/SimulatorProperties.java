package io.tradingbreaker.sample.simulator;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The simulator.
 *
 * @param port its loopback port; 0 for any free one
 * @param grpcPort the loopback port of its gRPC service; 0 for any free one
 * @param grpcToken what calls of that service must carry as {@code x-token}; blank: nothing
 * @param latencyMillis the median of an endpoint that is well
 * @param validSlots the number of slots for which a blockhash is accepted
 * @param replay what a replay plays unless its request says otherwise
 */
@ConfigurationProperties("simulator")
public record SimulatorProperties(
        @DefaultValue("8899") int port,
        @DefaultValue("0") int grpcPort,
        @DefaultValue("") String grpcToken,
        @DefaultValue("35") double latencyMillis,
        @DefaultValue("150") int validSlots,
        @DefaultValue Replay replay) {

    /** Without the token. */
    @Override
    public String toString() {
        return "SimulatorProperties[port=" + port + ", grpcPort=" + grpcPort + "]";
    }

    /**
     * A recording and how it is played.
     *
     * @param file a CSV file with {@code epoch_seconds,latency_ms,incident}, or {@code classpath:…}
     * @param rowMillis how long a row lasts
     * @param timeScale data seconds to a real second, instead of {@code rowMillis}
     * @param factor what the recorded latencies are multiplied by
     * @param sigma how widely single calls scatter around a row's level
     */
    public record Replay(
            @DefaultValue("classpath:replay/two-incidents.csv")
            String file,

            @DefaultValue("500") int rowMillis,
            @Nullable Double timeScale,
            @DefaultValue("1") double factor,
            @DefaultValue("0.1") double sigma) {}
}

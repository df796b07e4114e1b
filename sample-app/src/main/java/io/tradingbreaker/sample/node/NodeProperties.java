package io.tradingbreaker.sample.node;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the node is called.
 *
 * @param url the node and its quote service; unset means the simulator
 * @param connectTimeout for trading calls
 * @param readTimeout for trading calls; longer than the breaker's thresholds, so that it is the breaker which notices
 * @param maxCalls trading calls in flight at most; more fail at once
 * @param health the health check
 */
@ConfigurationProperties("solana")
public record NodeProperties(
        @Nullable URI url,
        @DefaultValue("1s") Duration connectTimeout,
        @DefaultValue("5s") Duration readTimeout,
        @DefaultValue("64") int maxCalls,
        @DefaultValue Health health) {

    /**
     * What a healthy node does.
     *
     * @param timeout a call that takes longer has failed
     * @param latencyLimit the slowest call of a healthy node
     * @param slotPatience how long to wait for a newer slot; a slot takes about 400 ms
     */
    public record Health(
            @DefaultValue("400ms") Duration timeout,
            @DefaultValue("200ms") Duration latencyLimit,
            @DefaultValue("900ms") Duration slotPatience) {}
}

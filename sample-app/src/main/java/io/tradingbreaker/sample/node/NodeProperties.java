package io.tradingbreaker.sample.node;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the nodes are called.
 *
 * @param urls the node that is traded with, then others that tell how far the chain is; empty means the simulator's
 * @param connectTimeout for trading calls
 * @param readTimeout for trading calls; longer than the breaker's thresholds, so that it is the breaker which notices
 * @param maxCalls trading calls in flight at most; more fail at once
 * @param health the health check
 */
@ConfigurationProperties("solana")
public record NodeProperties(
        @DefaultValue List<URI> urls,
        @DefaultValue("1s") Duration connectTimeout,
        @DefaultValue("5s") Duration readTimeout,
        @DefaultValue("64") int maxCalls,
        @DefaultValue Health health) {

    /** Without the addresses: providers put keys into them. */
    @Override
    public String toString() {
        return "NodeProperties[" + urls.size() + " urls]";
    }

    /**
     * What a healthy node does.
     *
     * @param timeout a call that takes longer has failed
     * @param latencyLimit the slowest call of a healthy node
     * @param slotPatience how long to wait for a newer slot; a slot takes about 400 ms
     * @param maxSlotLag how many slots it may be behind the best of the other nodes
     */
    public record Health(
            @DefaultValue("400ms") Duration timeout,
            @DefaultValue("200ms") Duration latencyLimit,
            @DefaultValue("900ms") Duration slotPatience,
            @DefaultValue("10") long maxSlotLag) {}
}

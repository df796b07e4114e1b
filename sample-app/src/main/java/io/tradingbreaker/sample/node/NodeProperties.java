package io.tradingbreaker.sample.node;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the nodes are called.
 *
 * @param url the node that is traded with
 * @param referenceUrl another node that tells how far the chain is; blank means none
 * @param grpcUrl the gRPC service of the node that is traded with, {@code http} or {@code https}; blank means the simulator's if
 *     that is traded with, else none
 * @param grpcToken what its calls carry as {@code x-token}; blank: nothing
 * @param streamTimeout the time without a slot after which the slot stream is asked for anew
 * @param maxStreamLag how many slots the stream may be behind before it counts as ill
 * @param connectTimeout for trading calls
 * @param readTimeout for trading calls; longer than the breaker's thresholds, so that it is the breaker which notices
 * @param maxCalls trading calls in flight at most; more fail at once
 */
@ConfigurationProperties("solana")
public record NodeProperties(
        URI url,
        @Nullable URI referenceUrl,
        @Nullable URI grpcUrl,
        @DefaultValue("") String grpcToken,
        @DefaultValue("5s") Duration streamTimeout,
        @DefaultValue("10") int maxStreamLag,
        @DefaultValue("1s") Duration connectTimeout,
        @DefaultValue("5s") Duration readTimeout,
        @DefaultValue("64") int maxCalls) {

    /** Without the addresses: providers put keys into them. */
    @Override
    public String toString() {
        return "NodeProperties[maxCalls=" + maxCalls + "]";
    }
}

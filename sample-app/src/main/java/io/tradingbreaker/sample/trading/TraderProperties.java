package io.tradingbreaker.sample.trading;

import java.math.BigDecimal;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The bot and its desk.
 *
 * @param enabled whether it trades by itself
 * @param threads each makes one call at a time
 * @param roundsPerSecond rounds a second of all threads together: a slot and a quote, and every third an order
 * @param cash dollars at the start
 * @param restingInterval how often resting orders are held against the market
 */
@ConfigurationProperties("trader")
public record TraderProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("8") int threads,
        @DefaultValue("60") int roundsPerSecond,
        @DefaultValue("100000") BigDecimal cash,
        @DefaultValue("500ms") Duration restingInterval) {

    public TraderProperties {
        if (threads < 1 || roundsPerSecond < 1 || restingInterval.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "trader.threads and rounds-per-second must be at least 1, resting-interval 1 ms");
        }
    }
}

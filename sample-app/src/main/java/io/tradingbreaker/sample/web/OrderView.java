package io.tradingbreaker.sample.web;

import io.tradingbreaker.sample.solana.Token;
import io.tradingbreaker.sample.trading.Fill;
import io.tradingbreaker.sample.trading.Order;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order as it is shown.
 *
 * @param value dollars paid or received; null until it is filled
 */
record OrderView(
        String id,
        String symbol,
        String side,
        BigDecimal quantity,
        @Nullable BigDecimal limit,
        String status,
        @Nullable BigDecimal value,
        @Nullable String signature,
        Instant at) {

    static OrderView of(Order order) {
        Fill fill = order.fill();
        return new OrderView(
                order.id(),
                order.token().name(),
                order.side().name(),
                order.token().amount(order.units()),
                order.limit(),
                order.status().name(),
                fill == null ? null : Token.USDC.amount(fill.micros()),
                fill == null ? null : fill.signature(),
                order.at());
    }
}

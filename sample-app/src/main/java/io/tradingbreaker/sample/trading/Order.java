package io.tradingbreaker.sample.trading;

import io.tradingbreaker.sample.jupiter.Quote;
import io.tradingbreaker.sample.jupiter.Side;
import io.tradingbreaker.sample.solana.Token;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order as it stands. Immutable.
 *
 * @param units the traded token's smallest units
 * @param limit the worst acceptable price; null takes the market's
 * @param fill what came of it; null until it is filled
 */
public record Order(
        String id,
        Token token,
        Side side,
        long units,
        @Nullable BigDecimal limit,
        Status status,
        @Nullable Fill fill,
        Instant at) {

    /** How far an order is. */
    public enum Status {
        /** Being sent to the node. */
        SENDING,
        /** Waits for its price. */
        RESTING,
        /** The node was asked to cancel it. */
        CANCELLING,
        /** Sent, with no answer: the node will be asked what became of it. */
        UNKNOWN,
        FILLED,
        CANCELLED,
        /** Never executed: the node failed, or trading was paused in between. */
        FAILED;

        /** Whether nothing more will happen. */
        public boolean isFinal() {
            return this == FILLED || this == CANCELLED || this == FAILED;
        }
    }

    Order as(Status next) {
        return new Order(id, token, side, units, limit, next, fill, at);
    }

    Order filled(Fill by) {
        return new Order(id, token, side, units, limit, Status.FILLED, by, at);
    }

    /** What the order is worth at its limit, in dollars; null without one. */
    @Nullable
    BigDecimal worthAtLimit() {
        return limit == null ? null : limit.multiply(token.amount(units));
    }

    /** Whether the order may be executed so. */
    boolean accepts(Quote quote) {
        BigDecimal worst = worthAtLimit();
        if (worst == null) {
            return true;
        }
        int against = Token.USDC.amount(quote.micros()).compareTo(worst);
        return side == Side.BUY ? against <= 0 : against >= 0;
    }
}

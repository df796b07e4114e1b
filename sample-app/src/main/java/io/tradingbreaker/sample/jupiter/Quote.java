package io.tradingbreaker.sample.jupiter;

import io.tradingbreaker.sample.solana.Token;
import java.math.BigDecimal;
import java.math.MathContext;
import tools.jackson.databind.JsonNode;

/**
 * What a trade costs or brings.
 *
 * @param units the traded token's smallest units
 * @param micros millionths of a dollar
 * @param slot the slot that the quote was taken in
 * @param answer the quote as it came; a swap of it is asked for with this
 */
public record Quote(Token token, Side side, long units, long micros, long slot, JsonNode answer) {

    /** Dollars for one whole token, with 9 digits. */
    public BigDecimal price() {
        return Token.USDC.amount(micros).divide(token.amount(units), new MathContext(9));
    }
}

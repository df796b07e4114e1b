package io.tradingbreaker.sample.node;

import io.tradingbreaker.sample.solana.Token;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Quotes in Jupiter's form. Thread-safe. */
class JupiterQuotes implements QuoteService {

    private static final int SLIPPAGE_BPS = 50;

    private final NodeHttp http;

    JupiterQuotes(NodeHttp http) {
        this.http = http;
    }

    @Override
    public Quote toBuy(Token token, long units) {
        JsonNode quote = quote(Token.USDC, token, units, "ExactOut");
        return new Quote(token, Side.BUY, units, amount(quote, "inAmount"), slot(quote));
    }

    @Override
    public Quote toSell(Token token, long units) {
        JsonNode quote = quote(token, Token.USDC, units, "ExactIn");
        return new Quote(token, Side.SELL, units, amount(quote, "outAmount"), slot(quote));
    }

    private JsonNode quote(Token in, Token out, long units, String swapMode) {
        return http.get(
                "/swap/v1/quote",
                Map.of(
                        "inputMint", in.mint(),
                        "outputMint", out.mint(),
                        "amount", units,
                        "slippageBps", SLIPPAGE_BPS,
                        "swapMode", swapMode));
    }

    private static long amount(JsonNode quote, String field) {
        try {
            long amount = Long.parseLong(quote.path(field).asString(""));
            if (amount > 0) {
                return amount;
            }
        } catch (NumberFormatException e) {
            // Said below, as for an amount that is not positive.
        }
        throw new NodeException("the quote's " + field + " is not a positive amount", null);
    }

    private static long slot(JsonNode quote) {
        return quote.path("contextSlot").asLong(0);
    }
}

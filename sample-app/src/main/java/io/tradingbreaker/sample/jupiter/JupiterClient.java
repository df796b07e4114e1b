package io.tradingbreaker.sample.jupiter;

import io.tradingbreaker.Intent;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.solana.Token;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** Jupiter's swap API, version 1. Thread-safe. */
class JupiterClient implements QuoteService, SwapService {

    private static final String QUOTE =
            "/swap/v1/quote?inputMint={in}&outputMint={out}&amount={amount}&slippageBps={bps}&swapMode={mode}";
    private static final int SLIPPAGE_BPS = 50;

    private final Endpoints endpoints;

    JupiterClient(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public Quote toBuy(Token token, long units) {
        return endpoints.read(Intent.OPEN_RISK, http -> {
            JsonNode quote = quote(http, Token.USDC, token, units, "ExactOut");
            return new Quote(token, Side.BUY, units, amount(quote, "inAmount"), slot(quote), quote);
        });
    }

    @Override
    public Quote toSell(Token token, long units) {
        return endpoints.read(Intent.REDUCE, http -> {
            JsonNode quote = quote(http, token, Token.USDC, units, "ExactIn");
            return new Quote(token, Side.SELL, units, amount(quote, "outAmount"), slot(quote), quote);
        });
    }

    @Override
    public Swap swap(Quote quote, String payer) {
        Map<String, Object> request = Map.of("userPublicKey", payer, "quoteResponse", quote.answer());
        return endpoints.read(quote.side() == Side.BUY ? Intent.OPEN_RISK : Intent.REDUCE, http -> {
            JsonNode answer = present(http.post()
                    .uri("/swap/v1/swap")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(request)
                    .retrieve()
                    .body(JsonNode.class));
            long lastValidBlockHeight = answer.path("lastValidBlockHeight").asLong(0);
            if (lastValidBlockHeight <= 0) {
                throw new NodeException("the swap does not say how long it is valid");
            }
            return new Swap(answer.path("swapTransaction").asString(""), lastValidBlockHeight);
        });
    }

    private static JsonNode quote(RestClient http, Token in, Token out, long units, String mode) {
        return present(http.get()
                .uri(QUOTE, in.mint(), out.mint(), units, SLIPPAGE_BPS, mode)
                .retrieve()
                .body(JsonNode.class));
    }

    private static JsonNode present(@Nullable JsonNode answer) {
        if (answer == null) {
            throw new NodeException("the answer is empty");
        }
        return answer;
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
        throw new NodeException("the quote's " + field + " is not a positive amount");
    }

    private static long slot(JsonNode quote) {
        return quote.path("contextSlot").asLong(0);
    }
}

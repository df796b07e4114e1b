package io.tradingbreaker.sample.simulator;

import io.tradingbreaker.sample.solana.Base58;
import io.tradingbreaker.sample.solana.SignedTransaction;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Quotes, and the transactions that would take them, in the form of Jupiter's v1. Thread-safe. */
final class QuoteApi {

    private final JsonMapper json;
    private final Market market;
    private final Ledger ledger;
    private final AtomicLong swaps = new AtomicLong();

    QuoteApi(JsonMapper json, Market market, Ledger ledger) {
        this.json = json;
        this.market = market;
        this.ledger = ledger;
    }

    /** @param slot the one that the endpoint is at */
    Answer quote(URI uri, long slot) {
        long began = System.nanoTime();
        try {
            Map<String, Object> quote = market.quote(query(uri), slot);
            quote.put("timeTaken", (System.nanoTime() - began) / 1e9);
            return Answer.ok(json.writeValueAsString(quote));
        } catch (Market.QuoteError e) {
            return refused(e);
        }
    }

    /** A transaction for the user to sign; each answer is another one. */
    Answer swap(byte[] body, long slot) {
        try {
            JsonNode request = json.readTree(body);
            JsonNode quote = request.path("quoteResponse");
            String memo = "jupiter " + swaps.incrementAndGet() + " " + number(quote, "inAmount") + " for "
                    + number(quote, "outAmount");
            byte[] payer = Base58.decode(request.path("userPublicKey").asString(""));
            byte[] unsigned = SignedTransaction.unsigned(payer, Base58.decode(ledger.blockhash(slot)), memo);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("swapTransaction", Base64.getEncoder().encodeToString(unsigned));
            answer.put("lastValidBlockHeight", ledger.lastValid(slot));
            answer.put("prioritizationFeeLamports", 0);
            return Answer.ok(json.writeValueAsString(answer));
        } catch (JacksonException | IllegalArgumentException e) {
            return refused(new Market.QuoteError("The request is not a swap", "INVALID_REQUEST"));
        }
    }

    private Answer refused(Market.QuoteError error) {
        return new Answer(400, json.writeValueAsString(error.body()), Map.of());
    }

    private static long number(JsonNode quote, String field) {
        return Long.parseLong(quote.path(field).asString(""));
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        String raw = uri.getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&", 50)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}

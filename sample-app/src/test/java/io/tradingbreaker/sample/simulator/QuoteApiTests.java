package io.tradingbreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.sample.solana.SignedTransaction;
import io.tradingbreaker.sample.solana.Token;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Quotes and swaps. */
class QuoteApiTests extends AbstractSimulatorTests {

    @Test
    void quote_hasJupitersFields() throws Exception {
        long before = simulator.status().slot();
        HttpResponse<String> response = get(quotePath(Token.USDC, Token.SOL, "150000000") + "&slippageBps=100");

        JsonNode quote = json.readTree(response.body());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(quote.path("inAmount").stringValue()).isEqualTo("150000000");
        long out = Long.parseLong(quote.path("outAmount").stringValue());
        assertThat(out).isBetween(900_000_000L, 1_100_000_000L);
        assertThat(quote.path("otherAmountThreshold").stringValue()).isEqualTo(String.valueOf(out * 99 / 100));
        assertThat(quote.path("routePlan")
                        .path(0)
                        .path("swapInfo")
                        .path("outAmount")
                        .stringValue())
                .isEqualTo(String.valueOf(out));
        assertThat(quote.path("contextSlot").asLong())
                .isBetween(before, simulator.status().slot());
        assertThat(quote.path("timeTaken").isNumber()).isTrue();
        assertThat(quote.path("swapMode").stringValue()).isEqualTo("ExactIn");
    }

    @Test
    void roundTrip_losesTheSpreadAndNeverGains() throws Exception {
        simulator.play(Scenario.FROZEN_SLOT);
        JsonNode bought =
                json.readTree(get(quotePath(Token.USDC, Token.SOL, "150000000")).body());
        JsonNode sold = json.readTree(
                get(quotePath(Token.SOL, Token.USDC, bought.path("outAmount").stringValue()))
                        .body());

        assertThat(Long.parseLong(sold.path("outAmount").stringValue())).isBetween(149_700_000L, 149_999_999L);
    }

    @ParameterizedTest
    @CsvSource({"amount=0", "amount=-1", "amount=x", "amount=99999999999999999999", "amount=1&swapMode=Some"})
    void badQuote_answers400WithErrorCode(String parameters) throws Exception {
        HttpResponse<String> response = get("/quotes-a/swap/v1/quote?inputMint=" + Token.USDC.mint() + "&outputMint="
                + Token.SOL.mint() + "&" + parameters);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json.readTree(response.body()).path("errorCode").asString()).isEqualTo("INVALID_REQUEST");
    }

    @Test
    void unknownToken_isNotTradable() throws Exception {
        HttpResponse<String> response = get("/quotes-a/swap/v1/quote?inputMint=x&outputMint=y&amount=1");

        assertThat(json.readTree(response.body()).path("errorCode").asString()).isEqualTo("TOKEN_NOT_TRADABLE");
    }

    @Test
    void swap_isATransactionForItsPayerToSign() throws Exception {
        String quote = get(quotePath(Token.USDC, Token.SOL, "150000000")).body();

        JsonNode swap = json.readTree(post(
                        "/quotes-b/swap/v1/swap",
                        "{\"userPublicKey\":\"" + key.address() + "\",\"quoteResponse\":" + quote + "}")
                .body());

        byte[] wire = Base64.getDecoder().decode(swap.path("swapTransaction").asString());
        assertThat(SignedTransaction.parse(wire).isSignedCorrectly()).isFalse();
        assertThat(swap.path("lastValidBlockHeight").asLong())
                .isGreaterThan(simulator.status().slot());
        SignedTransaction signed = SignedTransaction.sign(key, wire);
        assertThat(send(signed).path("result").asString()).isEqualTo(signed.signature());
        assertThat(simulator.status().transactions()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{", "{}", "{\"userPublicKey\":\"1\",\"quoteResponse\":{\"inAmount\":\"1\",\"outAmount\":\"1\"}}"})
    void badSwap_answers400(String body) throws Exception {
        HttpResponse<String> response = post("/quotes-a/swap/v1/swap", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json.readTree(response.body()).path("errorCode").asString()).isEqualTo("INVALID_REQUEST");
    }
}

package io.tradingbreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.sample.solana.Base58;
import io.tradingbreaker.sample.solana.SignedTransaction;
import io.tradingbreaker.sample.solana.Token;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SimulatedNodeTests {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final JsonMapper json = new JsonMapper();
    private SimulatedNode node;

    @BeforeEach
    void start() throws IOException {
        node = new SimulatedNode(0);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                          | -32700 | null",
                "[]                                         | -32600 | null",
                "7                                          | -32600 | null",
                "{\"id\":1,\"method\":\"getSlot\"}          | -32600 | 1",
                "{\"jsonrpc\":\"2.0\",\"id\":\"a\"}         | -32600 | \"a\"",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"getSlot\"}       | -32600 | null",
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"getNothing\"}     | -32601 | 2",
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"sendTransaction\",\"params\":[\"0\"]} | -32602 | 3",
            })
    void badRequest_answersTheErrorCodeWithTheId(String body, int code, String id) throws Exception {
        HttpResponse<String> response = post(body);

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answer = json.readTree(response.body());
        assertThat(answer.path("jsonrpc").asString()).isEqualTo("2.0");
        assertThat(answer.path("error").path("code").asInt()).isEqualTo(code);
        assertThat(answer.path("error").path("message").asString()).isNotEmpty();
        assertThat(answer.path("id").toString()).isEqualTo(id);
        assertThat(answer.has("result")).isFalse();
    }

    @Test
    void goodRequest_answersTheResultWithTheId() throws Exception {
        JsonNode health = call("getHealth", "[]");
        assertThat(health.path("result").asString()).isEqualTo("ok");
        assertThat(health.path("id").asInt()).isEqualTo(1);
        assertThat(health.has("error")).isFalse();
        assertThat(call("getSlot", "[{\"commitment\":\"processed\"}]")
                        .path("result")
                        .asLong())
                .isPositive();
    }

    @Test
    void batch_answersEachButTheNotifications() throws Exception {
        JsonNode answers = json.readTree(post("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getHealth\"},"
                        + "{\"jsonrpc\":\"2.0\",\"method\":\"getHealth\"},{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"no\"}]")
                .body());

        assertThat(answers).hasSize(2);
        assertThat(answers.path(0).path("result").asString()).isEqualTo("ok");
        assertThat(answers.path(1).path("error").path("code").asInt()).isEqualTo(-32601);
    }

    @Test
    void otherPathsAndMethods_areRefused() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(405);
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
        assertThat(post("x".repeat(60_000)).statusCode()).isEqualTo(413);
    }

    @Test
    void slot_movesEvery400Millis() throws Exception {
        long first = node.status().slot();
        long began = System.nanoTime();

        await().pollInterval(Duration.ofMillis(10)).until(() -> node.status().slot() >= first + 3);

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(790), Duration.ofSeconds(3));
    }

    @Test
    void sameTransactionTwice_isExecutedOnce() throws Exception {
        SignedTransaction transaction = SignedTransaction.sign(blockhash(), "swap o-1");

        String first = send(transaction).path("result").asString();
        String second = send(transaction).path("result").asString();

        assertThat(first).isEqualTo(transaction.signature()).isEqualTo(second);
        assertThat(node.status().transactions()).isEqualTo(1);
        assertThat(node.status().duplicates()).isEqualTo(1);
        JsonNode statuses = call("getSignatureStatuses", "[[\"" + first + "\",\"unknown\"]]")
                .path("result")
                .path("value");
        assertThat(statuses.path(0).path("confirmationStatus").asString()).isEqualTo("finalized");
        assertThat(statuses.path(1).isNull()).isTrue();
    }

    @Test
    void transactionWithAForeignBlockhash_failsItsPreflight() throws Exception {
        JsonNode error = send(SignedTransaction.sign(Base58.encode(new byte[32]), "swap"))
                .path("error");

        assertThat(error.path("code").asInt()).isEqualTo(-32002);
        assertThat(node.status().transactions()).isZero();
    }

    @Test
    void transactionThatWasChanged_failsItsSignature() throws Exception {
        byte[] wire = java.util.Base64.getDecoder()
                .decode(SignedTransaction.sign(blockhash(), "swap 1").base64());
        wire[wire.length - 1] = '2';

        JsonNode error = send(SignedTransaction.parse(wire)).path("error");

        assertThat(error.path("code").asInt()).isEqualTo(-32003);
        assertThat(node.status().transactions()).isZero();
    }

    @Test
    void quote_hasJupitersFields() throws Exception {
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
                .isBetween(node.status().slot() - 2, node.status().slot());
        assertThat(quote.path("timeTaken").isNumber()).isTrue();
        assertThat(quote.path("swapMode").stringValue()).isEqualTo("ExactIn");
    }

    @Test
    void roundTrip_losesTheSpreadAndNeverGains() throws Exception {
        node.play(Scenario.FROZEN_SLOT);
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
        HttpResponse<String> response = get(
                "/swap/v1/quote?inputMint=" + Token.USDC.mint() + "&outputMint=" + Token.SOL.mint() + "&" + parameters);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json.readTree(response.body()).path("errorCode").asString()).isEqualTo("INVALID_REQUEST");
    }

    @Test
    void unknownToken_isNotTradable() throws Exception {
        HttpResponse<String> response = get("/swap/v1/quote?inputMint=x&outputMint=y&amount=1");

        assertThat(json.readTree(response.body()).path("errorCode").asString()).isEqualTo("TOKEN_NOT_TRADABLE");
    }

    @Test
    void unhealthy_answersBothFormsOfTheError() throws Exception {
        node.play(Scenario.UNHEALTHY);
        JsonNode behind = call("getHealth", "[]").path("error");
        assertThat(behind.path("code").asInt()).isEqualTo(-32005);
        assertThat(behind.path("message").asString()).isEqualTo("Node is behind by 42 slots");
        assertThat(behind.path("data").path("numSlotsBehind").asInt()).isEqualTo(42);

        node.playUnhealthy(null);
        JsonNode unknown = call("getHealth", "[]").path("error");
        assertThat(unknown.path("message").asString()).isEqualTo("Node is unhealthy");
        assertThat(unknown.path("data").path("numSlotsBehind").isNull()).isTrue();
    }

    @Test
    void errors_answersHttp500() throws Exception {
        node.play(Scenario.ERRORS);

        assertThat(post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getHealth\"}")
                        .statusCode())
                .isEqualTo(500);
        assertThat(get(quotePath(Token.USDC, Token.SOL, "1000000")).statusCode())
                .isEqualTo(500);
    }

    @Test
    void spike_takes300Millis() throws Exception {
        node.play(Scenario.SPIKE);
        long began = System.nanoTime();

        call("getHealth", "[]");

        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(299), Duration.ofMillis(900));
    }

    @Test
    void frozenSlot_answersFastWithTheSameSlot() throws Exception {
        node.play(Scenario.FROZEN_SLOT);
        long held = call("getSlot", "[]").path("result").asLong();
        await().during(Duration.ofMillis(900))
                .until(() -> call("getSlot", "[]").path("result").asLong() == held);

        node.play(Scenario.NORMAL);
        assertThat(call("getSlot", "[]").path("result").asLong()).isGreaterThan(held);
    }

    @Test
    void freeze_holdsHundredsOfRequestsAndAnswersThemInTheEnd() throws Exception {
        node.play(Scenario.FREEZE);
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        String transaction =
                SignedTransaction.sign(Base58.encode(new byte[32]), "swap").base64();
        for (int i = 0; i < 300; i++) {
            calls.add(http.sendAsync(
                    request(rpc("sendTransaction", "[\"" + transaction + "\",{\"encoding\":\"base64\"}]")),
                    BodyHandlers.ofString()));
        }
        await().until(() -> node.status().frozen() == 300);
        assertThat(calls).noneMatch(CompletableFuture::isDone);

        node.play(Scenario.NORMAL);

        assertThat(calls).allSatisfy(call -> assertThat(call.get().statusCode()).isEqualTo(503));
        assertThat(node.status().frozen()).isZero();
        assertThat(node.status().transactions()).isZero();
        assertThat(call("getHealth", "[]").path("result").asString()).isEqualTo("ok");
    }

    private static String quotePath(Token in, Token out, String amount) {
        return "/swap/v1/quote?inputMint=" + in.mint() + "&outputMint=" + out.mint() + "&amount=" + amount;
    }

    private String blockhash() throws Exception {
        return call("getLatestBlockhash", "[]")
                .path("result")
                .path("value")
                .path("blockhash")
                .asString();
    }

    private JsonNode send(SignedTransaction transaction) throws Exception {
        return call("sendTransaction", "[\"" + transaction.base64() + "\",{\"encoding\":\"base64\"}]");
    }

    private JsonNode call(String method, String params) throws Exception {
        return json.readTree(post(rpc(method, params)).body());
    }

    private static String rpc(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private HttpResponse<String> post(String body) throws Exception {
        return http.send(request(body), BodyHandlers.ofString());
    }

    private HttpRequest request(String body) {
        return HttpRequest.newBuilder(node.uri())
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(node.uri().resolve(path)).build(), BodyHandlers.ofString());
    }
}

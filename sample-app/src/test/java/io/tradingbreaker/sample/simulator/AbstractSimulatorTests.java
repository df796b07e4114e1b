package io.tradingbreaker.sample.simulator;

import io.tradingbreaker.sample.solana.Keypair;
import io.tradingbreaker.sample.solana.SignedTransaction;
import io.tradingbreaker.sample.solana.Token;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A simulator of its own for each test, over real HTTP. */
abstract class AbstractSimulatorTests {

    final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final JsonMapper json = new JsonMapper();
    final Keypair key = Keypair.generate();
    Simulator simulator;

    @BeforeEach
    void start() throws IOException {
        simulator = new Simulator(new SimulatorProperties(0, 0, "", 35, 150, null));
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    static String quotePath(Token in, Token out, String amount) {
        return quotePath(Simulator.QUOTES_A, in, out, amount);
    }

    static String quotePath(String endpoint, Token in, Token out, String amount) {
        return "/" + endpoint + "/swap/v1/quote?inputMint=" + in.mint() + "&outputMint=" + out.mint() + "&amount="
                + amount;
    }

    String blockhash() throws Exception {
        return call("getLatestBlockhash", "[]")
                .path("result")
                .path("value")
                .path("blockhash")
                .asString();
    }

    JsonNode send(SignedTransaction transaction) throws Exception {
        return call("sendTransaction", "[\"" + transaction.base64() + "\",{\"encoding\":\"base64\"}]");
    }

    long slot(String path) throws Exception {
        return json.readTree(post(path, rpc("getSlot", "[]")).body())
                .path("result")
                .asLong();
    }

    JsonNode call(String method, String params) throws Exception {
        return json.readTree(post(rpc(method, params)).body());
    }

    static String rpc(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    HttpResponse<String> post(String body) throws Exception {
        return post("/", body);
    }

    HttpResponse<String> post(String path, String body) throws Exception {
        return http.send(request(path, body), BodyHandlers.ofString());
    }

    HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(simulator.nodes().get(0).resolve(path))
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(simulator.nodes().get(0).resolve(path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                BodyHandlers.ofString());
    }
}

package io.tradingbreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The running service, over HTTP. Thread-safe. */
final class ServiceClient {

    static final String BUY = "{\"symbol\":\"SOL\",\"side\":\"BUY\",\"quantity\":0.5}";
    static final String SELL = "{\"symbol\":\"SOL\",\"side\":\"SELL\",\"quantity\":0.01}";
    static final String RESTING = "{\"symbol\":\"SOL\",\"side\":\"BUY\",\"quantity\":0.5,\"limit\":1}";

    static final String PROTECTION = "{\"symbol\":\"SOL\",\"side\":\"SELL\",\"quantity\":0.01,\"limit\":100000}";

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();
    private final int port;

    ServiceClient(int port) {
        this.port = port;
    }

    /** Places it as soon as trading goes on: a machine under load may have paused it. */
    JsonNode place(String order) {
        return await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsMatching(AssertionError.class::isInstance)
                .until(() -> placed(order), Objects::nonNull);
    }

    private JsonNode placed(String order) throws IOException, InterruptedException {
        HttpResponse<String> response = post("/orders", order);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return json.readTree(response.body());
    }

    /** At all endpoints but the second node. */
    void play(String scenario) throws IOException, InterruptedException {
        playAs("{\"scenario\":\"" + scenario + "\"}");
    }

    void play(String scenario, String endpoint) throws IOException, InterruptedException {
        playAs("{\"scenario\":\"" + scenario + "\",\"endpoint\":\"" + endpoint + "\"}");
    }

    void playAs(String request) throws IOException, InterruptedException {
        HttpResponse<String> response = post("/simulator/scenario", request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return json.readTree(send("GET", path, null).body());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, body);
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(20))
                        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}

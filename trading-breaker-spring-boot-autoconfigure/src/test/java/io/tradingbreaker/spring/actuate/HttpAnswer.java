package io.tradingbreaker.spring.actuate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What an application on loopback answered. */
record HttpAnswer(int status, Map<String, Object> body) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static HttpAnswer get(int port, String path) throws Exception {
        return send(request(port, path).GET());
    }

    static HttpAnswer post(int port, String path, String json, String... headers) throws Exception {
        HttpRequest.Builder request = request(port, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator" + path))
                .timeout(Duration.ofSeconds(30));
    }

    @SuppressWarnings("unchecked")
    private static HttpAnswer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        // A connection of its own: Reactor Netty answers a POST with 405 before it has read the body, and then
        // sometimes never reads the next request on that connection (reactor-netty 1.3.6, 2 in 100).
        HttpResponse<String> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        String body = response.body();
        return new HttpAnswer(response.statusCode(), body.isEmpty() ? Map.of() : JSON.readValue(body, Map.class));
    }

    /** The object found at that path of keys. */
    @SuppressWarnings("unchecked")
    Map<String, Object> map(String... path) {
        Map<String, Object> at = body;
        for (String key : path) {
            at = (Map<String, Object>) at.get(key);
        }
        return at;
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> latestTransition() {
        return ((List<Map<String, Object>>) body.get("transitions")).get(0);
    }
}

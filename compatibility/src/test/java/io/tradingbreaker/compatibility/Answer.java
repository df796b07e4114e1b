package io.tradingbreaker.compatibility;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.json.JsonParserFactory;

/** What the application answered over HTTP. */
record Answer(int status, HttpHeaders headers, String body) {

    static Answer get(int port, String path) throws IOException, InterruptedException {
        return send(request(port, path).GET());
    }

    static Answer post(int port, String path, String json) throws IOException, InterruptedException {
        return send(request(port, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }

    private static Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        // A client and so a connection of its own: Reactor Netty may not read what follows a POST that it answered early.
        HttpResponse<String> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    /** The object found at that path of keys. */
    @SuppressWarnings("unchecked")
    Map<String, Object> map(String... path) {
        Map<String, Object> at = JsonParserFactory.getJsonParser().parseMap(body);
        for (String key : path) {
            at = (Map<String, Object>) at.get(key);
        }
        return at;
    }
}

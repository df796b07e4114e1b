package io.tradingbreaker.compatibility.security;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonParserFactory;

/**
 * Asks the application over HTTP.
 *
 * @param user null asks as nobody
 */
record Caller(int port, @Nullable String user) {

    static final String TOKEN = "2f1f3c6e-0d5c-4b51-9a52-6a0a5d7f4b11";

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    HttpResponse<String> postWithoutToken(String path, String json) throws IOException, InterruptedException {
        return send(posting(path, json));
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send(posting(path, json).header("Cookie", "XSRF-TOKEN=" + TOKEN).header("X-XSRF-TOKEN", TOKEN));
    }

    /** The newest transition that an answer with a view shows. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> latestTransition(HttpResponse<String> answer) {
        Map<String, Object> view = JsonParserFactory.getJsonParser().parseMap(answer.body());
        return ((List<Map<String, Object>>) view.get("transitions")).get(0);
    }

    private HttpRequest.Builder posting(String path, String json) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(30));
        if (user != null) {
            byte[] credentials = (user + ":" + Users.PASSWORD).getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
        return request;
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}

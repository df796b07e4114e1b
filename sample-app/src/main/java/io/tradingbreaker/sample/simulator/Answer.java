package io.tradingbreaker.sample.simulator;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP answer. */
record Answer(int status, @Nullable String body, Map<String, String> headers) {

    static Answer ok(@Nullable String body) {
        return new Answer(200, body, Map.of());
    }

    static Answer status(int status) {
        return new Answer(status, null, Map.of());
    }

    /** Writes it and ends the exchange. */
    void writeTo(HttpExchange exchange) {
        try (exchange) {
            headers.forEach(exchange.getResponseHeaders()::set);
            if (body == null) {
                exchange.sendResponseHeaders(status, -1);
            } else {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        } catch (IOException e) {
            // The caller has gone; there is nobody to tell.
        }
    }
}

package io.tradingbreaker.sample.node;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;

/** JSON-RPC to one node, with a limited number of calls in flight. Thread-safe. */
final class RpcClient {

    private static final int NODE_UNHEALTHY = -32005;
    private static final int LONGEST_MESSAGE = 200;

    private final RestClient http;
    private final Semaphore calls;
    private final AtomicLong ids = new AtomicLong();

    RpcClient(RestClient http, int maxCalls) {
        this.http = http;
        calls = new Semaphore(maxCalls);
    }

    /** The result of a call; a null node if it is null. */
    JsonNode call(String method, Object... params) {
        long id = ids.incrementAndGet();
        Map<String, Object> request = Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", List.of(params));
        if (!calls.tryAcquire()) {
            throw new NodeException("too many calls to the node are in flight");
        }
        JsonNode answer;
        try {
            answer = HttpClients.call(
                    "the node",
                    () -> http.post()
                            .contentType(MediaType.APPLICATION_JSON)
                            .body(request)
                            .retrieve()
                            .body(JsonNode.class));
        } finally {
            calls.release();
        }
        if (answer.path("id").asLong(0) != id) {
            throw new NodeSilentException("the node's answer to " + method + " is not one to this call");
        }
        JsonNode error = answer.path("error");
        if (!error.isMissingNode()) {
            throw failure(error);
        }
        return answer.path("result");
    }

    /** Errors in what we sent, which JSON-RPC and the preflight check report, say nothing about the node. */
    private static NodeException failure(JsonNode error) {
        int code = error.path("code").asInt(0);
        if (code == NODE_UNHEALTHY) {
            JsonNode behind = error.path("data").path("numSlotsBehind");
            return new NodeUnhealthyException(behind.isIntegralNumber() ? behind.asLong() : null);
        }
        String said = error.path("message").asString("");
        String message =
                "the node answered error " + code + ": " + said.substring(0, Math.min(said.length(), LONGEST_MESSAGE));
        boolean isOurs = (code <= -32600 && code >= -32602) || code == -32700 || code == -32002 || code == -32003;
        return isOurs ? new NodeRefusedException(message) : new NodeSilentException(message);
    }
}

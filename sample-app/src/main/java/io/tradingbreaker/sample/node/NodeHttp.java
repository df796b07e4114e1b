package io.tradingbreaker.sample.node;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.JsonNode;

/**
 * HTTP to the node and its quote service, limited in time and in the number of calls in flight. An interrupt ends a call.
 * Thread-safe.
 */
final class NodeHttp {

    private final RestClient http;
    private final Semaphore calls;
    private final AtomicLong ids = new AtomicLong();

    NodeHttp(URI url, Duration connectTimeout, Duration readTimeout, int maxCalls) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .build();
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(client);
        requests.setReadTimeout(readTimeout);
        http = RestClient.builder()
                .baseUrl(url.toString())
                .requestFactory(requests)
                .build();
        calls = new Semaphore(maxCalls);
    }

    /** The result of a JSON-RPC call; a null node if it is null. */
    JsonNode rpc(String method, Object... params) {
        long id = ids.incrementAndGet();
        Map<String, Object> request = Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", List.of(params));
        JsonNode answer = limited(() -> http.post()
                .contentType(MediaType.APPLICATION_JSON)
                .body(request)
                .retrieve()
                .body(JsonNode.class));
        if (answer == null || answer.path("id").asLong(0) != id) {
            throw new NodeException("the node's answer to " + method + " is not one to this call", null);
        }
        JsonNode error = answer.path("error");
        if (!error.isMissingNode()) {
            throw RpcException.of(error);
        }
        return answer.path("result");
    }

    JsonNode get(String path, Map<String, Object> query) {
        JsonNode answer = limited(() -> http.get()
                .uri(builder -> {
                    builder.path(path);
                    query.forEach(builder::queryParam);
                    return builder.build();
                })
                .retrieve()
                .body(JsonNode.class));
        if (answer == null) {
            throw new NodeException("the answer of " + path + " is empty", null);
        }
        return answer;
    }

    private @Nullable JsonNode limited(Supplier<@Nullable JsonNode> call) {
        if (!calls.tryAcquire()) {
            throw new NodeException("too many calls to the node are in flight", null);
        }
        try {
            return call.get();
        } catch (ResourceAccessException | HttpServerErrorException e) {
            throw new NodeSilentException("the node did not answer: " + e.getMessage(), e);
        } catch (HttpClientErrorException e) {
            throw new NodeRefusedException(
                    "the node refused the request with status "
                            + e.getStatusCode().value(),
                    e);
        } catch (RestClientException e) {
            throw new NodeException("the node failed: " + e.getMessage(), e);
        } finally {
            calls.release();
        }
    }
}

package io.tradingbreaker.sample.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** JSON-RPC 2.0 envelopes: single requests, batches of at most 100, notifications. Thread-safe. */
final class JsonRpc {

    private static final Logger log = LoggerFactory.getLogger(JsonRpc.class);
    private static final int LARGEST_BATCH = 100;

    private final JsonMapper json;
    private final Map<String, Method> methods;

    JsonRpc(JsonMapper json, Map<String, Method> methods) {
        this.json = json;
        this.methods = methods;
    }

    /** The response's body; null if only notifications were sent. */
    @Nullable
    String answer(byte[] body) {
        JsonNode request;
        try {
            request = json.readTree(body);
        } catch (JacksonException e) {
            return write(failed(null, new RpcError(RpcError.PARSE_ERROR, "Parse error")));
        }
        if (request.isArray()) {
            return answerAll(request);
        }
        Map<String, @Nullable Object> answer = answerOne(request);
        return answer == null ? null : write(answer);
    }

    private @Nullable String answerAll(JsonNode batch) {
        if (batch.isEmpty() || batch.size() > LARGEST_BATCH) {
            return write(failed(null, new RpcError(RpcError.INVALID_REQUEST, "Invalid request")));
        }
        List<Map<String, @Nullable Object>> answers = new ArrayList<>();
        for (JsonNode request : batch) {
            Map<String, @Nullable Object> answer = answerOne(request);
            if (answer != null) {
                answers.add(answer);
            }
        }
        return answers.isEmpty() ? null : write(answers);
    }

    private @Nullable Map<String, @Nullable Object> answerOne(JsonNode request) {
        JsonNode id = request.path("id");
        boolean isIdValid = id.isMissingNode() || id.isNull() || id.isString() || id.isNumber();
        boolean isVersion2 = request.path("jsonrpc").isString()
                && request.path("jsonrpc").stringValue().equals("2.0");
        if (!isIdValid || !isVersion2 || !request.path("method").isString()) {
            return failed(isIdValid ? id : null, new RpcError(RpcError.INVALID_REQUEST, "Invalid request"));
        }
        Map<String, @Nullable Object> answer;
        try {
            Method method = methods.get(request.path("method").stringValue());
            if (method == null) {
                throw new RpcError(RpcError.METHOD_NOT_FOUND, "Method not found");
            }
            answer = envelope(id);
            answer.put("result", method.call(request.path("params")));
        } catch (RpcError e) {
            answer = failed(id, e);
        } catch (RuntimeException e) {
            log.error("A method of the simulated node failed", e);
            answer = failed(id, new RpcError(-32603, "Internal error"));
        }
        return id.isMissingNode() ? null : answer;
    }

    private static Map<String, @Nullable Object> failed(@Nullable JsonNode id, RpcError error) {
        Map<String, @Nullable Object> answer = envelope(id);
        answer.put("error", error.body());
        return answer;
    }

    private static Map<String, @Nullable Object> envelope(@Nullable JsonNode id) {
        Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
        envelope.put("jsonrpc", "2.0");
        envelope.put("id", id instanceof MissingNode ? null : id);
        return envelope;
    }

    private String write(Object answer) {
        return json.writeValueAsString(answer);
    }

    /** What one method does. */
    @FunctionalInterface
    interface Method {

        /**
         * Its result.
         *
         * @throws RpcError to answer an error
         */
        Object call(JsonNode params);
    }
}

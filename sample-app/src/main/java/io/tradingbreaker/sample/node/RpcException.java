package io.tradingbreaker.sample.node;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The node answered with a JSON-RPC error. */
final class RpcException extends NodeException {

    private static final long serialVersionUID = 1L;

    private static final int NODE_UNHEALTHY = -32005;

    private final int code;
    private final @Nullable Long slotsBehind;

    private RpcException(int code, String message, @Nullable Long slotsBehind) {
        super("the node answered error " + code + ": " + message, null);
        this.code = code;
        this.slotsBehind = slotsBehind;
    }

    /** Errors in what we sent, which JSON-RPC and the preflight check report, say nothing about the node. */
    static NodeException of(JsonNode error) {
        int code = error.path("code").asInt(0);
        String message = error.path("message").asString("");
        boolean isOurs = (code <= -32600 && code >= -32602) || code == -32700 || code == -32002 || code == -32003;
        if (isOurs) {
            return new NodeRefusedException("the node refused with error " + code + ": " + message, null);
        }
        JsonNode behind = error.path("data").path("numSlotsBehind");
        return new RpcException(code, message, behind.isIntegralNumber() ? behind.asLong() : null);
    }

    boolean isUnhealthy() {
        return code == NODE_UNHEALTHY;
    }

    /** How far an unhealthy node is behind; null if it does not say. */
    @Nullable
    Long slotsBehind() {
        return slotsBehind;
    }
}

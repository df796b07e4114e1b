package io.tradingbreaker.sample.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An error that JSON-RPC answers, with the code that Solana uses for it. */
final class RpcError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    private static final int NODE_UNHEALTHY = -32005;
    private static final int SIGNATURE_FAILURE = -32003;
    private static final int PREFLIGHT_FAILURE = -32002;

    private final int code;
    private final transient @Nullable Object data;

    RpcError(int code, String message) {
        this(code, message, null);
    }

    private RpcError(int code, String message, @Nullable Object data) {
        super(message, null, false, false);
        this.code = code;
        this.data = data;
    }

    static RpcError unhealthy(@Nullable Long slotsBehind) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("numSlotsBehind", slotsBehind);
        return new RpcError(
                NODE_UNHEALTHY,
                slotsBehind == null ? "Node is unhealthy" : "Node is behind by " + slotsBehind + " slots",
                data);
    }

    static RpcError badSignature() {
        return new RpcError(SIGNATURE_FAILURE, "Transaction signature verification failure");
    }

    static RpcError blockhashNotFound() {
        return new RpcError(
                PREFLIGHT_FAILURE,
                "Transaction simulation failed: Blockhash not found",
                Map.of("err", "BlockhashNotFound"));
    }

    static RpcError alreadyExecuted() {
        return new RpcError(
                PREFLIGHT_FAILURE,
                "Transaction simulation failed: This order has already been executed",
                Map.of("err", "AlreadyProcessed"));
    }

    Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("code", code);
        body.put("message", String.valueOf(getMessage()));
        if (data != null) {
            body.put("data", data);
        }
        return body;
    }
}

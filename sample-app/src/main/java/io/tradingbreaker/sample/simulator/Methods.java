package io.tradingbreaker.sample.simulator;

import io.tradingbreaker.sample.solana.Base58;
import io.tradingbreaker.sample.solana.SignedTransaction;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The Solana methods that the node knows. Thread-safe. */
final class Methods {

    private static final String VERSION = "2.2.0";

    private final Endpoint node;
    private final Ledger ledger;

    Methods(Endpoint node, Ledger ledger) {
        this.node = node;
        this.ledger = ledger;
    }

    Map<String, JsonRpc.Method> byName() {
        return Map.of(
                "getHealth", this::getHealth,
                "getSlot", params -> node.shownSlot(),
                "getBlockHeight", params -> node.slot(),
                "getLatestBlockhash", this::getLatestBlockhash,
                "sendTransaction", this::sendTransaction,
                "simulateTransaction", this::simulateTransaction,
                "getSignatureStatuses", this::getSignatureStatuses);
    }

    private Object getHealth(JsonNode params) {
        throwIfIll();
        return "ok";
    }

    private Object getLatestBlockhash(JsonNode params) {
        long slot = node.slot();
        return inContext(
                slot, Map.of("blockhash", ledger.blockhash(slot), "lastValidBlockHeight", ledger.lastValid(slot)));
    }

    private Object sendTransaction(JsonNode params) {
        SignedTransaction transaction = transaction(params);
        throwIfIll();
        return ledger.execute(transaction, node.slot());
    }

    /** Checks a transaction as sending it would, and executes nothing. */
    private Object simulateTransaction(JsonNode params) {
        boolean isValid = ledger.isValid(transaction(params), node.slot());
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        value.put("err", isValid ? null : "BlockhashNotFound");
        value.put("logs", isValid ? List.of("Program log: simulated") : List.of());
        value.put("unitsConsumed", isValid ? 450 : 0);
        return inContext(node.slot(), value);
    }

    private static SignedTransaction transaction(JsonNode params) {
        try {
            String text = params.path(0).stringValue("");
            String encoding = params.path(1).path("encoding").stringValue("base58");
            return SignedTransaction.parse(
                    switch (encoding) {
                        case "base64" -> Base64.getDecoder().decode(text);
                        case "base58" -> Base58.decode(text);
                        default -> throw new IllegalArgumentException("unsupported encoding");
                    });
        } catch (IllegalArgumentException e) {
            throw new RpcError(RpcError.INVALID_PARAMS, "Invalid params: " + e.getMessage());
        }
    }

    private Object getSignatureStatuses(JsonNode params) {
        JsonNode signatures = params.path(0);
        if (!signatures.isArray() || signatures.size() > 256) {
            throw new RpcError(RpcError.INVALID_PARAMS, "Invalid params: expected at most 256 signatures");
        }
        List<@Nullable Object> statuses = new ArrayList<>();
        for (JsonNode signature : signatures) {
            Long slot = ledger.slotOf(signature.stringValue(""));
            statuses.add(slot == null ? null : status(slot));
        }
        return inContext(node.slot(), statuses);
    }

    private static Map<String, @Nullable Object> status(long slot) {
        Map<String, @Nullable Object> status = new LinkedHashMap<>();
        status.put("slot", slot);
        status.put("confirmations", null);
        status.put("err", null);
        status.put("confirmationStatus", "finalized");
        return status;
    }

    private static Object inContext(long slot, Object value) {
        return Map.of("context", Map.of("apiVersion", VERSION, "slot", slot), "value", value);
    }

    private void throwIfIll() {
        RpcError error = node.illness();
        if (error != null) {
            throw error;
        }
    }
}

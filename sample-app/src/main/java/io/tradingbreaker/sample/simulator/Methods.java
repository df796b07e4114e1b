package io.tradingbreaker.sample.simulator;

import io.tradingbreaker.sample.solana.Base58;
import io.tradingbreaker.sample.solana.SignedTransaction;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The Solana methods that the node knows. Thread-safe. */
final class Methods {

    private static final String VERSION = "2.2.0";

    private final SlotClock slots;
    private final Ledger ledger;
    private final Supplier<@Nullable RpcError> illness;

    /** @param illness what getHealth and sendTransaction answer; null while the node is well */
    Methods(SlotClock slots, Ledger ledger, Supplier<@Nullable RpcError> illness) {
        this.slots = slots;
        this.ledger = ledger;
        this.illness = illness;
    }

    Map<String, JsonRpc.Method> byName() {
        return Map.of(
                "getHealth", this::getHealth,
                "getSlot", params -> slots.slot(),
                "getLatestBlockhash", this::getLatestBlockhash,
                "sendTransaction", this::sendTransaction,
                "getSignatureStatuses", this::getSignatureStatuses);
    }

    private Object getHealth(JsonNode params) {
        throwIfIll();
        return "ok";
    }

    private Object getLatestBlockhash(JsonNode params) {
        long slot = slots.slot();
        return inContext(
                slot, Map.of("blockhash", ledger.blockhash(slot), "lastValidBlockHeight", slot + Ledger.VALID_SLOTS));
    }

    private Object sendTransaction(JsonNode params) {
        SignedTransaction transaction;
        try {
            String text = params.path(0).stringValue("");
            String encoding = params.path(1).path("encoding").stringValue("base58");
            transaction = SignedTransaction.parse(
                    switch (encoding) {
                        case "base64" -> Base64.getDecoder().decode(text);
                        case "base58" -> Base58.decode(text);
                        default -> throw new IllegalArgumentException("unsupported encoding");
                    });
        } catch (IllegalArgumentException e) {
            throw new RpcError(RpcError.INVALID_PARAMS, "Invalid params: " + e.getMessage());
        }
        throwIfIll();
        return ledger.execute(transaction, slots.slot());
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
        return inContext(slots.slot(), statuses);
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
        RpcError error = illness.get();
        if (error != null) {
            throw error;
        }
    }
}

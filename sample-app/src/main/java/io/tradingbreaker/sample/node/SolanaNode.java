package io.tradingbreaker.sample.node;

import io.tradingbreaker.sample.solana.SignedTransaction;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A Solana node's methods that trading needs, over JSON-RPC. Guards nothing by itself. Thread-safe. */
public class SolanaNode {

    private static final String COMMITMENT = "commitment";
    private static final String PROCESSED = "processed";

    private final RpcClient rpc;

    SolanaNode(RpcClient rpc) {
        this.rpc = rpc;
    }

    /** The latest slot that the node has seen. */
    public long slot() {
        return rpc.call("getSlot", Map.of(COMMITMENT, PROCESSED)).asLong(0);
    }

    /** The latest block that the node is sure of. */
    public long blockHeight() {
        return rpc.call("getBlockHeight", Map.of(COMMITMENT, "finalized")).asLong(0);
    }

    public Blockhash latestBlockhash() {
        JsonNode value =
                rpc.call("getLatestBlockhash", Map.of(COMMITMENT, PROCESSED)).path("value");
        String hash = value.path("blockhash").asString("");
        long lastValidBlockHeight = value.path("lastValidBlockHeight").asLong(0);
        if (hash.isEmpty() || lastValidBlockHeight <= 0) {
            throw new NodeException("the node's blockhash is none, or does not say how long it is valid");
        }
        return new Blockhash(hash, lastValidBlockHeight);
    }

    /** Checks a transaction against the node's present state, and executes nothing. */
    public void simulate(SignedTransaction transaction) {
        Map<String, Object> options = Map.of("encoding", "base64", "sigVerify", true, COMMITMENT, PROCESSED);
        JsonNode error = rpc.call("simulateTransaction", transaction.base64(), options)
                .path("value")
                .path("err");
        if (!error.isNull()) {
            throw new NodeRefusedException("the simulated transaction fails: " + shortened(error.toString()));
        }
    }

    /** Sends a transaction; the node executes each signature once. */
    public void send(SignedTransaction transaction) {
        JsonNode signature = rpc.call(
                "sendTransaction",
                transaction.base64(),
                Map.of("encoding", "base64", "preflightCommitment", PROCESSED));
        if (!signature.asString("").equals(transaction.signature())) {
            throw new NodeSilentException("the node answered another transaction's signature");
        }
    }

    /** Whether the transaction of that signature has been executed. */
    public boolean isExecuted(String signature) {
        JsonNode result = rpc.call("getSignatureStatuses", List.of(signature));
        return result.path("value").path(0).path("err").isNull();
    }

    private static String shortened(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    /**
     * What a transaction must name to be executed.
     *
     * @param hash in base 58
     * @param lastValidBlockHeight it is executed up to this block
     */
    public record Blockhash(String hash, long lastValidBlockHeight) {}
}

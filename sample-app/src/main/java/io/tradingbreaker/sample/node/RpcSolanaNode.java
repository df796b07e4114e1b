package io.tradingbreaker.sample.node;

import io.tradingbreaker.Intent;
import io.tradingbreaker.sample.solana.SignedTransaction;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The node over JSON-RPC. Thread-safe. */
class RpcSolanaNode implements SolanaNode {

    private final NodeHttp http;

    RpcSolanaNode(NodeHttp http) {
        this.http = http;
    }

    @Override
    @LatencyGuarded(value = "node", intent = Intent.QUERY)
    public String latestBlockhash() {
        JsonNode result = http.rpc("getLatestBlockhash", Map.of("commitment", "processed"));
        return result.path("value").path("blockhash").asString("");
    }

    @Override
    @LatencyGuarded("node")
    public void open(SignedTransaction transaction) {
        send(transaction);
    }

    @Override
    @LatencyGuarded(value = "node", intent = Intent.REDUCE)
    public void reduce(SignedTransaction transaction) {
        send(transaction);
    }

    @Override
    @LatencyGuarded(value = "node", intent = Intent.CANCEL)
    public void cancel(SignedTransaction transaction) {
        send(transaction);
    }

    @Override
    @LatencyGuarded(value = "node", intent = Intent.QUERY)
    public boolean isExecuted(String signature) {
        JsonNode result = http.rpc("getSignatureStatuses", List.of(signature));
        return result.path("value").path(0).path("err").isNull();
    }

    private void send(SignedTransaction transaction) {
        JsonNode signature = http.rpc("sendTransaction", transaction.base64(), Map.of("encoding", "base64"));
        if (!signature.asString("").equals(transaction.signature())) {
            throw new NodeException("the node answered another transaction's signature", null);
        }
    }
}

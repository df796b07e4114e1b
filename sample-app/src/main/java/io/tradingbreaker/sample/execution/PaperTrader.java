package io.tradingbreaker.sample.execution;

import io.tradingbreaker.sample.node.SolanaNode;
import io.tradingbreaker.sample.solana.SignedTransaction;

/** Executes at the simulated node, where nothing costs anything. Thread-safe. */
class PaperTrader implements Trader {

    private final SolanaNode node;

    PaperTrader(SolanaNode node) {
        this.node = node;
    }

    @Override
    public long slot() {
        return node.slot();
    }

    @Override
    public void open(SignedTransaction transaction) {
        node.send(transaction);
    }

    @Override
    public void reduce(SignedTransaction transaction, String mint, long units) {
        node.send(transaction);
    }

    @Override
    public void cancel(SignedTransaction transaction) {
        node.send(transaction);
    }

    @Override
    public boolean isExecuted(String signature) {
        return node.isExecuted(signature);
    }

    @Override
    public long blockHeight() {
        return node.blockHeight();
    }
}

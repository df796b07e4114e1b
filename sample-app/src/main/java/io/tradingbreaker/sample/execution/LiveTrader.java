package io.tradingbreaker.sample.execution;

import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.node.NodeSilentException;
import io.tradingbreaker.sample.node.SolanaNode;
import io.tradingbreaker.sample.solana.SignedTransaction;

/** Lets the node simulate each transaction, and only if it is told to sends it then. Thread-safe. */
class LiveTrader implements Trader {

    private final SolanaNode node;
    private final boolean submits;

    /** @param submits false is a dry run: everything but the sending */
    LiveTrader(SolanaNode node, boolean submits) {
        this.node = node;
        this.submits = submits;
    }

    @Override
    public long slot() {
        return node.slot();
    }

    @Override
    public void open(SignedTransaction transaction) {
        execute(transaction);
    }

    @Override
    public void reduce(SignedTransaction transaction, String mint, long units) {
        execute(transaction);
    }

    @Override
    public void cancel(SignedTransaction transaction) {
        execute(transaction);
    }

    @Override
    public boolean isExecuted(String signature) {
        return node.isExecuted(signature);
    }

    @Override
    public long blockHeight() {
        return node.blockHeight();
    }

    private void execute(SignedTransaction transaction) {
        try {
            node.simulate(transaction);
        } catch (NodeSilentException e) {
            // Nothing was sent, so its fate is known.
            throw new NodeException("not sent: " + e.getMessage());
        }
        if (submits) {
            node.send(transaction);
        }
    }
}

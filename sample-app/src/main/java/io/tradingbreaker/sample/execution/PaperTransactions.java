package io.tradingbreaker.sample.execution;

import io.tradingbreaker.sample.jupiter.Quote;
import io.tradingbreaker.sample.jupiter.Side;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.node.Polled;
import io.tradingbreaker.sample.node.SolanaNode.Blockhash;
import io.tradingbreaker.sample.solana.Keypair;
import io.tradingbreaker.sample.solana.SignedTransaction;

/** Memos that say what an order does; the simulator executes each order once. Thread-safe. */
final class PaperTransactions implements Transactions {

    private final Keypair key;
    private final Polled<Blockhash> blockhash;

    PaperTransactions(Keypair key, Polled<Blockhash> blockhash) {
        this.key = key;
        this.blockhash = blockhash;
    }

    @Override
    public Prepared swap(String orderId, Quote quote) {
        return signed("swap " + orderId + " " + quote.side() + " " + quote.token() + " " + quote.units() + " for "
                + quote.micros());
    }

    @Override
    public Prepared place(String orderId, Side side) {
        return signed("place " + orderId + " " + side);
    }

    @Override
    public Prepared cancel(String orderId) {
        return signed("cancel " + orderId);
    }

    private Prepared signed(String memo) {
        Blockhash recent = blockhash.latest();
        if (recent == null) {
            throw new NodeException("the node has given no blockhash yet");
        }
        return new Prepared(SignedTransaction.sign(key, recent.hash(), memo), recent.lastValidBlockHeight());
    }
}

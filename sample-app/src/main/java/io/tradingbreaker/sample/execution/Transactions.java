package io.tradingbreaker.sample.execution;

import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.sample.jupiter.Quote;
import io.tradingbreaker.sample.jupiter.Side;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.solana.SignedTransaction;

/**
 * Makes the transactions of orders and signs them. Sends nothing, so that the order's owner knows the signature before
 * anybody else does.
 */
public interface Transactions {

    /**
     * Takes a quote.
     *
     * @throws NodeException if there is no such transaction now
     * @throws TradingPausedException if it opens risk and trading is paused
     */
    Prepared swap(String orderId, Quote quote);

    /**
     * Lets an order rest at the venue.
     *
     * @throws UnsupportedOrderException if orders cannot rest there
     */
    Prepared place(String orderId, Side side);

    /** Takes a resting order back. */
    Prepared cancel(String orderId);

    /**
     * A transaction that is ready to be sent.
     *
     * @param lastValidBlockHeight it is executed up to this block
     */
    record Prepared(SignedTransaction transaction, long lastValidBlockHeight) {}
}

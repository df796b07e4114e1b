package io.tradingbreaker.sample.execution;

import io.tradingbreaker.Intent;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.node.NodeSilentException;
import io.tradingbreaker.sample.solana.SignedTransaction;
import io.tradingbreaker.spring.aop.Instrument;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import io.tradingbreaker.spring.aop.Quantity;

/**
 * Trades at the node, on paper or for real. Every implementation is guarded, each method according to what it does to
 * the risk on the books.
 *
 * <p>A transaction is sent once. {@link NodeSilentException} says that its fate is unknown, any other
 * {@link NodeException} that it was not executed.
 */
@LatencyGuarded("node")
public interface Trader {

    /** The node's slot, as asked before a trade; refused while trading is paused. */
    long slot();

    /** Executes what opens risk; refused while trading is paused. */
    void open(SignedTransaction transaction);

    /**
     * Executes what reduces a position; more than there is passes no pause.
     *
     * @param mint the token that is sold
     * @param units how much of it, in smallest units
     */
    @LatencyGuarded(value = "node", intent = Intent.REDUCE)
    void reduce(SignedTransaction transaction, @Instrument String mint, @Quantity long units);

    /** Executes what cancels a resting order. */
    @LatencyGuarded(value = "node", intent = Intent.CANCEL)
    void cancel(SignedTransaction transaction);

    /** Whether the transaction of that signature has been executed. */
    @LatencyGuarded(value = "node", intent = Intent.QUERY)
    boolean isExecuted(String signature);

    /** The block that the chain is sure of: a transaction that is valid up to an earlier one is not executed any more. */
    @LatencyGuarded(value = "node", intent = Intent.QUERY)
    long blockHeight();
}

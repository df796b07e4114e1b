package io.tradingbreaker.sample.node;

import io.tradingbreaker.Intent;
import io.tradingbreaker.sample.solana.SignedTransaction;

/** The node's calls that trading needs. A transaction may be sent again: the node executes each signature once. */
public interface SolanaNode {

    /** In base 58. */
    String latestBlockhash();

    /** Sends what opens risk; refused while trading is paused. */
    void open(SignedTransaction transaction);

    /** Sends what reduces a position; never refused, as {@link Intent#REDUCE}. */
    void reduce(SignedTransaction transaction);

    /** Sends what cancels a resting order; never refused, as {@link Intent#CANCEL}. */
    void cancel(SignedTransaction transaction);

    /** Whether the transaction of that signature has been executed. */
    boolean isExecuted(String signature);
}

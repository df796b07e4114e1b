package io.tradingbreaker.sample.jupiter;

import io.tradingbreaker.sample.node.NodeException;

/** Transactions that would take a quote. Making one moves nothing, so that asking again does no harm. */
public interface SwapService {

    /**
     * The transaction, to be signed by the payer.
     *
     * @param payer an address in base 58
     * @throws NodeException if there is none
     */
    Swap swap(Quote quote, String payer);

    /**
     * A transaction without its signature; nothing of it has been checked.
     *
     * @param base64 its bytes
     * @param lastValidBlockHeight it is executed up to this block
     */
    record Swap(String base64, long lastValidBlockHeight) {}
}

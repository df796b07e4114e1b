package io.tradingbreaker.sample.execution;

import io.tradingbreaker.sample.jupiter.Quote;
import io.tradingbreaker.sample.jupiter.Side;
import io.tradingbreaker.sample.jupiter.SwapService;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.solana.Keypair;
import io.tradingbreaker.sample.solana.SignedTransaction;
import java.util.Base64;

/** The swaps that Jupiter makes of its quotes, signed. Thread-safe. */
final class LiveTransactions implements Transactions {

    private final Keypair key;
    private final SwapService swaps;

    LiveTransactions(Keypair key, SwapService swaps) {
        this.key = key;
        this.swaps = swaps;
    }

    @Override
    public Prepared swap(String orderId, Quote quote) {
        SwapService.Swap swap = swaps.swap(quote, key.address());
        try {
            return new Prepared(
                    SignedTransaction.sign(key, Base64.getDecoder().decode(swap.base64())),
                    swap.lastValidBlockHeight());
        } catch (IllegalArgumentException e) {
            throw new NodeException("the swap is not one to be signed: " + e.getMessage());
        }
    }

    @Override
    public Prepared place(String orderId, Side side) {
        throw new UnsupportedOrderException("live orders do not rest: the limit is not reached");
    }

    @Override
    public Prepared cancel(String orderId) {
        throw new UnsupportedOrderException("live orders do not rest: there is nothing to cancel");
    }
}

package io.tradingbreaker.sample.node;

import io.tradingbreaker.Intent;
import io.tradingbreaker.sample.solana.Token;
import io.tradingbreaker.spring.aop.LatencyGuarded;

/** Quotes. Guarded according to what the trade does to the risk on the books. */
@LatencyGuarded("node")
public interface QuoteService {

    /** What buying so many smallest units costs; refused while trading is paused. */
    Quote toBuy(Token token, long units);

    /** What selling so many smallest units brings. */
    @LatencyGuarded(value = "node", intent = Intent.REDUCE)
    Quote toSell(Token token, long units);
}

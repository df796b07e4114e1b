package io.tradingbreaker.sample.jupiter;

import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.solana.Token;

/** Quotes. Each may throw {@link TradingPausedException} or {@link NodeException}; asking again does no harm. */
public interface QuoteService {

    /** What buying so many smallest units costs; refused while every endpoint pauses. */
    Quote toBuy(Token token, long units);

    /** What selling so many smallest units brings; never refused. */
    Quote toSell(Token token, long units);
}

package io.tradingbreaker.sample.jupiter;

/** Which way an order goes. Selling is only for what is held: it reduces risk. */
public enum Side {
    BUY,
    SELL
}

package io.tradingbreaker;

/** What a trading call does to the risk on the books; in ascending order of risk. */
public enum Intent {
    /** Reads only. */
    QUERY,
    /** Cancels a resting order. */
    CANCEL,
    /** Reduces a position. */
    REDUCE,
    /** Opens or adds risk: refused while trading is paused. */
    OPEN_RISK
}

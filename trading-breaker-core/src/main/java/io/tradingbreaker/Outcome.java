package io.tradingbreaker;

/** How a permitted call ended. */
public enum Outcome {
    SUCCESS,
    FAILURE,
    /** Says nothing about the node's health: a caller's mistake, a cancellation. */
    IGNORED
}

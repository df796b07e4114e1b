package io.tradingbreaker;

/** How a permitted call ended. */
public enum Outcome {
    SUCCESS,
    FAILURE,
    /** Says nothing about the node's health, but its latency does: a caller's mistake, a cancellation. */
    IGNORED,
    /**
     * Says nothing at all: a rate limit's refusal. Counted as ignored, and however long it took, its latency is no
     * sample; only what the stall check had said while nobody knew stays.
     */
    DISCARDED
}

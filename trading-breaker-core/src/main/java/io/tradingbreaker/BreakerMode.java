package io.tradingbreaker;

/** Whether a breaker refuses calls or only says that it would. */
public enum BreakerMode {
    /** Refuses what its state refuses. */
    ENFORCE,
    /** Runs its whole state machine and refuses nothing but what a halt refuses. */
    OBSERVE
}

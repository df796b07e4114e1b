package io.tradingbreaker;

/** A window as read at one moment. */
final class Latencies {

    /** Each sample's latency, oldest first; a stalled call's is its age so far. */
    final long[] nanos;

    /** The index of the first sample. */
    final long first;

    /** How many are over the threshold. */
    final int over;

    /** How many of them may be. */
    final int allowed;

    Latencies(long[] nanos, long first, int over, int allowed) {
        this.nanos = nanos;
        this.first = first;
        this.over = over;
        this.allowed = allowed;
    }
}

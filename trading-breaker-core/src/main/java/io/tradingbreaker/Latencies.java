package io.tradingbreaker;

/** A window as read at one moment. */
final class Latencies {

    /** Each sample's latency, oldest first; a stalled call's is its age so far. */
    final long[] nanos;

    /** The index of the first sample. */
    final long first;

    /** How many are over the threshold. */
    final int over;

    Latencies(long[] nanos, long first, int over) {
        this.nanos = nanos;
        this.first = first;
        this.over = over;
    }
}

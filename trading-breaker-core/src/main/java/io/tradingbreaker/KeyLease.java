package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A keyed breaker's hold on its key, from its making until it is evicted. Whoever does something to the breaker that must
 * not get lost pins it meanwhile. Thread-safe; the fields belong to the sweep.
 */
final class KeyLease {

    private static final int ENDED = -1;

    final BreakersByKey keys;
    final String key;

    /** What the sweep has seen last of the breaker's calls, and when it was last something new. */
    long use;

    long usedNanos;

    private volatile boolean isSet;
    // Pinned once by whoever makes the breaker, until everybody has been told of it.
    private final AtomicInteger pins = new AtomicInteger(1);

    /**
     * A new lease, pinned.
     *
     * @param key what is kept of the key
     */
    KeyLease(BreakersByKey keys, String key, long now) {
        this.keys = keys;
        this.key = key;
        usedNanos = now;
    }

    /** Keeps the breaker from being evicted. False if it has been. */
    boolean pin() {
        for (; ; ) {
            int now = pins.get();
            if (now == ENDED) {
                return false;
            }
            if (pins.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** An operator has said something of this breaker's limits or mode. To be called while it is pinned. */
    void set() {
        isSet = true;
    }

    boolean isSet() {
        return isSet;
    }

    void unpin() {
        pins.decrementAndGet();
    }

    /** Ends the lease unless it is pinned. */
    boolean end() {
        return pins.compareAndSet(0, ENDED);
    }

    /** It was not to end after all. For whoever has ended it. */
    void renew() {
        pins.set(0);
    }

    boolean hasEnded() {
        return pins.get() == ENDED;
    }
}

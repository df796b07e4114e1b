package io.tradingbreaker.sample.node;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits that double up to a limit, each cut by up to a half at random, so that clients do not come back together. */
final class Backoff {

    private final long base;
    private final long most;
    private volatile long next;

    Backoff(Duration base, Duration most) {
        this.base = base.toNanos();
        this.most = most.toNanos();
        next = this.base;
    }

    /** For one thread. */
    Duration next() {
        long wait = next;
        next = Math.min(most, 2 * wait);
        return Duration.ofNanos(wait - ThreadLocalRandom.current().nextLong(wait / 2 + 1));
    }

    /** It has gone well: the next wait is the shortest. For any thread. */
    void reset() {
        next = base;
    }
}

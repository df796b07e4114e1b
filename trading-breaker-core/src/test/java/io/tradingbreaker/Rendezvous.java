package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Where two threads meet, again and again. They spin, as a barrier takes longer to wake a thread than a race takes. */
final class Rendezvous {

    private final AtomicInteger arrivals = new AtomicInteger();

    void meet() throws InterruptedException {
        int all = (arrivals.getAndIncrement() / 2 + 1) * 2;
        for (int spins = 0; arrivals.get() < all; spins++) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (spins < 2_000) {
                Thread.onSpinWait();
            } else {
                // The other may be waiting for this processor.
                LockSupport.parkNanos(1);
            }
        }
    }
}

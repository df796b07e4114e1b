package io.tradingbreaker.sample.replay;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.Transition;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Measures, by the monotonic clock, when the breaker {@code node} is anything but CLOSED. Thread-safe. */
@Component
final class PauseMeter implements StateChangeListener {

    private final BreakerClock clock;
    private boolean paused;
    private long sinceNanos;
    private @Nullable PausedRows rows;

    PauseMeter(ObjectProvider<BreakerClock> clock) {
        this.clock = clock.getIfAvailable(BreakerClock::system);
    }

    @Override
    public void onStateChange(Transition transition) {
        if (transition.breaker().equals("node")) {
            moved(transition.to() != BreakerState.CLOSED);
        }
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    /** Measures into {@code next} from now on. */
    synchronized void start(PausedRows next, boolean isPaused) {
        rows = next;
        paused = isPaused;
        sinceNanos = clock.nanoTime();
    }

    /** The share of each row up to now. */
    synchronized double[] shares(PausedRows of) {
        if (of == rows) {
            moved(paused);
        }
        return of.shares();
    }

    private synchronized void moved(boolean isPaused) {
        long now = clock.nanoTime();
        if (paused && rows != null) {
            rows.add(sinceNanos, now);
        }
        paused = isPaused;
        sinceNanos = now;
    }
}

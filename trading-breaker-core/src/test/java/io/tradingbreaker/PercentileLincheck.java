package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.datastructures.Operation;

/** The percentile's rule against samples that enter while it judges: one trips only if it would in some order of them. */
public abstract class PercentileLincheck extends Lincheck {

    private static final long SLOW = StillBreaker.SMALL.p99Threshold().toNanos() + 1;

    private final Phase phase;
    private final AtomicBoolean isOpen = new AtomicBoolean();

    /**
     * @param percentile of a window of 16
     * @param over samples over the threshold to begin with, then {@code fast} others
     */
    PercentileLincheck(double percentile, int over, int fast) {
        BreakerConfig config =
                StillBreaker.SMALL.with(c -> c.percentile(percentile).minimumSamples(1));
        phase = new StillBreaker(config).machine.phase();
        for (int i = 0; i < over + fast; i++) {
            phase.window().enter(i < over ? SLOW : 1, false, 0);
        }
    }

    @Operation
    public void fast() {
        phase.window().enter(1, false, 0);
    }

    /** Returns whether it trips, which one sample can do. */
    @Operation
    public boolean over() {
        Window window = phase.window();
        window.enter(SLOW, false, 0);
        return window.rules.percentile(window, 0) != null && isOpen.compareAndSet(false, true);
    }
}

package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * As {@link TripRulesLincheckTests}, for a full window of 16 that may have one sample over, where one of 15 may have none.
 * Guards against a sample that is still to be written and already holds the place of another: the window is no smaller.
 */
public class FullWindowLincheckTests extends Lincheck {

    private static final BreakerConfig CONFIG =
            StillBreaker.SMALL.with(c -> c.percentile(93.75).minimumSamples(1));

    private final Phase phase = new StillBreaker(CONFIG).machine.phase();
    private final TripRules rules = new TripRules(CONFIG);
    private final AtomicBoolean isOpen = new AtomicBoolean();

    public FullWindowLincheckTests() {
        for (int i = 0; i < CONFIG.windowSize(); i++) {
            phase.window().enter(1, 0, 0);
        }
    }

    @Operation
    public void fast() {
        phase.window().enter(1, 0, 0);
    }

    /** Returns whether it trips, which one sample can do. */
    @Operation
    public boolean over() {
        phase.window().enter(1, Window.OVER, 0);
        return rules.percentile(phase, 0) != null && isOpen.compareAndSet(false, true);
    }
}

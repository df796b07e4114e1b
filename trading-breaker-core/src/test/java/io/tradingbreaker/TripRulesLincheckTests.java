package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * The percentile's rule against samples that enter while it judges. Guards against a count and a limit of two windows:
 * a sample trips only if it would in some order of the samples. Half of a window may be over.
 */
public class TripRulesLincheckTests extends Lincheck {

    private static final BreakerConfig CONFIG =
            StillBreaker.SMALL.with(c -> c.percentile(50).minimumSamples(1));

    private final Phase phase = new StillBreaker(CONFIG).machine.phase();
    private final TripRules rules = new TripRules(CONFIG);
    private final AtomicBoolean isOpen = new AtomicBoolean();

    public TripRulesLincheckTests() {
        // One over and three fast.
        for (int i = 0; i < 4; i++) {
            phase.window().enter(1, i == 0 ? Window.OVER : 0, 0);
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

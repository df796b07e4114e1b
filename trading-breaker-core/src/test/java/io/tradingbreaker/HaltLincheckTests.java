package io.tradingbreaker;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * A halt of the outer of two levels; the inner one is in observe mode and refuses nothing by itself. Guards the caller
 * who reads the phase, is overtaken by the halt, and must not let the next caller in: whoever asks after {@code halt}
 * returned is refused, in either mode, through either level.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class HaltLincheckTests extends Lincheck {

    private static final BreakerConfig INNER = StillBreaker.SMALL.with(c -> c.mode(BreakerMode.OBSERVE));

    private final StillBreaker still = new StillBreaker(StillBreaker.SMALL);
    private final StillBreaker inner = new StillBreaker(still, INNER);

    @Operation
    public boolean operate(@Param(gen = IntGen.class, conf = "0:3") int action) {
        return still.operate(StillBreaker.ACTIONS.get(action));
    }

    @Operation
    public boolean acquireInner(@Param(name = "thread") int thread) {
        return inner.acquire(thread);
    }

    @Operation
    public boolean endInner(@Param(name = "thread") int thread) {
        return inner.end(thread, Permit::success);
    }

    @Operation
    public boolean acquire(@Param(name = "thread") int thread) {
        return still.acquire(thread);
    }
}

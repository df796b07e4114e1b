package io.tradingbreaker;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * CLOSED, under failures and operators. Guards the completion that looks whether its phase is still on, is overtaken by
 * a transition or a reset, and must then neither trip the next phase nor lengthen its run of failures; and two who
 * leave one phase at once, of whom one wins.
 *
 * <p>Successes are left out: a success that meets the failure that trips may come before or after it, and who has seen its
 * end may still be admitted until that failure's call returns. Only the decision is exact, not the moment.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class ClosedLincheckTests extends Lincheck {

    private final StillBreaker still = new StillBreaker(StillBreaker.SMALL);

    @Operation
    public boolean operate(@Param(gen = IntGen.class, conf = "0:3") int action) {
        return still.operate(StillBreaker.ACTIONS.get(action));
    }

    @Operation
    public boolean acquire(@Param(name = "thread") int thread) {
        return still.acquire(thread);
    }

    @Operation
    public boolean failure(@Param(name = "thread") int thread) {
        return still.end(thread, Permit::failure);
    }

    @Operation
    public BreakerState state() {
        return still.breaker.state();
    }
}

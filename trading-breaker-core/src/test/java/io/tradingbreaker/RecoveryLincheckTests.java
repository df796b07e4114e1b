package io.tradingbreaker;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * OPEN, with the timer of the attempt at recovery. Guards the timer that fires while an operator leads away from the phase
 * that set it: it must not end a later OPEN, let a trial through, or leave HALTED.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class RecoveryLincheckTests extends Lincheck {

    private static final BreakerConfig CONFIG =
            StillBreaker.SMALL.with(c -> c.halfOpenRequests(1).halfOpenSuccesses(1));

    private final StillBreaker still = new StillBreaker(CONFIG);
    private final Runnable firstAttempt;

    public RecoveryLincheckTests() {
        still.breaker.trip("test", null);
        firstAttempt = still.timer();
    }

    @Operation
    public boolean operate(@Param(gen = IntGen.class, conf = "0:3") int action) {
        return still.operate(StillBreaker.ACTIONS.get(action));
    }

    @Operation
    public void firstAttempt() {
        firstAttempt.run();
    }

    @Operation
    public boolean acquire(@Param(name = "thread") int thread) {
        return still.acquire(thread);
    }

    @Operation
    public boolean success(@Param(name = "thread") int thread) {
        return still.end(thread, Permit::success);
    }
}

package io.tradingbreaker;

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
    public boolean acquire(@Param(name = "thread") int thread) {
        return still.acquire(thread);
    }

    @Operation
    public boolean failure(@Param(name = "thread") int thread) {
        return still.end(thread, Permit::failure);
    }

    @Operation
    public boolean ignored(@Param(name = "thread") int thread) {
        return still.end(thread, Permit::ignored);
    }

    @Operation
    public boolean trip() {
        return StillBreaker.done(() -> still.breaker.trip("test", null));
    }

    @Operation
    public boolean halt() {
        return StillBreaker.done(() -> still.breaker.halt("test", null));
    }

    @Operation
    public boolean resume() {
        return StillBreaker.done(() -> still.breaker.resume("test", null));
    }

    @Operation
    public boolean reset() {
        return StillBreaker.done(() -> still.breaker.reset("test", null));
    }

    @Operation
    public BreakerState state() {
        return still.breaker.state();
    }
}

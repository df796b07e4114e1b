package io.tradingbreaker;

import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * A sample that trips by itself, against two windows full of others. Guards the thread that is held up before its sample is
 * written, or before it is judged, until all others have displaced it.
 */
public class OvertakenLincheckTests extends Lincheck {

    private static final int SIZE = 16;

    private final StillBreaker still = new StillBreaker(StillBreaker.SMALL.with(
            c -> c.percentile(99).errorRateThreshold(0.06).failureThreshold(0)));
    private final Phase closed = still.machine.phase();

    @Operation
    public void others() {
        for (int i = 0; i < 2 * SIZE; i++) {
            closed.succeededFast(Phase.Kind.DECIDING, 1, 0);
        }
    }

    /** Returns whether the breaker has tripped by the end of it. */
    @Operation
    public boolean bad(@Param(gen = BooleanGen.class) boolean isFailure) {
        long latency = isFailure ? 1 : still.machine.tuning().overNanos + 1;
        Outcome outcome = isFailure ? Outcome.FAILURE : Outcome.SUCCESS;
        closed.ended(
                new Phase.Call(Phase.Kind.DECIDING, outcome, latency, !isFailure, !isFailure, false, Window.NONE, 0));
        return still.breaker.state() == BreakerState.OPEN;
    }
}

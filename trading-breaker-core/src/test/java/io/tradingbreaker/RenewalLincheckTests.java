package io.tradingbreaker;

import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * The end of {@code half-open-timeout} against a trial that fails. Guards the time-out that has seen no failed trial, is
 * overtaken by one, and must not renew the slots as if there were none.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class RenewalLincheckTests extends Lincheck {

    private static final BreakerConfig CONFIG =
            StillBreaker.SMALL.with(c -> c.halfOpenRequests(2).halfOpenSuccesses(1));

    private final StillBreaker still = new StillBreaker(CONFIG);
    private final Runnable halfOpenTimeout;
    private final Permit trial;

    public RenewalLincheckTests() {
        still.breaker.trip("test", null);
        still.timer().run();
        halfOpenTimeout = still.timer();
        trial = still.breaker.acquire(Intent.OPEN_RISK);
    }

    @Operation(runOnce = true)
    public void halfOpenTimeout() {
        halfOpenTimeout.run();
    }

    @Operation(runOnce = true)
    public void failure() {
        trial.failure();
    }

    @Operation
    public boolean acquire(@Param(name = "thread") int thread) {
        return still.acquire(thread);
    }
}

package io.tradingbreaker;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/**
 * HALF_OPEN with two trials, one success to close. Guards two callers who both see the last slot free; the trial that is
 * returned or decided while another is admitted; the trial that ends while {@code half-open-timeout} renews the slots;
 * and the success and the failure that both decide.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class TrialsLincheckTests extends Lincheck {

    private static final BreakerConfig CONFIG =
            StillBreaker.SMALL.with(c -> c.halfOpenRequests(2).halfOpenSuccesses(1));

    private final StillBreaker still = new StillBreaker(CONFIG);
    private final Runnable halfOpenTimeout;

    public TrialsLincheckTests() {
        still.breaker.trip("test", null);
        still.timer().run();
        halfOpenTimeout = still.timer();
    }

    @Operation
    public void halfOpenTimeout() {
        halfOpenTimeout.run();
    }

    @Operation
    public boolean acquire(@Param(name = "thread") int thread) {
        return still.acquire(thread);
    }

    @Operation
    public boolean end(@Param(name = "thread") int thread, @Param(gen = IntGen.class, conf = "0:2") int outcome) {
        return still.end(
                thread,
                switch (outcome) {
                    case 0 -> Permit::success;
                    case 1 -> Permit::failure;
                    default -> Permit::ignored;
                });
    }

    @Operation
    public BreakerState state() {
        return still.breaker.state();
    }
}

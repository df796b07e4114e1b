package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * Ends of calls against the stall check and against each other. Guards the call that ends while the check works on
 * its slot or gives it up, the slot that has its next call by then, and the permit that is completed twice at once: each
 * call is counted once, gives one sample, and leaves a free slot.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class StallLincheckTests extends Lincheck {

    private static final BreakerConfig CONFIG =
            StillBreaker.SMALL.with(c -> c.failureThreshold(0).windowSize(100).minimumSamples(100));

    private final StillBreaker still = new StillBreaker(CONFIG);
    private final Permit shared = still.breaker.acquire(Intent.OPEN_RISK);
    private final AtomicInteger admitted = new AtomicInteger(1);
    private final AtomicInteger ended = new AtomicInteger();

    @Operation
    public void acquire(@Param(name = "thread") int thread) {
        still.acquire(thread);
        admitted.incrementAndGet();
    }

    @Operation
    public boolean success(@Param(name = "thread") int thread) {
        boolean isEnd = still.end(thread, Permit::success);
        if (isEnd) {
            ended.incrementAndGet();
        }
        return isEnd;
    }

    @Operation
    public void sharedSuccess() {
        shared.success();
    }

    @Operation
    public void sharedFailure() {
        shared.failure();
    }

    @Operation(nonParallelGroup = "stall check")
    public void check(@Param(gen = BooleanGen.class) boolean isLost) {
        still.checkStalled(isLost ? 3_600_000 : 300);
    }

    @Validate
    public void everyCallIsCountedOnce() {
        shared.success();
        long allEnded = 1L + ended.get() + still.endAll(Permit::success);
        BreakerCounters c = still.breaker.counters();
        long counted = c.successful() + c.failed();
        same("in flight", c.inFlight(), 0L);
        same("counted and abandoned", counted + c.abandoned(), (long) admitted.get());
        // A completion of a call that was given up counts as stale and as nothing else.
        same("counted and late", counted + c.stale(), allEnded);
        same("samples", still.machine.phase().window().trim(0), admitted.get());
    }
}

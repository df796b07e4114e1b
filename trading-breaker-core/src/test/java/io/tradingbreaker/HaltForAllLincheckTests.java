package io.tradingbreaker;

import org.jetbrains.lincheck.datastructures.Operation;

/**
 * A halt for all while a breaker is made. Guards the breaker that is made before the halt and found after it: it must
 * be halted by one of the two. Making breakers and operating all of them takes a lock; admission does not.
 */
public class HaltForAllLincheckTests extends Lincheck {

    private final StillBreaker still = new StillBreaker(StillBreaker.SMALL);
    private final AllBreakers all = new AllBreakers();

    @Operation(runOnce = true)
    public void make() {
        all.add(still.breaker);
    }

    @Operation
    public String acquire() {
        TradingBreaker made = all.find("trading");
        return made == null ? "not made" : made.tryAcquire(Intent.OPEN_RISK) == null ? "refused" : "admitted";
    }

    @Operation
    public void halt() {
        all.halt("test", null);
    }

    @Operation
    public void reset() {
        all.reset("test", null);
    }

    @Override
    boolean isLockFree() {
        return false;
    }
}

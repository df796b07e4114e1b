package io.tradingbreaker.spring.aop;

import io.tradingbreaker.CallObserver;
import io.tradingbreaker.Intent;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingBreaker;
import org.jspecify.annotations.Nullable;

/** Where calls of one kind enter a breaker. Thread-safe. */
@FunctionalInterface
public interface Entrance {

    /**
     * Lets a call in.
     *
     * @param within the call that it is made inside
     * @param origin where it comes from, for observers
     * @throws io.tradingbreaker.TradingPausedException if it is refused
     */
    Entered enter(@Nullable Permit within, CallObserver.Origin origin);

    /** Asks the breaker, and nothing else. */
    static Entrance to(TradingBreaker breaker, Intent intent) {
        return (within, origin) -> new Entered(breaker.acquire(intent, within, origin), () -> {});
    }

    /**
     * A call that was let in.
     *
     * @param permit to be completed with the call's outcome
     * @param ended to be run when the call has ended, whichever way; more than once does no harm
     */
    record Entered(Permit permit, Runnable ended) {}
}

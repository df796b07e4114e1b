package io.tradingbreaker.spring.grpc;

import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;

/** How one call is guarded. */
interface CallGuard {

    TradingBreaker breaker();

    Intent intent();

    CodeOutcomes statuses();

    /** By one breaker, whatever the call is. */
    record Always(TradingBreaker breaker, Intent intent, CodeOutcomes statuses) implements CallGuard {}
}

package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Http;

/** Matches where HTTP requests are to be guarded. */
final class OnHttpGuardsCondition extends OnGuardsCondition<Http> {

    OnHttpGuardsCondition() {
        super("HTTP", "trading-breaker.http", Http.class, http -> !http.guards().isEmpty());
    }
}

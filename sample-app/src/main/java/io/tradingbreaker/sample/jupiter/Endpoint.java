package io.tradingbreaker.sample.jupiter;

import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.sample.node.HttpClients;
import io.tradingbreaker.sample.node.NodeException;
import java.util.function.Function;
import org.springframework.web.client.RestClient;

/** One address of the quote service, with the breaker that guards it. */
record Endpoint(TradingBreaker breaker, RestClient http) {

    /**
     * Makes one guarded call.
     *
     * @throws TradingPausedException if the breaker, or the venue's above it, refused it
     * @throws NodeException if the endpoint did not do what it was asked
     */
    <T> T call(Intent intent, Function<RestClient, T> request) {
        try {
            return breaker.call(intent, () -> HttpClients.call(breaker.name(), () -> request.apply(http)));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("an HTTP call throws no checked exception", e);
        }
    }

    /**
     * The order in which endpoints are asked. A half-open one comes first, and lets only its trial calls through: asked
     * last it would never see one. Those that pause come last, for calls that pass while they do.
     */
    int rank() {
        return switch (breaker.state()) {
            case HALF_OPEN -> 0;
            case CLOSED -> 1;
            case OPEN -> 2;
            case HALTED -> 3;
        };
    }
}

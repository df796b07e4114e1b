package io.tradingbreaker.compatibility;

import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Service;

/** Guarded methods of each kind. */
@Service
public class TradingDesk {

    private final Venue venue;

    public TradingDesk(Venue venue) {
        this.venue = venue;
    }

    @LatencyGuarded("node")
    public String buy(String symbol) {
        return venue.send("buy " + symbol).join();
    }

    @LatencyGuarded("node")
    public CompletionStage<String> buyLater(String symbol) {
        return venue.send("buy " + symbol);
    }

    @LatencyGuarded(value = "node", intent = Intent.CANCEL)
    public String cancel(String symbol) {
        return venue.send("cancel " + symbol).join();
    }

    @LatencyGuarded(value = "node", fallback = "lastQuote")
    public String quote(String symbol) {
        return venue.send("quote " + symbol).join();
    }

    public String lastQuote(String symbol, TradingPausedException refusal) {
        return "last quote of " + symbol + " while " + refusal.state();
    }
}

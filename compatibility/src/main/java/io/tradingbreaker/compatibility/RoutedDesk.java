package io.tradingbreaker.compatibility;

import io.tradingbreaker.spring.aop.LatencyGuarded;
import org.springframework.stereotype.Service;

/** A guarded method with a key. */
@Service
public class RoutedDesk {

    private final Venue venue;

    public RoutedDesk(Venue venue) {
        this.venue = venue;
    }

    @LatencyGuarded(value = "node", key = "#endpoint.host")
    public String buy(Endpoint endpoint, String symbol) {
        return venue.send("buy " + symbol).join();
    }

    /** Where an order goes; its host is the key. */
    public record Endpoint(String host) {}
}

package io.tradingbreaker.compatibility;

import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

/** Where orders go. */
@Component
public class Venue {

    /** Sends an order; fails with what the venue says. */
    public CompletableFuture<String> send(String order) {
        return CompletableFuture.completedFuture("filled " + order);
    }
}

package io.tradingbreaker.company;

import io.github.resilience4j.circuitbreaker.annotation.CircuitBreaker;
import io.github.resilience4j.retry.annotation.Retry;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import java.util.concurrent.CompletableFuture;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.transaction.annotation.Transactional;

/** Guarded methods, each with one more annotation. */
class Orders {

    private final Venue venue;
    private final JdbcTemplate jdbc;

    Orders(Venue venue, JdbcTemplate jdbc) {
        this.venue = venue;
        this.jdbc = jdbc;
    }

    @LatencyGuarded("node")
    public String plain() {
        return venue.ask();
    }

    @LatencyGuarded("node")
    @Transactional
    public String booked() {
        jdbc.update("insert into fills default values");
        return venue.ask();
    }

    @LatencyGuarded("node")
    @Async
    public CompletableFuture<String> later() {
        return CompletableFuture.completedFuture(venue.ask());
    }

    @LatencyGuarded(value = "node", fallback = "thread")
    @Async
    public CompletableFuture<String> laterOrThread() {
        return CompletableFuture.completedFuture(venue.ask());
    }

    CompletableFuture<String> thread() {
        return CompletableFuture.completedFuture(Thread.currentThread().getName());
    }

    @LatencyGuarded("node")
    @Async
    public void forgotten() {
        venue.ask();
    }

    @LatencyGuarded("node")
    @Retryable(delay = 1)
    public String retried() {
        return venue.ask();
    }

    @LatencyGuarded("node")
    @Retryable(delay = 1, excludes = TradingPausedException.class)
    public String retriedUnlessPaused() {
        return venue.ask();
    }

    @LatencyGuarded("node")
    @Retry(name = "node")
    public String retriedByResilience4j() {
        return venue.ask();
    }

    @LatencyGuarded("node")
    @CircuitBreaker(name = "node")
    public String broken() {
        return venue.ask();
    }

    @LatencyGuarded("node")
    @CircuitBreaker(name = "node", fallbackMethod = "instead")
    public String brokenWithFallback() {
        return venue.ask();
    }

    String instead(Exception e) {
        return "instead of " + e.getClass().getSimpleName();
    }

    @LatencyGuarded("node")
    @Cacheable("quotes")
    public String quote(String symbol) {
        return symbol + " " + venue.ask();
    }

    @LatencyGuarded(value = "node", fallback = "stale")
    @Cacheable("quotes")
    public String quoteOrStale(String symbol) {
        return symbol + " " + venue.ask();
    }

    String stale(String symbol) {
        return symbol + " stale";
    }

    @Async
    @Retryable
    @Retry(name = "node")
    @Cacheable("quotes")
    @LatencyGuarded("node")
    @CircuitBreaker(name = "node")
    @Transactional
    public CompletableFuture<String> everything() {
        return CompletableFuture.completedFuture(venue.ask());
    }
}

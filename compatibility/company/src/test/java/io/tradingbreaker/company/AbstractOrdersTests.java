package io.tradingbreaker.company;

import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.tradingbreaker.BreakerCounters;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.cache.CacheManager;
import org.springframework.cloud.client.circuitbreaker.CircuitBreakerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the tests of each configuration share; every test begins with CLOSED breakers and an empty cache. */
abstract class AbstractOrdersTests {

    @Autowired
    ManualScheduler time;

    @Autowired
    BreakerRegistry breakers;

    @Autowired
    CircuitBreakerRegistry resilience4j;

    @Autowired
    CircuitBreakerFactory<?, ?> springCloud;

    @Autowired
    CacheManager caches;

    @Autowired
    JdbcTemplate jdbc;

    @Autowired
    Floor.Transactions transactions;

    @Autowired
    Floor.Uncaught uncaught;

    @Autowired
    Venue venue;

    @Autowired
    Orders orders;

    private BreakerCounters before;

    @BeforeEach
    void calm() {
        breakers.reset("test", null);
        resilience4j.getAllCircuitBreakers().forEach(CircuitBreaker::reset);
        caches.getCacheNames().forEach(name -> caches.getCache(name).clear());
        jdbc.update("delete from fills");
        transactions.begun.set(0);
        transactions.onCommit(() -> {});
        uncaught.errors.clear();
        venue.entered.set(0);
        venue.answers(() -> "done");
        before = node().counters();
    }

    TradingBreaker node() {
        return breakers.breaker("node");
    }

    void pause() {
        node().trip("test", null);
    }

    long permitted() {
        return node().counters().permitted() - before.permitted();
    }

    long rejected() {
        return node().counters().rejected() - before.rejected();
    }

    long successful() {
        return node().counters().successful() - before.successful();
    }

    long failed() {
        return node().counters().failed() - before.failed();
    }

    long ignored() {
        return node().counters().ignored() - before.ignored();
    }

    long slow() {
        return node().counters().slow() - before.slow();
    }

    void passes(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    /** The venue fails once, then answers; either takes 150 ms of virtual time. */
    void venueFailsOnce() {
        venue.answers(() -> {
            passes(150);
            if (venue.entered.get() == 1) {
                throw new IllegalStateException("busy");
            }
            return "done";
        });
    }

    int fills() {
        return jdbc.queryForObject("select count(*) from fills", Integer.class);
    }

    CircuitBreaker.Metrics resilience4j(String name) {
        return resilience4j.circuitBreaker(name).getMetrics();
    }

    /** What a call through Spring Cloud's breaker around ours ended with. */
    Throwable throughSpringCloud() {
        return catchThrowable(() -> springCloud.create("cloud").run(orders::plain));
    }
}

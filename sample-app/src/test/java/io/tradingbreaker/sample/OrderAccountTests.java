package io.tradingbreaker.sample;

import static io.tradingbreaker.BreakerState.CLOSED;
import static io.tradingbreaker.BreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.util.TestSocketUtils;
import tools.jackson.databind.JsonNode;

/**
 * Ten thousand orders, or as many as {@code -Dorders} says, while endpoints freeze and thaw: each is accounted for, and
 * none is executed twice.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "simulator.latency-millis=2",
            "simulator.valid-slots=10", // a transaction of unknown fate is settled within 4 s
            "solana.read-timeout=250ms", // less than a spike's 300 ms: executed, and the answer comes too late
            "trader.enabled=false",
            "trading-breaker.defaults.local-pause-limit=0",
            "trader.cash=1000000000",
            "trader.resting-interval=100ms",
            "trading-breaker.defaults.recovery-timeout=300ms",
            "trading-breaker.defaults.half-open-timeout=500ms",
            "trading-breaker.defaults.recovery.base-delay=100ms",
            "trading-breaker.defaults.recovery.max-delay=200ms",
        })
class OrderAccountTests {

    private static final Logger log = LoggerFactory.getLogger(OrderAccountTests.class);
    private static final int ORDERS = Integer.getInteger("orders", 10_000);
    private static final int BUYERS = 12;
    private static final String BUY = ServiceClient.BUY.replace("0.5", "0.001");

    private final AtomicInteger placed = new AtomicInteger();
    private final Map<Integer, AtomicInteger> byStatus = new ConcurrentHashMap<>();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

    @Autowired
    BreakerRegistry breakers;

    @DynamicPropertySource
    static void simulator(DynamicPropertyRegistry properties) {
        int port = TestSocketUtils.findAvailableTcpPort();
        properties.add("simulator.port", () -> port);
    }

    private ServiceClient service;

    @BeforeAll
    static void patience() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES) // where cores are shared
    void endpointsFreezeAndThaw_everyOrderIsAccountedForAndNoneIsDoubled(@Value("${local.server.port}") int port)
            throws Exception {
        service = new ServiceClient(port);
        ExecutorService buyers = Executors.newFixedThreadPool(BUYERS);
        long began = System.nanoTime();
        for (int i = 0; i < BUYERS; i++) {
            buyers.execute(this::buy);
        }
        buyers.shutdown();

        int freezes = 0;
        while (!buyers.isTerminated()) {
            switch (freezes++ % 4) {
                case 0 -> disturb("freeze", "quotes-a");
                case 1 -> disturb("freeze", "quotes-a", "quotes-b");
                case 2 -> disturb("freeze", "node");
                default -> disturb("spike", "node");
            }
        }
        assertThat(buyers.awaitTermination(1, TimeUnit.SECONDS)).isTrue();
        long seconds = (System.nanoTime() - began) / 1_000_000_000;
        await().until(this::isEveryOrderSettled);

        JsonNode simulator = service.get("/simulator/scenario");
        JsonNode portfolio = service.get("/portfolio");
        int filled = portfolio.path("fills").asInt();
        log.info("{} orders in {} s, by status {}, filled {}, freezes {}", ORDERS, seconds, byStatus, filled, freezes);
        assertThat(failures).isEmpty();
        assertThat(byStatus.keySet()).isSubsetOf(201, 202, 502, 503, 504);
        assertThat(byStatus.values().stream().mapToInt(AtomicInteger::get).sum())
                .isEqualTo(ORDERS);
        assertThat(filled).isBetween(count(201), count(201) + count(202)).isGreaterThan(ORDERS / 2);
        assertThat(simulator.path("transactions").asInt()).isEqualTo(filled);
        assertThat(simulator.path("duplicates").asInt()).isZero();
        assertThat(portfolio.path("reconciles").asBoolean()).isTrue();
        assertThat(portfolio.path("reservedCash").asInt()).isZero();
    }

    private void buy() {
        try {
            while (placed.getAndIncrement() < ORDERS) {
                HttpResponse<String> response = service.post("/orders", BUY);
                byStatus.computeIfAbsent(response.statusCode(), status -> new AtomicInteger())
                        .incrementAndGet();
                if (response.statusCode() == 503) {
                    // Not before 20 ms, and not while it is sure to be refused again: else a machine that fills orders
                    // slowly sees most of them refused.
                    await().pollInterval(Duration.ofMillis(20)).until(this::mayBeFilled);
                }
            }
        } catch (Exception e) {
            failures.add(e);
        }
    }

    private boolean mayBeFilled() {
        return isNotOpen("node") && isNotOpen("venue") && (isNotOpen("quotes-a") || isNotOpen("quotes-b"));
    }

    private boolean isNotOpen(String breaker) {
        return breakers.breaker(breaker).state() != OPEN;
    }

    /** Lets some orders pass, then disturbs endpoints until their breakers open. */
    private void disturb(String scenario, String... endpoints) throws Exception {
        awaitOrders(300);
        for (String endpoint : endpoints) {
            service.play(scenario, endpoint);
        }
        for (String endpoint : endpoints) {
            await().until(() -> breakers.breaker(endpoint).state() != CLOSED || placed.get() >= ORDERS);
        }
        for (String endpoint : endpoints) {
            service.play("normal", endpoint);
        }
    }

    private void awaitOrders(int more) {
        int before = placed.get();
        await().until(() -> placed.get() >= Math.min(ORDERS, before + more));
    }

    /** The desk forgets no order before its fate is known. */
    private boolean isEveryOrderSettled() throws Exception {
        for (JsonNode order : service.get("/orders")) {
            if (!List.of("FILLED", "FAILED").contains(order.path("status").asString())) {
                return false;
            }
        }
        return true;
    }

    private int count(int status) {
        return byStatus.getOrDefault(status, new AtomicInteger()).get();
    }
}

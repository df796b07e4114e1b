package io.tradingbreaker.sample;

import static io.tradingbreaker.BreakerState.CLOSED;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.Transition;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.util.TestSocketUtils;

/** The whole service, with its bot, over real HTTP; one for all tests that extend this. Each begins with all well. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "trading-breaker.defaults.recovery-timeout=500ms",
            "trading-breaker.defaults.half-open-timeout=1s",
            "trading-breaker.defaults.recovery.base-delay=200ms",
            "trading-breaker.defaults.recovery.max-delay=500ms",
            "trading-breaker.defaults.key-idle-timeout=1s",
        })
abstract class AbstractServiceTests {

    @Autowired
    BreakerRegistry breakers;

    @DynamicPropertySource
    static void simulator(DynamicPropertyRegistry properties) {
        int port = TestSocketUtils.findAvailableTcpPort();
        properties.add("simulator.port", () -> port);
    }

    ServiceClient service;
    TradingBreaker node;

    @BeforeEach
    void calm(@Value("${local.server.port}") int port) throws Exception {
        service = new ServiceClient(port);
        node = breakers.breaker("node");
        service.play("normal");
        service.play("normal", "node-b");
        await().until(() -> service.get("/simulator/scenario").path("frozen").asInt() == 0);
        service.post("/actuator/circuitbreaker", "{\"action\":\"reset\",\"reason\":\"next test\"}");
        await().until(() -> node.state() == CLOSED && node.snapshot().window().samples() > 0);
    }

    Duration timeTo(BreakerState state, TradingBreaker breaker) {
        long began = System.nanoTime();
        await().pollInterval(Duration.ofMillis(5)).until(() -> breaker.state() == state);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    long lastSequence() {
        return node.snapshot().transitions().stream()
                .mapToLong(Transition::sequence)
                .max()
                .orElse(0);
    }

    List<BreakerState> statesSince(long sequence) {
        return node.snapshot().transitions().stream()
                .filter(transition -> transition.sequence() > sequence)
                .sorted(Comparator.comparing(Transition::sequence))
                .map(Transition::to)
                .toList();
    }

    /** Trips the node's breaker and waits for two health checks that find it unhealthy; what the last one said. */
    String tripAndAwaitUnhealthyProbes() throws Exception {
        long unhealthy = node.counters().unhealthyProbes().count();
        service.post("/actuator/circuitbreaker/node", "{\"action\":\"trip\",\"reason\":\"test\"}");
        await().until(() -> node.counters().unhealthyProbes().count() >= unhealthy + 2);
        return node.snapshot().recovery().lastProbe().details();
    }
}

package io.tradingbreaker.sample;

import static io.tradingbreaker.BreakerState.CLOSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.Transition;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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
            // What else runs on this machine must not pause anything: a stop of this JVM, or a thread that waits for a
            // core.
            "trading-breaker.defaults.local-pause-limit=0",
            "trading-breaker.breakers.node.stream-silence=0",
            "solana.read-timeout=20s",
            "jupiter.read-timeout=2s",
        })
abstract class AbstractServiceTests {

    @Autowired
    BreakerRegistry breakers;

    @DynamicPropertySource
    static void simulator(DynamicPropertyRegistry properties) {
        int port = TestSocketUtils.findAvailableTcpPort();
        properties.add("simulator.port", () -> port);
    }

    private final Map<TradingBreaker, BreakerConfig> retuned = new HashMap<>();

    ServiceClient service;
    TradingBreaker node;

    @BeforeAll
    static void patience() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

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

    @AfterEach
    void restoreLimits() {
        retuned.forEach((breaker, config) -> breaker.retune(
                limits -> limits.p99Threshold(config.p99Threshold())
                        .latencyThreshold(config.latencyThreshold())
                        .recoveryTimeout(config.recoveryTimeout()),
                "the test is over",
                null));
    }

    /** Until the test ends no call up to so long is slow for these: this machine itself may be. */
    void allow(Duration latency, TradingBreaker... all) {
        for (TradingBreaker breaker : all) {
            retuned.putIfAbsent(breaker, breaker.config());
            breaker.retune(limits -> limits.p99Threshold(latency).latencyThreshold(latency), "a slow machine", null);
        }
    }

    /** Until the test ends it does not try to recover once it is open, so that no trial calls are made. */
    void keepOpen(TradingBreaker breaker) {
        retuned.putIfAbsent(breaker, breaker.config());
        breaker.retune(limits -> limits.recoveryTimeout(Duration.ofHours(1)), "no trials", null);
    }

    /** The first transition to OPEN after that one; by now it may be over. */
    Transition awaitOpen(TradingBreaker breaker, long sequence) {
        return await().pollInterval(Duration.ofMillis(5))
                .until(
                        () -> since(breaker, sequence).stream()
                                .filter(transition -> transition.to() == BreakerState.OPEN)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    static long lastSequence(TradingBreaker breaker) {
        return breaker.snapshot().transitions().stream()
                .mapToLong(Transition::sequence)
                .max()
                .orElse(0);
    }

    static List<BreakerState> statesSince(TradingBreaker breaker, long sequence) {
        return since(breaker, sequence).stream().map(Transition::to).toList();
    }

    private static List<Transition> since(TradingBreaker breaker, long sequence) {
        return breaker.snapshot().transitions().stream()
                .filter(transition -> transition.sequence() > sequence)
                .sorted(Comparator.comparing(Transition::sequence))
                .toList();
    }

    /** Trips the node's breaker, and waits until health checks have twice found it unhealthy, for all these reasons. */
    void assertStaysOpen(String... details) throws Exception {
        // Whatever was asked before the node became unhealthy is void then.
        service.post("/actuator/circuitbreaker/node", "{\"action\":\"reset\",\"reason\":\"test\"}");
        service.post("/actuator/circuitbreaker/node", "{\"action\":\"trip\",\"reason\":\"test\"}");
        long sequence = lastSequence(node);
        long unhealthy = node.counters().unhealthyProbes().count();
        await().untilAsserted(() -> {
            assertThat(node.counters().unhealthyProbes().count()).isGreaterThanOrEqualTo(unhealthy + 2);
            assertThat(node.snapshot().recovery().lastProbe().details()).contains(details);
        });
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        assertThat(statesSince(node, sequence)).isEmpty();
    }
}

package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** What an application shows that sets nothing about it: properties, endpoint, health and meters. */
@RunningApplication
class ReadOnlyTests {

    private static final String[] VIEW = {
        "state",
        "mode",
        "since",
        "parent",
        "reason",
        "window",
        "latency",
        "calls",
        "inFlight",
        "recovery",
        "stored",
        "transitions",
        "drill",
        "hooks",
        "config"
    };

    @Autowired
    private BreakerRegistry registry;

    @Autowired
    private ManualScheduler time;

    @Value("${local.server.port}")
    private int port;

    @BeforeEach
    void closedBreakers() {
        registry.reset("next test", null);
        time.runDue();
    }

    @Test
    void properties_areBoundFromYamlAndMergedWithDefaults() {
        BreakerConfig node = registry.breaker("node").config();
        assertThat(node.p99Threshold()).isEqualTo(Duration.ofMillis(150));
        assertThat(node.latencyThreshold()).isEqualTo(Duration.ofMillis(300));
        assertThat(node.recoveryTimeout()).isEqualTo(Duration.ofSeconds(45));
        assertThat(node.pass()).containsExactlyInAnyOrder(Intent.CANCEL, Intent.QUERY);
        assertThat(node.ignoreExceptions()).singleElement().isEqualTo(IllegalArgumentException.class);

        assertThat(registry.isDeclared("venue")).isTrue();
        for (String name : List.of("node", "venue", "trading")) {
            BreakerConfig config = registry.breaker(name).config();
            assertThat(config.windowSize()).isEqualTo(500);
            assertThat(config.recovery().baseDelay()).isEqualTo(Duration.ofSeconds(2));
            assertThat(config.recovery().maxDelay()).isEqualTo(Duration.ofMinutes(5));
            assertThat(config.percentile()).isEqualTo(99);
        }
        assertThat(registry.breaker("trading").config().p99Threshold()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void endpoint_listsEveryBreaker() throws Exception {
        Answer answer = Answer.get(port, "/actuator/circuitbreaker");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.map()).containsOnlyKeys("breakers");
        assertThat(answer.map("breakers")).containsOnlyKeys("node", "trading", "venue");
        assertThat(answer.map("breakers", "venue")).containsOnlyKeys(VIEW);
    }

    @Test
    void endpoint_showsOneBreaker() throws Exception {
        registry.breaker("node").trip("maintenance", "ops");

        Answer answer = Answer.get(port, "/actuator/circuitbreaker/node");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.map())
                .containsOnlyKeys(VIEW)
                .containsEntry("state", "OPEN")
                .containsEntry("mode", "enforce")
                .containsEntry("parent", null);
        assertThat(answer.map("reason")).containsEntry("rule", "trip").containsEntry("observed", null);
        assertThat(answer.map("config"))
                .containsEntry("p99-threshold", "150ms")
                .containsEntry("window-size", 500)
                .containsEntry("error-rate-threshold", 0.0)
                .containsEntry("pass", List.of("CANCEL", "QUERY"));
    }

    @Test
    void endpoint_answersAnUnknownNameWith404() throws Exception {
        Answer answer = Answer.get(port, "/actuator/circuitbreaker/vanue");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.map()).containsOnlyKeys("error", "allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/circuitbreaker", "/actuator/circuitbreaker/node"})
    void endpoint_takesNoActions(String path) throws Exception {
        assertThat(Answer.post(port, path, "{\"action\": \"halt\"}").status()).isEqualTo(405);
        assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == BreakerState.CLOSED);
    }

    @Test
    void health_showsEveryBreakerAndStaysUp() throws Exception {
        registry.breaker("node").halt("stop", "ops");

        Answer answer = Answer.get(port, "/actuator/health");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.map()).containsEntry("status", "UP");
        assertThat(answer.map("components", "tradingBreaker")).containsEntry("status", "UP");
        Map<String, Object> details = answer.map("components", "tradingBreaker", "details");
        assertThat(details).containsOnlyKeys("node", "trading", "venue");
        assertThat(answer.map("components", "tradingBreaker", "details", "node"))
                .containsOnlyKeys("state", "mode", "since", "reason")
                .containsEntry("state", "HALTED")
                .containsEntry("mode", "enforce")
                .containsEntry(
                        "since",
                        registry.breaker("node").snapshot().since().toString());
        assertThat(answer.map("components", "tradingBreaker", "details", "node")
                        .get("reason"))
                .asString()
                .contains("stop");
    }

    @Test
    void meters_areExactlyThoseOfTheContract() throws Exception {
        Answer answer = Answer.get(port, "/actuator/prometheus");

        assertThat(answer.status()).isEqualTo(200);
        List<String> ours = answer.body()
                .lines()
                .filter(line -> line.startsWith("trading_breaker_") || line.startsWith("# TYPE trading_breaker_"))
                .map(line -> line.startsWith("#") ? line : line.substring(0, line.lastIndexOf(' ')))
                .toList();
        assertThat(ours).containsExactlyInAnyOrderElementsOf(contract(List.of("trading", "node", "venue")));
    }

    /** The meters of one breaker, as the module that makes them lists them, for each of several. */
    private static List<String> contract(List<String> breakers) throws IOException {
        String listed;
        try (InputStream file = ReadOnlyTests.class.getResourceAsStream(
                "/io/tradingbreaker/spring/micrometer/prometheus.txt")) {
            listed = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<String> lines = new ArrayList<>();
        listed.lines().forEach(line -> {
            if (line.contains("name=\"trading\"")) {
                breakers.forEach(breaker -> lines.add(line.replace("name=\"trading\"", "name=\"" + breaker + "\"")));
            } else {
                lines.add(line);
            }
        });
        return lines;
    }
}

package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.AuditEventRepository;

/** An application that lets operators act, and whose health follows its breakers. */
@RunningApplication(
        properties = {
            "management.endpoint.circuitbreaker.access=unrestricted",
            "management.endpoint.health.probes.enabled=true",
            "trading-breaker.health.affects-status=true"
        })
class OperatorTests {

    private static final String ALL = "/actuator/circuitbreaker";
    private static final String NODE = "/actuator/circuitbreaker/node";

    @Autowired
    private BreakerRegistry registry;

    @Autowired
    private ManualScheduler time;

    @Autowired
    private AuditEventRepository events;

    @Value("${local.server.port}")
    private int port;

    private TradingBreaker node;

    @BeforeEach
    void closedBreakers() {
        node = registry.breaker("node");
        registry.reset("next test", null);
        registry.breakers().forEach(breaker -> breaker.mode(BreakerMode.ENFORCE));
        time.runDue();
    }

    @Test
    void actionAlone_isEnough() throws Exception {
        Answer answer = Answer.post(port, NODE, "{\"action\": \"halt\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.map()).containsEntry("state", "HALTED");
        assertThat(node.state()).isEqualTo(BreakerState.HALTED);
        assertThat(latestTransition(answer)).containsEntry("actor", null);
    }

    @Test
    void everyParameter_isTaken() throws Exception {
        Answer answer = Answer.post(
                port,
                NODE,
                "{\"action\": \"trip\", \"reason\": \"drift\", \"actor\": \"alice\", \"name\": \"node\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(latestTransition(answer)).containsEntry("actor", "alice (unverified)");
        assertThat(latestTransition(answer).get("message")).asString().contains("drift");
    }

    @ParameterizedTest
    @CsvSource({"trip, OPEN", "halt, HALTED", "reset, CLOSED", "observe, CLOSED", "enforce, CLOSED"})
    void postWithoutAName_actsOnAll(String action, BreakerState state) throws Exception {
        Answer answer = Answer.post(port, ALL, "{\"action\": \"" + action + "\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.map("breakers")).containsOnlyKeys("node", "trading", "venue");
        assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == state);
    }

    @Test
    void actionsAndTransitions_areAudited() throws Exception {
        Answer.post(port, NODE, "{\"action\": \"halt\", \"reason\": \"stop\", \"actor\": \"alice\"}");
        Answer.post(port, NODE, "{\"action\": \"trip\"}");
        time.runDue();

        assertThat(events.find("alice (unverified)", null, null))
                .extracting(AuditEvent::getType)
                .contains("TRADING_BREAKER_ACTION", "TRADING_BREAKER_TRANSITION");
        Answer page = Answer.get(port, NODE + "/audit");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("\"result\":\"refused\"", "\"to\":\"HALTED\"");
        Answer older = Answer.get(port, NODE + "/audit?limit=1&before=2");
        assertThat(older.status()).isEqualTo(200);
        assertThat((List<?>) older.map().get("events")).hasSizeLessThanOrEqualTo(1);
        assertThat(Answer.get(port, NODE + "/audit?limit=0").status()).isEqualTo(400);
    }

    @Test
    void retune_changesLimitsAndIsAudited() throws Exception {
        Answer refused = Answer.post(port, NODE, "{\"action\": \"retune\", \"window-size\": \"many\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.map()).containsOnlyKeys("error", "allowed");
        assertThat(refused.map().get("error")).asString().contains("window-size is many, but must be a whole number");

        Answer answer = Answer.post(
                port,
                NODE,
                "{\"action\": \"retune\", \"reason\": \"slow day\", \"actor\": \"alice\","
                        + " \"p99-threshold\": \"170ms\", \"recovery.base-delay\": \"3s\", \"pass\": \"query\"}");
        time.runDue();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.map("config"))
                .containsEntry("p99-threshold", "170ms")
                .containsEntry("latency-threshold", "300ms")
                .containsEntry("pass", List.of("QUERY"));
        assertThat(answer.map("config", "recovery")).containsEntry("base-delay", "3s");
        assertThat(Answer.get(port, NODE + "/audit?limit=1").body())
                .contains("\"action\":\"retune\"", "alice (unverified)", "p99-threshold: 150ms → 170ms");

        Answer back = Answer.post(
                port,
                ALL,
                "{\"action\": \"retune\", \"p99-threshold\": \"150ms\", \"recovery.base-delay\": \"2s\","
                        + " \"pass\": \"cancel,query\"}");
        assertThat(back.status()).isEqualTo(200);
        assertThat(back.map("breakers", "venue", "config")).containsEntry("p99-threshold", "150ms");
    }

    @Test
    void resume_isAllowedOnlyWhenHalted() throws Exception {
        Answer conflict = Answer.post(port, NODE, "{\"action\": \"resume\"}");
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.map()).containsOnlyKeys("error", "allowed");

        node.halt("stop", null);
        Answer tripped = Answer.post(port, NODE, "{\"action\": \"trip\"}");
        assertThat(tripped.status()).isEqualTo(409);
        assertThat(tripped.map()).containsEntry("allowed", List.of("resume", "reset"));
        assertThat(Answer.post(port, NODE, "{\"action\": \"resume\"}").map()).containsEntry("state", "OPEN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"action\": null}",
                "{\"action\": \"sell\"}",
                "{\"action\": 5}",
                "{\"reason\": \"no action\"}",
                "{\"action\": \"halt\", \"name\": \"other\"}",
                "{\"action\": \"halt\", \"breaker\": \"node\"}",
                "{\"action\": \"halt\", \"breakerName\": \"node\"}"
            })
    void badOrder_is400WithWhatIsAllowed(String body) throws Exception {
        for (String path : List.of(ALL, NODE)) {
            Answer answer = Answer.post(port, path, body);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.map()).containsOnlyKeys("error", "allowed");
        }
        assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == BreakerState.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"action\": [\"halt\"]}", "{\"action\": {\"halt\": 1}}", "[1]", "{", "\"halt\""})
    void bodyThatIsNoFlatMap_is400(String body) throws Exception {
        assertThat(Answer.post(port, ALL, body).status()).isEqualTo(400);
        assertThat(Answer.post(port, NODE, body).status()).isEqualTo(400);
        assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == BreakerState.CLOSED);
    }

    @Test
    void noBody_is400WithWhatIsAllowed() throws Exception {
        for (String path : List.of(ALL, NODE)) {
            Answer answer = Answer.post(port, path, "");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.map()).containsOnlyKeys("error", "allowed");
        }
    }

    @Test
    void unknownName_is404AndMakesNone() throws Exception {
        Answer answer = Answer.post(port, "/actuator/circuitbreaker/vanue", "{\"action\": \"halt\"}");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.map()).containsOnlyKeys("error", "allowed");
        assertThat(registry.find("vanue")).isNull();
    }

    @Test
    void health_isOutOfServiceWhilePausedAndUpAgain() throws Exception {
        assertHealth("UP", 200);
        node.trip("test", null);
        assertHealth("OUT_OF_SERVICE", 503);
        time.advance(Duration.ofSeconds(45));
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertHealth("UP", 200);
        node.halt("test", null);
        assertHealth("OUT_OF_SERVICE", 503);
        node.reset("test", null);
        assertHealth("UP", 200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health/liveness", "/actuator/health/readiness"})
    void probes_areLeftAlone(String probe) throws Exception {
        node.halt("stop", null);

        Answer answer = Answer.get(port, probe);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.map()).containsEntry("status", "UP");
    }

    private void assertHealth(String status, int code) throws Exception {
        Answer answer = Answer.get(port, "/actuator/health");
        assertThat(answer.status()).isEqualTo(code);
        assertThat(answer.map()).containsEntry("status", status);
        assertThat(answer.map("components", "tradingBreaker")).containsEntry("status", status);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> latestTransition(Answer answer) {
        return ((List<Map<String, Object>>) answer.map().get("transitions")).get(0);
    }
}

package io.tradingbreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.Permit;
import io.tradingbreaker.Rule;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractMap.SimpleEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** The endpoint with writes allowed, over real HTTP; the same on every web stack. */
abstract class AbstractEndpointTests {

    private static final String ALL = "/circuitbreaker";
    private static final String NODE = "/circuitbreaker/node";
    private static final List<String> ACTIONS =
            List.of("trip", "halt", "resume", "reset", "observe", "enforce", "drill");
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

    private TradingBreaker node;

    @BeforeEach
    void freshBreakers() {
        registry.reset("", null);
        registry.breakers().forEach(breaker -> breaker.mode(BreakerMode.ENFORCE));
        node = registry.breaker("node");
    }

    @Test
    void getAll_listsEveryBreaker() throws Exception {
        HttpAnswer answer = HttpAnswer.get(port, ALL);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).containsOnlyKeys("breakers");
        assertThat(answer.map("breakers").keySet())
                .containsExactlyElementsOf(
                        registry.breakers().stream().map(TradingBreaker::name).toList());
        assertThat(answer.map("breakers", "trading").keySet()).containsExactly(VIEW);
    }

    @Test
    void getOne_hasTheKeysOfTheContractInOrder() throws Exception {
        Permit permit = node.acquire(Intent.OPEN_RISK);
        time.advance(Duration.ofMillis(3));
        permit.success();
        node.trip("maintenance", "ops");

        HttpAnswer answer = HttpAnswer.get(port, NODE);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().keySet()).containsExactly(VIEW);
        String[] latency = {"count", "min", "mean", "p50", "p95", "p99", "p999", "max"};
        assertThat(answer.map("reason").keySet())
                .containsExactly("rule", "message", "observed", "limit", "samples", "latency");
        assertThat(answer.map("reason", "latency").keySet()).containsExactly(latency);
        assertThat(answer.map("window").keySet()).containsExactly("samples", "over", "allowed");
        assertThat(answer.map("latency").keySet()).containsExactly(latency);
        assertThat(answer.map("calls").keySet())
                .containsExactly(
                        "total",
                        "permitted",
                        "rejected",
                        "successful",
                        "failed",
                        "ignored",
                        "abandoned",
                        "stale",
                        "slow",
                        "stalled",
                        "wouldReject",
                        "stateChanges",
                        "consecutiveFailures");
        assertThat(answer.map("inFlight").keySet()).containsExactly("count", "oldestMillis");
        assertThat(answer.map("recovery").keySet()).containsExactly("attempt", "nextAttemptAt", "awaits", "lastProbe");
        assertThat(answer.latestTransition().keySet()).containsExactly("at", "from", "to", "rule", "message", "actor");
    }

    @Test
    void figures_areMillisecondsAndIsoInstants() throws Exception {
        Permit permit = node.acquire(Intent.OPEN_RISK);
        time.advance(Duration.ofNanos(1_250_000));

        HttpAnswer inFlight = HttpAnswer.get(port, NODE);
        assertThat(inFlight.map("inFlight")).containsEntry("count", 1).containsEntry("oldestMillis", 1.25);

        permit.success();
        HttpAnswer closed = HttpAnswer.get(port, NODE);
        assertThat(closed.map("latency"))
                .containsEntry("count", 1)
                .containsEntry("min", 1.25)
                .containsEntry("max", 1.25);

        node.trip("maintenance", "ops");
        HttpAnswer open = HttpAnswer.get(port, NODE);
        assertThat(open.body())
                .containsEntry("state", "OPEN")
                .containsEntry("mode", "enforce")
                .containsEntry("parent", "trading");
        assertThat(Instant.parse((String) open.body().get("since")))
                .isEqualTo(node.snapshot().since());
        assertThat(Instant.parse((String) open.map("recovery").get("nextAttemptAt")))
                .isAfter(node.snapshot().since());
        assertThat(open.map("reason"))
                .containsEntry("rule", "trip")
                .containsEntry("samples", 1)
                .containsEntry("observed", null);
        assertThat(open.latestTransition())
                .containsEntry("from", "CLOSED")
                .containsEntry("to", "OPEN")
                .containsEntry("actor", "ops");
    }

    @Test
    void whatWasNotMeasured_isNull() throws Exception {
        HttpAnswer answer = HttpAnswer.get(port, "/circuitbreaker/trading");

        assertThat(answer.map("inFlight")).containsEntry("count", 0).containsEntry("oldestMillis", null);
        assertThat(answer.body()).containsEntry("parent", null);
        assertThat(answer.map("recovery")).containsEntry("lastProbe", null).containsEntry("nextAttemptAt", null);
        assertThat(answer.map("latency")).containsEntry("count", 0);
        assertThat(answer.map("latency").entrySet())
                .filteredOn(entry -> !entry.getKey().equals("count"))
                .hasSize(7)
                .allMatch(entry -> entry.getValue() == null);
    }

    @Test
    void config_isSpelledAsInTheYaml() throws Exception {
        Map<String, Object> config = HttpAnswer.get(port, NODE).map("config");

        assertThat(config)
                .containsExactly(
                        Map.entry("mode", "enforce"),
                        Map.entry("p99-threshold", "1500us"),
                        Map.entry("latency-threshold", "250ms"),
                        Map.entry("percentile", 99.0),
                        Map.entry("window-size", 1000),
                        Map.entry("window-age", "1m"),
                        Map.entry("minimum-samples", 1),
                        new SimpleEntry<>("confidence", null),
                        Map.entry("failure-threshold", 5),
                        Map.entry("error-rate-threshold", 0.0),
                        Map.entry("local-pause-limit", "2s"),
                        Map.entry("stream-silence", "0"),
                        Map.entry("permit-timeout", "5m"),
                        Map.entry("recovery-timeout", "30s"),
                        Map.entry("half-open-requests", 3),
                        Map.entry("half-open-successes", 2),
                        Map.entry("half-open-timeout", "30s"),
                        Map.entry("sampling-rate", 1.0),
                        Map.entry("parent", "trading"),
                        Map.entry("pass", List.of("REDUCE", "CANCEL", "QUERY")),
                        Map.entry("ignore-exceptions", List.of()),
                        Map.entry("record-exceptions", List.of("java.lang.Throwable")),
                        Map.entry(
                                "recovery",
                                Map.of("base-delay", "1s", "max-delay", "5m", "multiplier", 2.0, "jitter-factor", 0.1)),
                        Map.entry("resume", nothingButPolicy()),
                        Map.entry("max-keys", 100),
                        Map.entry("when-keys-full", "share"),
                        Map.entry("key-idle-timeout", "10m"),
                        Map.entry("probe", Map.of("timeout", "1s")));
    }

    private static Map<String, Object> nothingButPolicy() {
        Map<String, Object> resume = new HashMap<>();
        resume.put("policy", "automatic");
        resume.put("limit", null);
        resume.put("period", null);
        return resume;
    }

    @ParameterizedTest
    @CsvSource({"trip, OPEN", "halt, HALTED", "reset, CLOSED"})
    void action_answersTheNewView(String action, BreakerState state) throws Exception {
        HttpAnswer answer = post(NODE, "{\"action\": \"" + action + "\", \"reason\": \"drift\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().keySet()).containsExactly(VIEW);
        assertThat(answer.body()).containsEntry("state", state.name());
        assertThat(node.state()).isEqualTo(state);
    }

    @Test
    void resume_opensAHaltedBreaker() throws Exception {
        node.halt("stop", null);

        assertThat(post(NODE, "{\"action\": \"resume\"}").body()).containsEntry("state", "OPEN");
        assertThat(node.snapshot().reason().message()).contains("no reason given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node:fra1", "node%3Afra1", "node%3afra1", "nod%65:fra1"})
    void keyedBreaker_isShownAndOperatedByItsName(String name) throws Exception {
        TradingBreaker keyed = registry.keyed("node").of("fra1");

        HttpAnswer one = HttpAnswer.get(port, ALL + "/" + name);
        assertThat(one.status()).isEqualTo(200);
        assertThat(one.body().keySet()).containsExactly(VIEW);
        assertThat(one.map("config")).containsEntry("p99-threshold", "1500us");
        assertThat(HttpAnswer.get(port, ALL).map("breakers")).containsKey("node:fra1");

        assertThat(post(ALL + "/" + name, "{\"action\": \"halt\", \"reason\": \"stop\"}")
                        .body())
                .containsEntry("state", "HALTED");
        assertThat(keyed.state()).isEqualTo(BreakerState.HALTED);
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(HttpAnswer.get(port, ALL + "/" + name + "/audit").body().toString())
                .contains("node:fra1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node:never", "node%3Anever", "never:fra1", "node:", "node:fra1:x", ":fra1"})
    void unknownKey_isNotFoundAndMadeByNoRequest(String name) throws Exception {
        int before = registry.breakers().size();

        assertThat(HttpAnswer.get(port, ALL + "/" + name).status()).isEqualTo(404);
        assertThat(post(ALL + "/" + name, "{\"action\": \"halt\", \"reason\": \"stop\"}")
                        .status())
                .isEqualTo(404);
        assertThat(registry.breakers()).hasSize(before);
    }

    @Test
    void auditTrail_isPagedNewestFirst() throws Exception {
        for (int i = 0; i < 3; i++) {
            post(NODE, "{\"action\": \"resume\", \"reason\": \"number " + i + "\", \"actor\": \"eve\"}");
        }

        HttpAnswer first = HttpAnswer.get(port, NODE + "/audit?limit=2");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body()).containsOnlyKeys("events", "next");
        assertThat(first.body().get("events").toString())
                .contains("number 2", "number 1", "eve (unverified)", "TRADING_BREAKER_ACTION", "result=refused")
                .doesNotContain("number 0");
        HttpAnswer second = HttpAnswer.get(
                port, NODE + "/audit?limit=1&before=" + first.body().get("next"));
        assertThat(second.body().get("events").toString()).contains("number 0");
        assertThat(HttpAnswer.get(port, NODE + "/audit").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/circuitbreaker/unknown/audit, 404",
        "/circuitbreaker/node/transitions, 404",
        "/circuitbreaker/node/audit?limit=0, 400",
        "/circuitbreaker/node/audit?limit=201, 400",
        "/circuitbreaker/node/audit?limit=many, 400",
        "/circuitbreaker/node/audit?limit=1&limit=2, 400",
        "/circuitbreaker/node/audit?before=-1, 400",
        "/circuitbreaker/node/audit?before=99999999999999999999, 400"
    })
    void badPage_isRefused(String path, int status) throws Exception {
        HttpAnswer answer = HttpAnswer.get(port, path);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).containsOnlyKeys("error", "allowed");
    }

    @Test
    void observeAndEnforce_changeTheMode() throws Exception {
        assertThat(post(NODE, "{\"action\": \"observe\"}").body()).containsEntry("mode", "observe");
        assertThat(node.mode()).isEqualTo(BreakerMode.OBSERVE);
        assertThat(post(NODE, "{\"action\": \"enforce\"}").map("config")).containsEntry("mode", "enforce");
        assertThat(node.mode()).isEqualTo(BreakerMode.ENFORCE);
    }

    @Test
    void haltForAll_coversLaterBreakers() throws Exception {
        HttpAnswer answer = post(ALL, "{\"action\": \"halt\", \"reason\": \"stop\", \"actor\": \"alice\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).containsOnlyKeys("breakers");
        assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == BreakerState.HALTED);
        assertThat(registry.breaker("made-by-" + getClass().getSimpleName().toLowerCase(Locale.ROOT))
                        .state())
                .isEqualTo(BreakerState.HALTED);

        assertThat(post(ALL, "{\"action\": \"resume\"}").status()).isEqualTo(200);
        assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == BreakerState.OPEN);
        assertThat(post(ALL, "{\"action\": \"reset\"}").status()).isEqualTo(200);
        assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == BreakerState.CLOSED);
    }

    @Test
    void everyOtherAction_actsOnAll() throws Exception {
        assertThat(post(ALL, "{\"action\": \"trip\"}").status()).isEqualTo(200);
        assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == BreakerState.OPEN);
        assertThat(post(ALL, "{\"action\": \"observe\"}").map("breakers", "node"))
                .containsEntry("mode", "observe");
        assertThat(registry.breakers()).allMatch(breaker -> breaker.mode() == BreakerMode.OBSERVE);
        assertThat(post(ALL, "{\"action\": \"enforce\"}").status()).isEqualTo(200);
        assertThat(registry.breakers()).allMatch(breaker -> breaker.mode() == BreakerMode.ENFORCE);
    }

    @Test
    void tripForAllWithOneHalted_isAConflictAndTripsNone() throws Exception {
        registry.breaker("trading").halt("stop", null);

        HttpAnswer answer = post(ALL, "{\"action\": \"trip\"}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).containsOnlyKeys("error", "allowed");
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"action\": null}",
                "{\"action\": \"\"}",
                "{\"action\": \"  \"}",
                "{\"action\": \"exercise\"}",
                "{\"action\": \"HALT\"}",
                "{\"action\": 5}",
                "{\"action\": true}",
                "{\"action\": \"<script>\"}",
                "{\"action\": \"halt\", \"name\": \"other\"}",
            })
    void badBody_is400AndChangesNothing(String body) throws Exception {
        for (String path : List.of(ALL, NODE)) {
            int before = registry.breakers().size();

            HttpAnswer answer = post(path, body);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).containsOnlyKeys("error", "allowed");
            assertThat(answer.body().get("error")).asString().isNotBlank().doesNotContain("script");
            if (!body.contains("other")) {
                assertThat(answer.body()).containsEntry("allowed", ACTIONS);
            }
            assertThat(registry.breakers()).hasSize(before).allMatch(b -> b.state() == BreakerState.CLOSED);
        }
    }

    // Boot reads a flat map of strings before the endpoint is asked, so the body of this 400 is Boot's.
    @ParameterizedTest
    @ValueSource(strings = {"{\"action\": [\"halt\"]}", "{\"action\": {\"halt\": 1}}", "[1]", "{", "\"halt\""})
    void bodyThatIsNoFlatMap_is400AndChangesNothing(String body) throws Exception {
        assertThat(post(NODE, body).status()).isEqualTo(400);
        assertThat(post(ALL, body).status()).isEqualTo(400);
        assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == BreakerState.CLOSED);
    }

    @Test
    void severalQueryValues_are400() throws Exception {
        HttpAnswer answer = post(NODE + "?reason=a&reason=b", "{\"action\": \"halt\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).containsEntry("allowed", ACTIONS);
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "NODE", "no%20de", "%3Cb%3E", "node%0A", "n%C3%B8de"})
    void unknownOrMalformedName_is404AndMakesNone(String name) throws Exception {
        int before = registry.breakers().size();

        for (HttpAnswer answer : List.of(
                HttpAnswer.get(port, "/circuitbreaker/" + name),
                post("/circuitbreaker/" + name, "{\"action\": \"halt\"}"))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.body()).containsOnlyKeys("error", "allowed");
            assertThat(answer.body().get("allowed"))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .contains("node", "trading");
        }
        assertThat(registry.breakers()).hasSize(before);
    }

    @Test
    void conflict_is409WithWhatIsAllowed() throws Exception {
        HttpAnswer notHalted = post(NODE, "{\"action\": \"resume\"}");
        assertThat(notHalted.status()).isEqualTo(409);
        assertThat(notHalted.body()).containsOnlyKeys("error", "allowed");
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);

        node.halt("stop", null);
        HttpAnswer halted = post(NODE, "{\"action\": \"trip\"}");
        assertThat(halted.status()).isEqualTo(409);
        assertThat(halted.body()).containsEntry("allowed", List.of("resume", "reset"));
        assertThat(node.state()).isEqualTo(BreakerState.HALTED);

        node.reset("", null);
        assertThat(post(ALL, "{\"action\": \"resume\"}").status()).isEqualTo(409);
    }

    @Test
    void actorOfTheBody_isMarkedAsUnverified() throws Exception {
        HttpAnswer answer = post(NODE, "{\"action\": \"halt\", \"actor\": \"alice\"}");
        assertThat(answer.latestTransition()).containsEntry("actor", "alice (unverified)");

        String longest = "x".repeat(10_000);
        HttpAnswer cut = post(NODE, "{\"action\": \"reset\", \"actor\": \"" + longest + "\"}");
        assertThat(cut.latestTransition().get("actor"))
                .asString()
                .hasSizeLessThan(200)
                .endsWith(" (unverified)");

        assertThat(post(NODE, "{\"action\": \"halt\", \"actor\": \" \"}").latestTransition())
                .containsEntry("actor", null);
    }

    @Test
    void reasonFromOutside_staysOneBoundedLine() throws Exception {
        HttpAnswer answer = post(
                NODE,
                "{\"action\": \"halt\", \"actor\": \"a\\nb\", \"reason\": \"x\\r\\n2026 WARN forged\\u0000 <b>"
                        + "y".repeat(5_000) + "\"}");

        assertThat(answer.status()).isEqualTo(200);
        String message = (String) answer.latestTransition().get("message");
        assertThat(message).contains("2026 WARN forged", "<b>").hasSizeLessThan(300);
        assertThat(message.chars()).noneMatch(Character::isISOControl);
        assertThat(answer.latestTransition()).containsEntry("actor", "a b (unverified)");
    }

    @Test
    void drill_pausesAtOnce_andItsReportIsInTheViewWhenItIsOver() throws Exception {
        HttpAnswer answer = post(
                NODE,
                "{\"action\": \"drill\", \"confirm\": \"node\", \"duration\": \"2s\","
                        + " \"reason\": \"monthly\", \"actor\": \"alice\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).containsEntry("state", "OPEN");
        assertThat(answer.map("reason")).containsEntry("rule", "drill").containsEntry("message", "monthly");
        assertThat(node.tryAcquire()).isNull();

        time.advance(Duration.ofSeconds(2));
        HttpAnswer after = HttpAnswer.get(port, NODE);
        assertThat(after.body()).containsEntry("state", "CLOSED");
        Map<String, Object> drill = after.map("drill");
        assertThat(drill.keySet())
                .containsExactly("breaker", "actor", "reason", "startedAt", "endedAt", "passed", "checks");
        assertThat(drill)
                .containsEntry("breaker", "node")
                .containsEntry("actor", "alice (unverified)")
                .containsEntry("reason", "monthly")
                .containsEntry("passed", true);
        assertThat(Duration.between(
                        Instant.parse((String) drill.get("startedAt")), Instant.parse((String) drill.get("endedAt"))))
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(drill.get("checks"))
                .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                .extracting(check -> check.get("name") + " " + check.get("millis"))
                .containsExactly("refuses 0.0", "passes 0.0", "listeners 0.0", "recovers 2000.0");
    }

    @Test
    void drillWithoutADuration_lastsFiveSeconds() throws Exception {
        assertThat(post(NODE, "{\"action\": \"drill\", \"confirm\": \"node\"}").status())
                .isEqualTo(200);
        time.advance(Duration.ofMillis(4_999));
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        time.advance(Duration.ofMillis(1));
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\": \"drill\"}",
                "{\"action\": \"drill\", \"confirm\": \"\"}",
                "{\"action\": \"drill\", \"confirm\": \"trading\"}",
                "{\"action\": \"drill\", \"confirm\": \"NODE\"}",
                "{\"action\": \"drill\", \"confirm\": true}",
                "{\"action\": \"drill\", \"confirm\": \"node\", \"duration\": \"soon\"}",
                "{\"action\": \"drill\", \"confirm\": \"node\", \"duration\": \"5\"}",
                "{\"action\": \"drill\", \"confirm\": \"node\", \"duration\": \"999ms\"}",
                "{\"action\": \"drill\", \"confirm\": \"node\", \"duration\": \"61s\"}",
                "{\"action\": \"drill\", \"confirm\": \"node\", \"duration\": \"-5s\"}",
                "{\"action\": \"drill\", \"confirm\": \"node\", \"duration\": \"99999999999999999999s\"}",
                "{\"action\": \"drill\", \"confirm\": \"node\", \"duration\": \"9223372036854775807d\"}",
            })
    void drillThatIsNotConfirmedOrTooLong_is400AndChangesNothing(String body) throws Exception {
        long transitions = node.counters().stateChanges();
        HttpAnswer answer = post(NODE, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).containsOnlyKeys("error", "allowed");
        assertThat(answer.body().get("error"))
                .asString()
                .containsAnyOf("\"confirm\": \"node\"", "confirm must be", "duration");
        assertThat(node.counters().stateChanges()).isEqualTo(transitions);
    }

    @Test
    void drillForAll_is400() throws Exception {
        HttpAnswer answer = post(ALL, "{\"action\": \"drill\", \"confirm\": \"node\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().get("error")).asString().contains("path");
        assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == BreakerState.CLOSED);
    }

    @Test
    void drillWhilePaused_isAConflict() throws Exception {
        String drill = "{\"action\": \"drill\", \"confirm\": \"node\"}";
        node.halt("stop", null);
        HttpAnswer halted = post(NODE, drill);
        assertThat(halted.status()).isEqualTo(409);
        assertThat(halted.body()).containsEntry("allowed", List.of("resume", "reset"));
        node.resume("go", null);
        assertThat(post(NODE, drill).status()).isEqualTo(409);
        assertThat(node.snapshot().reason().rule()).isEqualTo(Rule.RESUME);
    }

    @Test
    void limitedResuming_showsItsLimit() throws Exception {
        assertThat(HttpAnswer.get(port, "/circuitbreaker/limited").map("config", "resume"))
                .containsExactly(Map.entry("policy", "limited"), Map.entry("limit", 2), Map.entry("period", "90m"));
    }

    @Test
    void pauseThatWaits_saysSo_untilItIsResumed() throws Exception {
        TradingBreaker desk = registry.breaker("desk");
        desk.trip("look at it", null);

        HttpAnswer waiting = HttpAnswer.get(port, "/circuitbreaker/desk");
        assertThat(waiting.map("recovery")).containsEntry("awaits", "resume").containsEntry("nextAttemptAt", null);
        assertThat(waiting.map("reason").get("message")).isEqualTo("look at it; waits for an operator's resume");
        assertThat(waiting.map("config", "resume"))
                .containsEntry("policy", "manual")
                .containsEntry("limit", null)
                .containsEntry("period", null);

        HttpAnswer resumed = post("/circuitbreaker/desk", "{\"action\": \"resume\"}");
        assertThat(resumed.status()).isEqualTo(200);
        assertThat(resumed.map("recovery")).containsEntry("awaits", null);
        assertThat(resumed.latestTransition())
                .containsEntry("from", "OPEN")
                .containsEntry("to", "OPEN")
                .containsEntry("rule", "resume");
        assertThat(post("/circuitbreaker/desk", "{\"action\": \"resume\"}").status())
                .isEqualTo(409);
    }

    final HttpAnswer post(String path, String json, String... headers) throws Exception {
        return HttpAnswer.post(port, path, json, headers);
    }
}

package io.tradingbreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerCounters;
import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.Permit;
import io.tradingbreaker.ResumePolicy;
import io.tradingbreaker.Rule;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.json.JsonMapper;

/** The action {@code retune} over real HTTP; the same on every web stack. */
abstract class AbstractRetuneTests {

    private static final String ALL = "/circuitbreaker";
    private static final String NODE = "/circuitbreaker/node";

    @Autowired
    private BreakerRegistry registry;

    @Autowired
    private ManualScheduler time;

    @Value("${local.server.port}")
    private int port;

    private TradingBreaker node;
    private Map<String, Map<String, String>> shownBefore;
    private Map<String, BreakerConfig> before;

    @BeforeEach
    void closedBreakers() throws Exception {
        registry.reset("", null);
        node = registry.breaker("node");
        before = configs();
        shownBefore = new LinkedHashMap<>();
        for (String name : before.keySet()) {
            shownBefore.put(name, shown(name));
        }
    }

    // By what the view shows: whatever it shows can be given back.
    @AfterEach
    void asBefore() throws Exception {
        for (Map.Entry<String, Map<String, String>> breaker : shownBefore.entrySet()) {
            assertThat(retune("/circuitbreaker/" + breaker.getKey(), breaker.getValue())
                            .status())
                    .isEqualTo(200);
        }
        assertThat(configs()).containsAllEntriesOf(before);
    }

    @Test
    void limits_areChangedTogetherAndShown() throws Exception {
        HttpAnswer answer = HttpAnswer.post(port, NODE, """
                {"action": "retune", "reason": "the venue is slow today", "actor": "alice", "window-size": "500",
                 "minimum-samples": "50", "p99-threshold": "300ms", "latency-threshold": " 1s ", "percentile": "99.5",
                 "pass": "cancel, query", "mode": "observe", "recovery.base-delay": "2s", "resume.policy": "limited",
                 "resume.limit": "7", "probe.timeout": "1500ms", "confidence": "0.999"}
                """);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).containsEntry("mode", "observe").containsEntry("state", "CLOSED");
        assertThat(answer.map("config"))
                .containsEntry("window-size", 500)
                .containsEntry("minimum-samples", 50)
                .containsEntry("p99-threshold", "300ms")
                .containsEntry("latency-threshold", "1s")
                .containsEntry("percentile", 99.5)
                .containsEntry("pass", List.of("CANCEL", "QUERY"))
                .containsEntry("confidence", 0.999)
                .containsEntry("window-age", "1m")
                .containsEntry("parent", "trading")
                .containsEntry("resume", Map.of("policy", "limited", "limit", 7, "period", "1d"))
                .containsEntry("probe", Map.of("timeout", "1500ms"));
        assertThat(answer.map("config", "recovery"))
                .containsEntry("base-delay", "2s")
                .containsEntry("max-delay", "5m");
        assertThat(node.mode()).isEqualTo(BreakerMode.OBSERVE);
        assertThat(registry.breaker("trading").config()).isEqualTo(before.get("trading"));

        // What the view does not show cannot be given back.
        node.retune(limits -> limits.confidence(null).resume(ResumePolicy.DEFAULT), "", null);
    }

    @Test
    void samplesOfTheWindow_stayAndAreCountedAnew() throws Exception {
        for (int i = 0; i < 3; i++) {
            call(Duration.ofNanos(1_200_000));
        }

        HttpAnswer same = retune(NODE, Map.of("window-size", "300", "window-age", "2m"));
        assertThat(same.map("window")).containsEntry("samples", 3).containsEntry("over", 0);
        assertThat(same.map("latency")).containsEntry("count", 3).containsEntry("max", 1.2);

        HttpAnswer lower = retune(NODE, Map.of("p99-threshold", "1ms"));
        assertThat(lower.map("window")).containsEntry("samples", 3).containsEntry("over", 3);
        assertThat(lower.body()).containsEntry("state", "CLOSED");
        call(Duration.ofNanos(1_200_000));
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        assertThat(node.snapshot().reason().samples()).isEqualTo(4);
    }

    private void call(Duration latency) {
        Permit permit = node.acquire(Intent.OPEN_RISK);
        time.advance(latency);
        permit.success();
    }

    @Test
    void underLoad_theNewThresholdDecidesFromTheNextSampleOn() throws Exception {
        TradingBreaker load = registry.breaker("load");
        AtomicBoolean isOver = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(2);
        List<Future<?>> calls =
                List.of(callers.submit(() -> callUntil(isOver, load)), callers.submit(() -> callUntil(isOver, load)));
        try {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> load.snapshot().window().samples() == 1000);
            slowCall(load);
            HttpAnswer before = HttpAnswer.get(port, "/circuitbreaker/load");
            assertThat(before.body()).containsEntry("state", "CLOSED");
            assertThat(before.map("window")).containsEntry("samples", 1000).containsEntry("over", 0);

            HttpAnswer after = retune("/circuitbreaker/load", Map.of("p99-threshold", "100ms", "percentile", "100"));

            assertThat(after.body()).containsEntry("state", "CLOSED");
            assertThat(after.map("window")).containsEntry("samples", 1000).containsEntry("allowed", 0);
            slowCall(load);
            assertThat(load.state()).isEqualTo(BreakerState.OPEN);
            assertThat(load.snapshot().reason().rule()).isEqualTo(Rule.PERCENTILE);
            assertThat(load.snapshot().reason().limit()).isEqualTo(100.0);
        } finally {
            isOver.set(true);
            callers.shutdown();
        }
        for (Future<?> call : calls) {
            call.get(30, TimeUnit.SECONDS);
        }
        BreakerCounters counters = load.counters();
        assertThat(counters.inFlight()).isZero();
        assertThat(counters.total()).isEqualTo(counters.permitted() + counters.rejected());
        assertThat(counters.permitted()).isEqualTo(counters.successful());
    }

    private static void callUntil(AtomicBoolean isOver, TradingBreaker breaker) {
        while (!isOver.get()) {
            Permit permit = breaker.tryAcquire();
            if (permit != null) {
                permit.success();
            }
            // Some 2,000 calls/s: a full window is half a second, not the moment that a thread may have to wait for its
            // turn.
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void slowCall(TradingBreaker breaker) {
        Permit permit = breaker.acquire(Intent.OPEN_RISK);
        time.advance(Duration.ofMillis(150));
        permit.success();
    }

    @Test
    void haltedBreaker_isRetunedAndStaysHalted() throws Exception {
        node.halt("stop", null);

        assertThat(retune(NODE, Map.of("window-size", "300")).body()).containsEntry("state", "HALTED");
        assertThat(node.config().windowSize()).isEqualTo(300);
    }

    @Test
    void withoutAName_everyBreakerIsRetuned() throws Exception {
        HttpAnswer answer = retune(ALL, Map.of("window-size", "400"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.map("breakers", "node", "config")).containsEntry("window-size", 400);
        assertThat(registry.breakers()).allMatch(breaker -> breaker.config().windowSize() == 400);
    }

    @Test
    void withoutAName_oneThatWouldNotBeValidKeepsAllAsTheyAre() throws Exception {
        retune(NODE, Map.of("window-size", "100"));
        Map<String, BreakerConfig> now = configs();

        HttpAnswer answer = retune(ALL, Map.of("minimum-samples", "200"));

        assertRefused(answer, "breaker 'node': minimum-samples is 200, but must be from 1 to window-size (100)");
        assertThat(configs()).isEqualTo(now);
    }

    @Test
    void valuesAsTheyAre_changeNothing() throws Exception {
        HttpAnswer answer = retune(NODE, Map.of("window-size", "1000", "recovery.max-delay", "300s"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(configs()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "window-sise | 500 | 'window-sise' is no limit of a breaker",
                "windowSize | 500 | 'windowSize' is no limit of a breaker",
                "<script> | 500 | one of the keys is no limit of a breaker",
                "others | 500 | 'others' is no limit of a breaker",
                "caller | bob | 'caller' is no limit of a breaker",
                "recovery | 2s | 'recovery' is no limit of a breaker",
                "enabled | false | 'enabled' is no limit of a breaker",
                "duration | 1h | 'duration' is no limit of a breaker",
                "confirm | node | 'confirm' is no limit of a breaker",
                "parent | venue | 'parent' cannot change while the breaker runs: set it in the configuration and restart",
                "probe.type | http | 'probe.type' cannot change while the breaker runs",
                "probe.headers.x | y | 'probe.headers.x' cannot change while the breaker runs",
                "ignore-exceptions | java.io.IOException | 'ignore-exceptions' names classes",
                "record-exceptions | java.io.IOException | 'record-exceptions' names classes",
            })
    void keyThatIsNoneOrCannotChange_isRefusedWithTheKeysThatCan(String key, String value, String error)
            throws Exception {
        HttpAnswer answer = retune(NODE, Map.of(key, value, "window-size", "500"));

        assertRefused(answer, error);
        assertThat(answer.body().get("allowed"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains("window-size", "recovery.base-delay", "resume.policy", "probe.timeout", "mode")
                .doesNotContain("parent", "probe.type", "probe.token", "ignore-exceptions", "recovery");
        assertThat(configs()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "window-size | many | window-size is many, but must be a whole number",
                "window-size | 99999999999 | window-size is 99999999999, but must be a whole number",
                "window-size | ${server.port} | window-size is ${server.port}, but must be a whole number",
                "window-size | 0 | breaker 'node': window-size is 0, but must be from 1 to 100000",
                "window-size | '' | window-size is blank, but must have a value",
                "window-size | '  ' | window-size is blank, but must have a value",
                "p99-threshold | soon | p99-threshold is soon, but must be a duration",
                "p99-threshold | 300 seconds | p99-threshold is 300 seconds, but must be a duration",
                "p99-threshold | 99999999999999999999d | p99-threshold is 99999999999999999999d, but must be a duration",
                "p99-threshold | 9223372036854775807d | p99-threshold is 9223372036854775807d, but must be a duration",
                "p99-threshold | -1s | breaker 'node': p99-threshold is -1s, but must be 0 (off) or from 1ms to 1h",
                "percentile | NaN | breaker 'node': percentile is NaN, but must be over 0",
                "mode | off | mode is off, but must be enforce or observe",
                "pass | open-risk | breaker 'node': pass is OPEN_RISK, but must be of",
                "pass | 'cancel,,query' | pass is cancel,,query, but must have something between its commas",
                "pass | 'cancel, buy' | pass is cancel, buy, but must be query, cancel or reduce",
                "recovery.multiplier | 1000 | recovery.multiplier is 1000.0, but must be from 1 to 100",
                "recovery.max-delay | 500ms | recovery.max-delay is 500ms, but must be at least recovery.base-delay (1s)",
                "resume.limit | 3 | resume.limit is set, but must be left out unless resume.policy is limited",
                "half-open-successes | 4 | half-open-successes is 4, but must be from 1 to half-open-requests (3)",
                "probe.timeout | 1 | breaker 'node': probe.timeout is 1ms, but must be from 10ms to 5m",
            })
    void valueThatIsNotAllowed_isRefusedWithAllTheOthers(String key, String value, String error) throws Exception {
        HttpAnswer answer = retune(NODE, Map.of(key, value, "window-age", "5m"));

        assertRefused(answer, error);
        assertThat(configs()).isEqualTo(before);
    }

    @Test
    void valuesThatDoNotFitTogether_areRefused() throws Exception {
        assertRefused(
                retune(NODE, Map.of("window-size", "100", "minimum-samples", "200")),
                "minimum-samples is 200, but must be from 1 to window-size (100)");
        assertThat(configs()).isEqualTo(before);
    }

    @Test
    void nothingToChange_isRefused() throws Exception {
        for (String path : List.of(NODE, ALL)) {
            assertRefused(retune(path, Map.of()), "no limit was given that is to change");
        }
        assertRefused(HttpAnswer.post(port, NODE, "{\"action\": \"retune\", \"window-size\": null}"), "not one string");
        assertThat(configs()).isEqualTo(before);
    }

    @Test
    void hugeKeysAndValues_areRefusedAndNotRepeated() throws Exception {
        HttpAnswer value = retune(NODE, Map.of("window-size", "9".repeat(100_000)));
        assertRefused(value, "window-size is not printable or too long");
        assertThat(value.body().get("error")).asString().hasSizeLessThan(200);

        HttpAnswer key = retune(NODE, Map.of("w".repeat(10_000), "5"));
        assertRefused(key, "one of the keys is no limit");
        assertThat(key.body().get("error")).asString().hasSizeLessThan(200);

        assertRefused(retune(NODE, Map.of("mode", "x\r\n2026 WARN forged")), "mode is not printable or too long");
    }

    @Test
    void severalValuesInTheQuery_areRefused() throws Exception {
        assertRefused(
                HttpAnswer.post(port, NODE + "?window-size=5&window-size=6", "{\"action\": \"retune\"}"),
                "window-size is not one string");
    }

    @Test
    void otherActions_takeNoLimit() throws Exception {
        HttpAnswer answer = HttpAnswer.post(port, NODE, "{\"action\": \"trip\", \"window-size\": \"5\"}");

        assertRefused(answer, "'window-size' is no key of trip: nothing was done");
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(configs()).isEqualTo(before);
    }

    @Test
    void unknownBreaker_is404AndMakesNone() throws Exception {
        assertThat(retune("/circuitbreaker/vanue", Map.of("window-size", "5")).status())
                .isEqualTo(404);
        assertThat(registry.find("vanue")).isNull();
    }

    private static void assertRefused(HttpAnswer answer, String error) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).containsOnlyKeys("error", "allowed");
        assertThat(answer.body().get("error")).asString().contains(error);
    }

    private HttpAnswer retune(String path, Map<String, String> limits) throws Exception {
        Map<String, String> body = new HashMap<>(limits);
        body.put("action", "retune");
        return HttpAnswer.post(port, path, JsonMapper.shared().writeValueAsString(body));
    }

    private Map<String, BreakerConfig> configs() {
        return registry.breakers().stream().collect(Collectors.toMap(TradingBreaker::name, TradingBreaker::config));
    }

    /** What the view shows of limits that can change, as it would stand in a body. */
    private Map<String, String> shown(String name) throws Exception {
        Map<String, String> texts = new HashMap<>();
        flatten("", HttpAnswer.get(port, "/circuitbreaker/" + name).map("config"), texts);
        texts.keySet().removeAll(List.of("parent", "ignore-exceptions", "record-exceptions"));
        return texts;
    }

    private static void flatten(String prefix, Map<?, ?> block, Map<String, String> texts) {
        block.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner) {
                flatten(prefix + key + ".", inner, texts);
            } else if (value instanceof List<?> list) {
                texts.put(prefix + key, list.stream().map(Object::toString).collect(Collectors.joining(",")));
            } else if (value != null) {
                texts.put(prefix + key, value.toString());
            }
        });
    }
}

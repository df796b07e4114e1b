package io.tradingbreaker.sample;

import static io.tradingbreaker.BreakerState.CLOSED;
import static io.tradingbreaker.BreakerState.HALF_OPEN;
import static io.tradingbreaker.BreakerState.HALTED;
import static io.tradingbreaker.BreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.Transition;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service, with its trader, over real HTTP. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "simulator.port=0",
            "trading-breaker.breakers.node.recovery-timeout=500ms",
            "trading-breaker.breakers.node.half-open-timeout=1s",
            "trading-breaker.breakers.node.recovery.base-delay=200ms",
            "trading-breaker.breakers.node.recovery.max-delay=500ms",
        })
class SampleApplicationTests {

    private static final String BUY = "{\"symbol\":\"SOL\",\"side\":\"BUY\",\"quantity\":0.5}";
    private static final String RESTING = "{\"symbol\":\"SOL\",\"side\":\"BUY\",\"quantity\":0.5,\"limit\":1}";

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();

    @Autowired
    BreakerRegistry breakers;

    @Value("${local.server.port}")
    int port;

    private TradingBreaker node;

    @BeforeEach
    void calm() throws Exception {
        node = breakers.breaker("node");
        play("normal");
        await().until(() -> send("GET", "/simulator/scenario", null).body().contains("\"frozen\":0"));
        post("/actuator/circuitbreaker", "{\"action\":\"reset\",\"reason\":\"next test\"}");
        await().until(() -> node.state() == CLOSED && node.snapshot().window().samples() > 0);
    }

    @Test
    void trader_makesAtLeast50NodeCallsASecond() {
        long first = node.counters().total();
        long began = System.nanoTime();

        await().pollInterval(Duration.ofMillis(10)).until(() -> node.counters().total() >= first + 150);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void spike_pausesWithinASecondLetsCancelsPassAndRecoversByItself() throws Exception {
        String resting = place(RESTING).path("id").asString();
        place(BUY);
        long sequence = lastSequence();

        play("spike");
        Duration toOpen = timeTo(OPEN);

        assertThat(toOpen).isLessThan(Duration.ofSeconds(1));
        JsonNode reason = get("/actuator/circuitbreaker/node").path("reason");
        assertThat(reason.path("rule").asString()).isIn("percentile", "consecutive");
        assertThat(reason.path("observed").isNumber()).isTrue();
        assertThat(reason.path("limit").isNumber()).isTrue();
        assertThat(reason.path("samples").asInt()).isPositive();

        HttpResponse<String> refused = post("/orders", BUY);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        assertThat(refused.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(send("DELETE", "/orders/" + resting, null).statusCode()).isEqualTo(200);
        assertThat(post("/orders", BUY.replace("BUY", "SELL").replace("0.5", "0.01"))
                        .statusCode())
                .isEqualTo(201);
        HttpResponse<String> health = send("GET", "/actuator/health", null);
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(health.body()).contains("OUT_OF_SERVICE");

        play("normal");
        await().until(() -> node.state() == CLOSED);

        assertThat(statesSince(sequence)).startsWith(OPEN).endsWith(HALF_OPEN, CLOSED);
        assertThat(send("GET", "/actuator/health", null).statusCode()).isEqualTo(200);
        assertThat(post("/orders", BUY).statusCode()).isEqualTo(201);
        JsonNode portfolio = get("/portfolio");
        assertThat(portfolio.path("reconciles").asBoolean()).isTrue();
        assertThat(portfolio.path("fills").asLong()).isPositive();
    }

    @Test
    void freeze_pausesWhileTheCallsStillHang() throws Exception {
        play("freeze");

        assertThat(timeTo(OPEN)).isLessThan(Duration.ofSeconds(1));
        assertThat(get("/simulator/scenario").path("frozen").asInt()).isPositive();
        assertThat(node.snapshot().counters().inFlight()).isPositive();

        play("normal");
        await().until(() -> node.state() == CLOSED);
    }

    @Test
    void frozenSlot_keepsAnOpenBreakerOpenUntilTheSlotMoves() throws Exception {
        play("frozen-slot");
        long unhealthy = node.counters().unhealthyProbes().count();
        long sequence = lastSequence();
        post("/actuator/circuitbreaker/node", "{\"action\":\"trip\",\"reason\":\"test\"}");

        await().until(() -> node.counters().unhealthyProbes().count() >= unhealthy + 2);

        assertThat(statesSince(sequence)).containsExactly(OPEN);
        assertThat(node.snapshot().recovery().lastProbe().details()).contains("stood still");
        play("normal");
        await().until(() -> node.state() == CLOSED);
        assertThat(statesSince(sequence)).startsWith(OPEN, HALF_OPEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"scenario\":\"unhealthy\"}", "{\"scenario\":\"unhealthy\",\"slotsBehind\":\"unknown\"}"})
    void unhealthy_keepsAnOpenBreakerOpen(String scenario) throws Exception {
        post("/simulator/scenario", scenario);
        long unhealthy = node.counters().unhealthyProbes().count();
        post("/actuator/circuitbreaker/node", "{\"action\":\"trip\",\"reason\":\"test\"}");

        await().until(() -> node.counters().unhealthyProbes().count() >= unhealthy + 2);

        assertThat(node.state()).isEqualTo(OPEN);
    }

    @Test
    void errors_pausesByTheRunOfFailures() throws Exception {
        play("errors");

        assertThat(timeTo(OPEN)).isLessThan(Duration.ofSeconds(1));
        assertThat(node.snapshot().reason().rule().code()).isIn("consecutive", "error-rate");
    }

    @Test
    void haltOfEverything_refusesBuysPassesCancelsAndEndsByResumeOnly() throws Exception {
        String resting = place(RESTING).path("id").asString();
        long sequence = lastSequence();
        assertThat(post("/actuator/circuitbreaker", "{\"action\":\"halt\",\"reason\":\"drill\",\"actor\":\"ops\"}")
                        .statusCode())
                .isEqualTo(200);

        HttpResponse<String> refused = post("/orders", BUY);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
        assertThat(send("DELETE", "/orders/" + resting, null).statusCode()).isEqualTo(200);
        await().during(Duration.ofMillis(1500)).until(() -> node.state() == HALTED);
        assertThat(post("/actuator/circuitbreaker/node", "{\"action\":\"trip\"}")
                        .statusCode())
                .isEqualTo(409);

        post("/actuator/circuitbreaker", "{\"action\":\"resume\",\"reason\":\"drill over\",\"actor\":\"ops\"}");
        await().until(() -> node.state() == CLOSED);

        assertThat(statesSince(sequence)).startsWith(HALTED, OPEN, HALF_OPEN).endsWith(CLOSED);
    }

    @Test
    void prometheus_hasEveryMeter() throws Exception {
        String scraped = "\n" + send("GET", "/actuator/prometheus", null).body();

        assertThat(List.of(
                        "trading_breaker_calls_seconds_count{",
                        "trading_breaker_slow_total{",
                        "trading_breaker_rejected_total{",
                        "trading_breaker_transitions_total{",
                        "trading_breaker_state{",
                        "trading_breaker_latency_seconds{",
                        "trading_breaker_latency_threshold_seconds{",
                        "trading_breaker_inflight{",
                        "trading_breaker_inflight_oldest_seconds{",
                        "trading_breaker_recovery_attempts",
                        "trading_breaker_probe_seconds_count{",
                        "trading_breaker_alert_delay_seconds_count{",
                        "trading_breaker_local_pause_seconds_count"))
                .allSatisfy(name -> assertThat(scraped).contains("\n" + name));
    }

    @Test
    void replay_reportsThePausesInsideAndOutsideTheIncidents() throws Exception {
        assertThat(post("/simulator/scenario", "{\"scenario\":\"replay\",\"rowMillis\":\"50\"}")
                        .statusCode())
                .isEqualTo(200);
        await().until(() -> get("/simulator/replay/report").path("rowsReplayed").asInt() > 60);
        assertThat(get("/simulator/replay/report").path("state").asString()).isEqualTo("running");

        await().atMost(Duration.ofSeconds(15))
                .until(() ->
                        get("/simulator/replay/report").path("state").asString().equals("finished"));

        JsonNode report = get("/simulator/replay/report");
        assertThat(report.path("rowsReplayed").asInt()).isEqualTo(120);
        assertThat(report.path("incidentRows").asInt()).isEqualTo(26);
        assertThat(report.path("incidents").asInt()).isEqualTo(2);
        assertThat(report.path("breaker").path("incidentsMissed").asInt()).isZero();
        assertThat(report.path("breaker").path("pausedInsideRows").asDouble()).isBetween(5.0, 26.0);
        assertThat(report.path("neverPausing").path("incidentsMissed").asInt()).isEqualTo(2);
        assertThat(report.path("staticLimit").path("pausedInsideShare").asDouble())
                .isEqualTo(1.0);
        assertThat(report.path("staticLimit").path("pausedOutsideRows").asDouble())
                .isZero();
        assertThat(get("/simulator/scenario").path("scenario").asString()).isEqualTo("normal");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"scenario\":\"earthquake\"}",
                "{\"scenario\":null}",
                "{\"scenario\":\"spike\",\"factor\":\"2\"}",
                "{\"scenario\":\"replay\",\"file\":\"nowhere.csv\"}",
                "{\"scenario\":\"replay\",\"rowMillis\":\"1\"}",
                "{\"scenario\":\"replay\",\"rowMillis\":\"50\",\"time-scale\":\"60\"}",
                "{\"scenario\":\"unhealthy\",\"slotsBehind\":\"-1\"}"
            })
    void badScenario_answers400AndChangesNothing(String body) throws Exception {
        HttpResponse<String> response = post("/simulator/scenario", body);

        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode answer = json.readTree(response.body());
        assertThat(answer.path("error").asString()).isNotEmpty();
        assertThat(answer.path("allowed").size()).isPositive();
        assertThat(get("/simulator/scenario").path("scenario").asString()).isEqualTo("normal");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                                        | 400",
                "{}                                                       | 400",
                "{\"symbol\":\"DOGE\",\"side\":\"BUY\",\"quantity\":1}    | 400",
                "{\"symbol\":\"SOL\",\"side\":\"HOLD\",\"quantity\":1}    | 400",
                "{\"symbol\":\"SOL\",\"side\":\"BUY\"}                    | 400",
                "{\"symbol\":\"SOL\",\"side\":\"BUY\",\"quantity\":0}     | 400",
                "{\"symbol\":\"SOL\",\"side\":\"BUY\",\"quantity\":\"x\"} | 400",
                "{\"symbol\":\"SOL\",\"side\":\"BUY\",\"quantity\":1e999999999}   | 400",
                "{\"symbol\":\"SOL\",\"side\":\"BUY\",\"quantity\":1e-999999999}  | 400",
                "{\"symbol\":\"SOL\",\"side\":\"BUY\",\"quantity\":0.0000000001}  | 400",
                "{\"symbol\":\"SOL\",\"side\":\"BUY\",\"quantity\":1,\"limit\":-1} | 400",
                "{\"symbol\":\"SOL\",\"side\":\"SELL\",\"quantity\":999999}       | 422",
                "{\"symbol\":\"SOL\",\"side\":\"BUY\",\"quantity\":999999}        | 422",
            })
    void badOrder_answersAProblem(String body, int status) throws Exception {
        HttpResponse<String> response = post("/orders", body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(json.readTree(response.body()).path("detail").asString()).isNotEmpty();
    }

    @Test
    void cancelOfNothing_answers404AndOfAFilledOrder409() throws Exception {
        String filled = place(BUY).path("id").asString();

        assertThat(send("DELETE", "/orders/o-0", null).statusCode()).isEqualTo(404);
        assertThat(send("DELETE", "/orders/" + filled, null).statusCode()).isEqualTo(409);
        assertThat(get("/orders/" + filled).path("status").asString()).isEqualTo("FILLED");
        assertThat(get("/orders").size()).isPositive();
    }

    private Duration timeTo(BreakerState state) {
        long began = System.nanoTime();
        await().pollInterval(Duration.ofMillis(5)).until(() -> node.state() == state);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private long lastSequence() {
        return node.snapshot().transitions().stream()
                .mapToLong(Transition::sequence)
                .max()
                .orElse(0);
    }

    private List<BreakerState> statesSince(long sequence) {
        return node.snapshot().transitions().stream()
                .filter(transition -> transition.sequence() > sequence)
                .sorted(Comparator.comparing(Transition::sequence))
                .map(Transition::to)
                .toList();
    }

    private JsonNode place(String order) throws Exception {
        HttpResponse<String> response = post("/orders", order);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return json.readTree(response.body());
    }

    private void play(String scenario) throws Exception {
        assertThat(post("/simulator/scenario", "{\"scenario\":\"" + scenario + "\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    private JsonNode get(String path) throws Exception {
        return json.readTree(send("GET", path, null).body());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Content-Type", "application/json")
                        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}

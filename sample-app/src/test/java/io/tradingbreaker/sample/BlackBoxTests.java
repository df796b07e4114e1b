package io.tradingbreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What the sample shows from outside is the same, whether or not it was processed ahead of time. */
@Timeout(value = 5, unit = TimeUnit.MINUTES) // of a slow machine; two processes start at once
class BlackBoxTests {

    /** How a process is started. */
    enum Start {
        PLAIN("-Dspring.aot.enabled=false"),
        AHEAD_OF_TIME("-Dspring.aot.enabled=true");

        private final String option;

        Start(String option) {
            this.option = option;
        }
    }

    private static final Map<Start, SampleProcess> running = new EnumMap<>(Start.class);

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        for (Start start : Start.values()) {
            running.put(
                    start,
                    SampleProcess.begin(
                            folder,
                            List.of(start.option),
                            "trader.rounds-per-second=30",
                            "trading-breaker.defaults.recovery-timeout=500ms",
                            "trading-breaker.defaults.half-open-timeout=1s",
                            "trading-breaker.defaults.recovery.base-delay=200ms",
                            "trading-breaker.defaults.recovery.max-delay=500ms"));
        }
        running.values().forEach(SampleProcess::awaitAnswer);
    }

    @AfterAll
    static void stop() {
        running.values().forEach(SampleProcess::close);
    }

    @Test
    void start_isReallyOfThatKind() throws IOException {
        assertThat(running.get(Start.AHEAD_OF_TIME).log())
                .anyMatch(line -> line.contains("Starting AOT-processed SampleApplication"));
        assertThat(running.get(Start.PLAIN).log()).noneMatch(line -> line.contains("AOT"));
    }

    @Test
    void start_reportsTheSame() throws IOException {
        List<String> plain = reported(Start.PLAIN);

        assertThat(plain)
                .hasSize(5)
                .anyMatch(line -> line.contains("'node'") && line.contains("PaperTrader.open(SignedTransaction)"))
                .anyMatch(line -> line.contains("'node'") && line.contains("gRPC geyser.Geyser/*"));
        assertThat(reported(Start.AHEAD_OF_TIME)).isEqualTo(plain);
    }

    @Test
    void viewsMetersAndHealth_areTheSame() throws Exception {
        for (Start start : Start.values()) {
            // A hook's meter begins with its first run.
            act(calm(start), "trip", "for the hooks");
            patiently().until(() -> meters(start).stream().anyMatch(line -> line.contains("_hook_")));
        }
        assertThat(configs(Start.AHEAD_OF_TIME)).isEqualTo(configs(Start.PLAIN)).hasSize(5);
        assertThat(meters(Start.AHEAD_OF_TIME)).isEqualTo(meters(Start.PLAIN)).hasSizeGreaterThan(12);
        assertThat(contributors(Start.AHEAD_OF_TIME))
                .isEqualTo(contributors(Start.PLAIN))
                .contains("tradingBreaker");
    }

    @ParameterizedTest
    @EnumSource
    void spike_pausesBuysAndRecoversByItself(Start start) throws Exception {
        ServiceClient service = calm(start);
        service.place(ServiceClient.BUY);
        String resting = service.place(ServiceClient.PROTECTION).path("id").asString();

        service.play("spike");
        patiently().until(() -> state(service, "node").equals("OPEN"));
        JsonNode reason = view(service, "node").path("reason");
        assertThat(reason.path("rule").asString()).isIn("percentile", "consecutive");
        assertThat(reason.path("samples").asInt()).isPositive();
        HttpResponse<String> refused =
                patiently().until(() -> service.post("/orders", ServiceClient.BUY), BlackBoxTests::isRefusedByTheNode);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        assertThat(refused.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(service.send("DELETE", "/orders/" + resting, null).statusCode())
                .isEqualTo(200);
        assertThat(service.post("/orders", ServiceClient.SELL).statusCode()).isEqualTo(201);

        service.play("normal");
        patiently().until(() -> state(service, "node").equals("CLOSED"));
        service.place(ServiceClient.BUY);
        patiently()
                .untilAsserted(
                        () -> assertThat(view(service, "node").path("hooks").findValuesAsString("name"))
                                .contains("cancelRestingEntries"));
    }

    @ParameterizedTest
    @EnumSource
    void halt_isEndedByResume(Start start) throws Exception {
        ServiceClient service = calm(start);
        service.place(ServiceClient.BUY);
        assertThat(act(service, "halt", "fat finger").statusCode()).isEqualTo(200);

        HttpResponse<String> refused = service.post("/orders", ServiceClient.BUY);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("is HALTED (fat finger)");
        assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
        assertThat(service.post("/orders", ServiceClient.SELL).statusCode()).isEqualTo(201);
        assertThat(service.send("GET", "/actuator/health", null).statusCode()).isEqualTo(503);

        assertThat(act(service, "resume", "checked").statusCode()).isEqualTo(200);
        patiently().until(() -> state(service, "node").equals("CLOSED"));
        assertThat(view(service, "node").path("transitions").findValuesAsString("rule"))
                .containsSubsequence("trials", "probe", "resume", "halt");
        patiently()
                .untilAsserted(() -> assertThat(service.get("/actuator/circuitbreaker/node/audit?limit=50")
                                .path("events")
                                .toString())
                        .contains("alice (unverified)"));
    }

    @ParameterizedTest
    @EnumSource
    void dashboard_isServedWithItsFiles(Start start) throws Exception {
        ServiceClient service = running.get(start).service;

        for (String file :
                List.of("", "/main.js", "/style.css", "/uPlot.iife.min.js", "/uPlot.min.css", "/state?breaker=node")) {
            HttpResponse<String> answer = service.send("GET", "/actuator/tradingdashboard" + file, null);
            assertThat(answer.statusCode()).as(file).isEqualTo(200);
            assertThat(answer.body()).as(file).isNotBlank();
        }
    }

    @ParameterizedTest
    @EnumSource
    void badOrder_answersAProblem(Start start) throws Exception {
        HttpResponse<String> answer = running.get(start).service.post("/orders", "{\"symbol\":\"DOGE\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }

    private static ServiceClient calm(Start start) throws Exception {
        ServiceClient service = running.get(start).service;
        service.play("normal");
        assertThat(act(service, "reset", "next test").statusCode()).isEqualTo(200);
        patiently()
                .until(() -> state(service, "node").equals("CLOSED")
                        && view(service, "node").path("window").path("samples").asInt() > 0);
        return service;
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
    }

    private static HttpResponse<String> act(ServiceClient service, String action, String reason) throws Exception {
        return service.post(
                "/actuator/circuitbreaker",
                "{\"action\":\"" + action + "\",\"reason\":\"" + reason + "\",\"actor\":\"alice\"}");
    }

    /** The quotes' breakers may be open too. */
    private static boolean isRefusedByTheNode(HttpResponse<String> answer) {
        return answer.statusCode() == 503 && answer.body().contains("\"breaker\":\"node\"");
    }

    private static JsonNode view(ServiceClient service, String breaker) throws Exception {
        return service.get("/actuator/circuitbreaker/" + breaker);
    }

    private static String state(ServiceClient service, String breaker) throws Exception {
        return view(service, breaker).path("state").asString();
    }

    /** What the start says of each breaker. */
    private static List<String> reported(Start start) throws IOException {
        return running.get(start).log().stream()
                .map(line -> line.replaceFirst("^.*? : (?=Breaker ')", ""))
                .filter(line -> line.startsWith("Breaker '") && line.contains(" pauses at "))
                .toList();
    }

    /** The breakers with their keys and their effective limits, apart from addresses. */
    private static Map<String, String> configs(Start start) throws Exception {
        JsonNode breakers =
                running.get(start).service.get("/actuator/circuitbreaker").path("breakers");
        return breakers.propertyNames().stream()
                .collect(Collectors.toMap(
                        name -> name,
                        name -> breakers.path(name).propertyNames() + " "
                                + breakers.path(name).path("config").toString().replaceAll("127.0.0.1:\\d+", "")));
    }

    /** The names and kinds of our meters. */
    private static List<String> meters(Start start) throws Exception {
        return lines(start)
                .filter(line -> line.startsWith("# TYPE trading_breaker_"))
                .sorted()
                .toList();
    }

    private static Stream<String> lines(Start start) throws Exception {
        return running.get(start)
                .service
                .send("GET", "/actuator/prometheus", null)
                .body()
                .lines();
    }

    private static List<String> contributors(Start start) throws Exception {
        return List.copyOf(running.get(start)
                .service
                .get("/actuator/health")
                .path("components")
                .propertyNames());
    }
}

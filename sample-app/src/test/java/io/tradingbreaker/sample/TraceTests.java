package io.tradingbreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.sample.TraceCollector.Span;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.util.TestSocketUtils;

/** The service with the profile "trace", and a collector that its spans are sent to. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "trader.enabled=false",
            "simulator.latency-millis=2",
            "management.opentelemetry.tracing.export.schedule-delay=100ms",
            // One order asks one quote endpoint, however slow this machine is.
            "jupiter.read-timeout=10s",
            "trading-breaker.defaults.local-pause-limit=0",
            "trading-breaker.defaults.latency-threshold=1m",
            "trading-breaker.breakers.node.p99-threshold=1m",
            "trading-breaker.breakers.venue.p99-threshold=1m",
            "trading-breaker.breakers.node.stream-silence=0",
        })
@ActiveProfiles("trace")
class TraceTests {

    private static final TraceCollector collector = new TraceCollector();

    private final HttpClient http = HttpClient.newHttpClient();

    @Value("${local.server.port}")
    private int port;

    @DynamicPropertySource
    static void ports(DynamicPropertyRegistry properties) {
        int simulator = TestSocketUtils.findAvailableTcpPort();
        properties.add("simulator.port", () -> simulator);
        properties.add("OTLP_ENDPOINT", collector::endpoint);
    }

    @AfterAll
    static void stop() {
        collector.close();
    }

    @Test
    void order_isOneTraceWithItsGuardedCallsAndTheRequestsInThem() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        HttpResponse<String> placed = post("/orders", ServiceClient.BUY, trace);
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> collector.trace(trace).stream()
                        .anyMatch(span -> span.name().startsWith("http post /orders")));

        List<Span> spans = collector.trace(trace);
        Span server = named(spans, "http post /orders");
        assertThat(server.parent()).isEqualTo("00f067aa0ba902b7");
        for (String breaker : List.of("quotes-a", "node")) {
            Span call = named(spans, "breaker " + breaker);
            assertThat(call.parent()).isEqualTo(server.id());
            assertThat(call.attributes())
                    .containsAllEntriesOf(Map.of(
                            "breaker", breaker,
                            "outcome", "success",
                            "state", "closed",
                            "rejection.reason", "none",
                            "rejected.by", "none"))
                    .containsKey("intent");
            assertThat(spans)
                    .filteredOn(span -> span.parent().equals(call.id()))
                    .singleElement()
                    .satisfies(request -> assertThat(request.name()).startsWith("http "))
                    .satisfies(request -> assertThat(request.attributes()).containsEntry("status", "200"));
        }
        assertThat(spans).hasSize(5);
    }

    @Test
    void halt_isPartOfTheOperatorsTrace_andSoAreItsLogLineAndTheRefusal() throws Exception {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        Logger logger = (Logger) LoggerFactory.getLogger(TradingBreaker.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        logger.addAppender(log);
        try {
            post("/actuator/circuitbreaker/node", "{\"action\":\"halt\",\"reason\":\"drill\"}", trace);
            post("/orders", ServiceClient.BUY, trace);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> collector.trace(trace).stream()
                                    .filter(span -> span.name().startsWith("http post "))
                                    .filter(span -> span.parent().equals("00f067aa0ba902b7"))
                                    .count()
                            == 2);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> collector.trace(trace).stream()
                            .anyMatch(span -> span.name().equals("breaker node halted")));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(log.list).anySatisfy(event -> {
                        assertThat(event.getFormattedMessage()).contains("CLOSED -> HALTED");
                        assertThat(event.getMDCPropertyMap()).containsEntry("traceId", trace);
                    }));
        } finally {
            logger.detachAppender(log);
            post("/actuator/circuitbreaker/node", "{\"action\":\"reset\",\"reason\":\"drill over\"}", trace);
        }

        assertThat(named(collector.trace(trace), "breaker node").attributes())
                .containsAllEntriesOf(Map.of(
                        "outcome", "rejected", "rejection.reason", "halt", "rejected.by", "node", "state", "halted"));
        assertThat(named(collector.trace(trace), "breaker node halted").attributes())
                .containsAllEntriesOf(Map.of("breaker", "node", "from", "closed", "to", "halted", "rule", "halt"));
    }

    @Test
    void exemplars_areOnTheObservationsTimer_andNotOnTheBreakersOwn() throws Exception {
        post("/orders", ServiceClient.BUY, "11111111111111111111111111111111");
        String scraped = http.send(
                        request("/actuator/prometheus")
                                .header("Accept", "application/openmetrics-text;version=1.0.0")
                                .build(),
                        BodyHandlers.ofString())
                .body();

        assertThat(scraped.lines().filter(line -> line.startsWith("trading_breaker_call_seconds_count")))
                .anySatisfy(line -> assertThat(line).contains("trace_id="));
        assertThat(scraped.lines().filter(line -> line.startsWith("trading_breaker_calls_seconds_count")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).doesNotContain("trace_id="));
    }

    private static Span named(List<Span> spans, String name) {
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among " + spans));
    }

    private HttpResponse<String> post(String path, String body, String trace) throws Exception {
        return http.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }
}

package io.tradingbreaker.sample;

import static io.tradingbreaker.BreakerState.CLOSED;
import static io.tradingbreaker.BreakerState.HALF_OPEN;
import static io.tradingbreaker.BreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What the breaker does in each scenario. */
class ScenarioTests extends AbstractServiceTests {

    /** As many as the trader makes in a second. A machine that is slow makes fewer, and none more. */
    private static final long A_SECONDS_CALLS = 80;

    @Test
    void trader_makesAtLeast50NodeCallsInASecond() {
        allow(Duration.ofMinutes(1), node);
        long[] last = {node.counters().successful(), System.nanoTime()};

        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    long[] now = {node.counters().successful(), System.nanoTime()};
                    double perSecond = (now[0] - last[0]) * 1e9 / (now[1] - last[1]);
                    System.arraycopy(now, 0, last, 0, 2);
                    return perSecond >= 50;
                });
    }

    @Test
    void spike_pausesWithinASecondsCallsLetsCancelsPassAndRecoversByItself() throws Exception {
        service.place(ServiceClient.BUY);
        String resting = service.place(ServiceClient.PROTECTION).path("id").asString();
        long sequence = lastSequence(node);

        assertThat(callsToOpen("spike")).isLessThan(A_SECONDS_CALLS);

        JsonNode reason = service.get("/actuator/circuitbreaker/node").path("reason");
        assertThat(reason.path("rule").asString()).isIn("percentile", "consecutive");
        assertThat(reason.path("observed").isNumber()).isTrue();
        assertThat(reason.path("limit").isNumber()).isTrue();
        assertThat(reason.path("samples").asInt()).isPositive();

        HttpResponse<String> refused = service.post("/orders", ServiceClient.BUY);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        assertThat(refused.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(service.send("DELETE", "/orders/" + resting, null).statusCode())
                .isEqualTo(200);
        assertThat(service.post("/orders", ServiceClient.SELL).statusCode()).isEqualTo(201);
        HttpResponse<String> health = service.send("GET", "/actuator/health", null);
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(health.body()).contains("OUT_OF_SERVICE");

        service.play("normal");
        await().until(this::isEverythingClosed);

        assertThat(statesSince(node, sequence)).containsSubsequence(OPEN, HALF_OPEN, CLOSED);
        await().until(() -> service.send("GET", "/actuator/health", null).statusCode() == 200);
        service.place(ServiceClient.BUY);
        JsonNode portfolio = service.get("/portfolio");
        assertThat(portfolio.path("reconciles").asBoolean()).isTrue();
        assertThat(portfolio.path("fills").asLong()).isPositive();
    }

    @Test
    void freeze_pausesWhileTheCallsStillHang() throws Exception {
        assertThat(callsToOpen("freeze")).isLessThan(A_SECONDS_CALLS);

        assertThat(service.get("/simulator/scenario").path("frozen").asInt()).isPositive();
        assertThat(node.snapshot().counters().inFlight()).isPositive();

        service.play("normal");
        await().until(() -> node.state() == CLOSED);
    }

    @Test
    void frozenSlot_keepsAnOpenBreakerOpenUntilTheSlotMoves() throws Exception {
        service.play("frozen-slot");

        assertStaysOpen("has not advanced");

        long sequence = lastSequence(node);
        service.play("normal");
        await().until(() -> node.state() == CLOSED);
        assertThat(statesSince(node, sequence)).startsWith(HALF_OPEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"scenario\":\"unhealthy\"} | 42 slots behind",
                "{\"scenario\":\"unhealthy\",\"slotsBehind\":\"unknown\"} | unhealthy, its lag unknown",
                "{\"scenario\":\"cached-slot\"} | has not advanced",
                "{\"scenario\":\"lagging\"} | behind the best known",
            })
    void unhealthyNode_keepsAnOpenBreakerOpen(String scenario, String details) throws Exception {
        service.playAs(scenario);

        assertStaysOpen(details);
    }

    @Test
    void errors_pausesByTheRunOfFailures() throws Exception {
        allow(Duration.ofMinutes(1), node);

        assertThat(callsToOpen("errors")).isLessThan(A_SECONDS_CALLS);

        assertThat(node.snapshot().reason().rule().code()).isIn("consecutive", "error-rate");
    }

    @Test
    void stalls_pausesAtTheFirst() throws Exception {
        assertThat(callsToOpen("stalls")).isLessThan(A_SECONDS_CALLS);
    }

    @Test
    void burstOf429s_tripsNothing() throws Exception {
        allow(
                Duration.ofMinutes(1),
                node,
                breakers.breaker("venue"),
                breakers.breaker("quotes-a"),
                breakers.breaker("quotes-b"));
        await().until(this::isEverythingClosed);
        long ignored = node.counters().ignored();
        long changes = stateChanges();

        service.play("rate-limit");
        await().until(() -> node.counters().ignored() >= ignored + 50
                && breakers.breaker("quotes-a").counters().ignored() > 0);

        assertThat(stateChanges()).isEqualTo(changes);
        assertThat(isEverythingClosed()).isTrue();
    }

    /** How many calls were still admitted between the beginning of a scenario and the pause. */
    private long callsToOpen(String scenario) throws Exception {
        long sequence = lastSequence(node);
        service.play(scenario);
        long admitted = node.counters().permitted();
        awaitOpen(node, sequence);
        return node.counters().permitted() - admitted;
    }

    private long stateChanges() {
        return Stream.of("node", "venue", "quotes-a", "quotes-b")
                .mapToLong(name -> breakers.breaker(name).counters().stateChanges())
                .sum();
    }

    private boolean isEverythingClosed() {
        return Stream.of("node", "venue", "quotes-a", "quotes-b")
                .allMatch(name -> breakers.breaker(name).state() == CLOSED);
    }
}

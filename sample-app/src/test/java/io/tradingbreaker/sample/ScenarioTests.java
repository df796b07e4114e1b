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

    @Test
    void trader_makesAtLeast50NodeCallsASecond() {
        long first = node.counters().total();
        long began = System.nanoTime();

        await().pollInterval(Duration.ofMillis(10)).until(() -> node.counters().total() >= first + 150);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void spike_pausesWithinASecondLetsCancelsPassAndRecoversByItself() throws Exception {
        service.place(ServiceClient.BUY);
        String resting = service.place(ServiceClient.PROTECTION).path("id").asString();
        long sequence = lastSequence();

        service.play("spike");
        Duration toOpen = timeTo(OPEN, node);

        assertThat(toOpen).isLessThan(Duration.ofSeconds(1));
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

        assertThat(statesSince(sequence)).startsWith(OPEN).endsWith(HALF_OPEN, CLOSED);
        assertThat(service.send("GET", "/actuator/health", null).statusCode()).isEqualTo(200);
        assertThat(service.post("/orders", ServiceClient.BUY).statusCode()).isEqualTo(201);
        JsonNode portfolio = service.get("/portfolio");
        assertThat(portfolio.path("reconciles").asBoolean()).isTrue();
        assertThat(portfolio.path("fills").asLong()).isPositive();
    }

    @Test
    void freeze_pausesWhileTheCallsStillHang() throws Exception {
        service.play("freeze");

        assertThat(timeTo(OPEN, node)).isLessThan(Duration.ofSeconds(1));
        assertThat(service.get("/simulator/scenario").path("frozen").asInt()).isPositive();
        assertThat(node.snapshot().counters().inFlight()).isPositive();

        service.play("normal");
        await().until(() -> node.state() == CLOSED);
    }

    @Test
    void frozenSlot_keepsAnOpenBreakerOpenUntilTheSlotMoves() throws Exception {
        service.play("frozen-slot");
        long sequence = lastSequence();

        assertThat(tripAndAwaitUnhealthyProbes()).contains("has not advanced");

        assertThat(statesSince(sequence)).containsExactly(OPEN);
        service.play("normal");
        await().until(() -> node.state() == CLOSED);
        assertThat(statesSince(sequence)).startsWith(OPEN, HALF_OPEN);
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

        assertThat(tripAndAwaitUnhealthyProbes()).contains(details);

        assertThat(node.state()).isEqualTo(OPEN);
    }

    @Test
    void errors_pausesByTheRunOfFailures() throws Exception {
        service.play("errors");

        assertThat(timeTo(OPEN, node)).isLessThan(Duration.ofSeconds(1));
        assertThat(node.snapshot().reason().rule().code()).isIn("consecutive", "error-rate");
    }

    @Test
    void stalls_pausesAtTheFirst() throws Exception {
        service.play("stalls");

        assertThat(timeTo(OPEN, node)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void burstOf429s_tripsNothing() throws Exception {
        long ignored = node.counters().ignored();
        long changes = stateChanges();

        service.play("rate-limit");
        await().until(() -> node.counters().ignored() >= ignored + 50
                && breakers.breaker("quotes-a").counters().ignored() > 0);

        assertThat(stateChanges()).isEqualTo(changes);
        assertThat(isEverythingClosed()).isTrue();
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

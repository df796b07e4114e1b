package io.tradingbreaker.sample;

import static io.tradingbreaker.BreakerState.CLOSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** What the slot stream's scenarios do to the service, where only a stream's silence can trip. */
@TestPropertySource(
        properties = {
            "trading-breaker.breakers.node.p99-threshold=0",
            "trading-breaker.breakers.node.latency-threshold=5s",
            "trading-breaker.breakers.node.failure-threshold=0",
            "trading-breaker.breakers.node.error-rate-threshold=0",
            "trading-breaker.breakers.node.stream-silence=2s",
        })
class SlotStreamScenarioTests extends AbstractServiceTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    @BeforeEach
    void streamRuns() {
        await().atMost(LONG).until(() -> age() < 1_000);
    }

    @Test
    void normal_portfolioShowsTheLastSlotAndItsAge() throws Exception {
        await().atMost(LONG).untilAsserted(() -> assertThat(lag()).isBetween(-1L, 10L));
    }

    @Test
    void silentStream_pausesByItsOwnRuleAndStaysPausedUntilSlotsCome() throws Exception {
        Duration limit = node.config().streamSilence();
        long sequence = lastSequence(node);
        service.play("silent-stream");
        awaitOpen(node, sequence);

        assertThat(node.snapshot().reason().rule().code()).isEqualTo("stream-silence");
        assertThat(node.snapshot().reason().message()).contains("geyser.Geyser/Subscribe");
        // Without pauses of this JVM; the check comes every 20 ms.
        assertThat(node.snapshot().reason().observed()).isBetween(limit.toMillis() * 1.0, limit.toMillis() + 500.0);
        assertThat(service.post("/orders", ServiceClient.BUY).statusCode()).isEqualTo(503);

        assertStaysOpen("the slot stream has shown nothing");

        service.play("normal");
        await().atMost(LONG).until(() -> node.state() == CLOSED);
    }

    @Test
    void lagged_keepsAnOpenBreakerOpen() throws Exception {
        service.play("lagged");
        await().atMost(LONG).until(() -> lag() >= 39);

        assertStaysOpen("the streamed slot", "behind the best known");

        service.play("normal");
        await().atMost(LONG).until(() -> node.state() == CLOSED);
    }

    @Test
    void serverShutdown_reconnectsWhileTradingGoesOn() throws Exception {
        long before = slotStream().path("subscriptions").asLong();
        service.play("server-shutdown");
        await().atMost(LONG).until(() -> slotStream().path("subscriptions").asLong() >= before + 2 && age() > 1_000);
        assertThat(node.state()).isEqualTo(CLOSED);
        service.place(ServiceClient.BUY);

        service.play("normal");
        await().atMost(LONG).until(() -> age() < 1_000);
        assertThat(node.state()).isEqualTo(CLOSED);
    }

    @Test
    void scenarioOfAnotherEndpoint_isRefused() throws Exception {
        HttpResponse<String> spike =
                service.post("/simulator/scenario", "{\"scenario\":\"spike\",\"endpoint\":\"geyser\"}");
        assertThat(spike.statusCode()).isEqualTo(400);
        assertThat(spike.body()).contains("silent-stream", "lagged", "server-shutdown");
        HttpResponse<String> silent =
                service.post("/simulator/scenario", "{\"scenario\":\"silent-stream\",\"endpoint\":\"node\"}");
        assertThat(silent.statusCode()).isEqualTo(400);
    }

    private long lag() throws Exception {
        JsonNode simulator = service.get("/simulator/scenario");
        return simulator.path("slot").asLong() - slotStream().path("slot").asLong();
    }

    private long age() throws Exception {
        return slotStream().path("ageMillis").asLong(Long.MAX_VALUE);
    }

    private JsonNode slotStream() throws Exception {
        return service.get("/portfolio").path("slotStream");
    }
}

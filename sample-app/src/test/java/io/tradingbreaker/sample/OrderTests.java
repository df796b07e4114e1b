package io.tradingbreaker.sample;

import static io.tradingbreaker.BreakerState.CLOSED;
import static io.tradingbreaker.BreakerState.HALF_OPEN;
import static io.tradingbreaker.BreakerState.HALTED;
import static io.tradingbreaker.BreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Orders, the kill switch and the meters. */
class OrderTests extends AbstractServiceTests {

    @Test
    void haltOfEverything_refusesBuysPassesCancelsAndEndsByResumeOnly() throws Exception {
        service.place(ServiceClient.BUY);
        String resting = service.place(ServiceClient.PROTECTION).path("id").asString();
        long sequence = lastSequence(node);
        assertThat(service.post(
                                "/actuator/circuitbreaker",
                                "{\"action\":\"halt\",\"reason\":\"drill\",\"actor\":\"ops\"}")
                        .statusCode())
                .isEqualTo(200);

        HttpResponse<String> refused = service.post("/orders", ServiceClient.BUY);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
        assertThat(service.send("DELETE", "/orders/" + resting, null).statusCode())
                .isEqualTo(200);
        await().during(Duration.ofMillis(1500)).until(() -> node.state() == HALTED);
        assertThat(service.post("/actuator/circuitbreaker/node", "{\"action\":\"trip\"}")
                        .statusCode())
                .isEqualTo(409);

        service.post("/actuator/circuitbreaker", "{\"action\":\"resume\",\"reason\":\"drill over\",\"actor\":\"ops\"}");
        await().until(() -> node.state() == CLOSED);

        assertThat(statesSince(node, sequence)).containsSubsequence(HALTED, OPEN, HALF_OPEN, CLOSED);
    }

    @Test
    void prometheus_hasEveryMeter() throws Exception {
        String scraped =
                "\n" + service.send("GET", "/actuator/prometheus", null).body();

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
        HttpResponse<String> response = service.post("/orders", body);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(new JsonMapper().readTree(response.body()).path("detail").asString())
                .isNotEmpty();
    }

    @Test
    void cancelOfNothing_answers404AndOfAFilledOrder409() throws Exception {
        String filled = service.place(ServiceClient.BUY).path("id").asString();

        assertThat(service.send("DELETE", "/orders/o-0", null).statusCode()).isEqualTo(404);
        assertThat(service.send("DELETE", "/orders/" + filled, null).statusCode())
                .isEqualTo(409);
        assertThat(service.get("/orders/" + filled).path("status").asString()).isEqualTo("FILLED");
        assertThat(service.get("/orders").size()).isPositive();
    }
}

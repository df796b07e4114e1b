package io.tradingbreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Recordings, and requests for scenarios that cannot be played. */
class ReplayTests extends AbstractServiceTests {

    @Test
    void replay_reportsThePausesInsideAndOutsideTheIncidents() throws Exception {
        assertThat(service.post("/simulator/scenario", "{\"scenario\":\"replay\",\"rowMillis\":\"100\"}")
                        .statusCode())
                .isEqualTo(200);
        JsonNode midway = await().until(
                        () -> service.get("/simulator/replay/report"),
                        shown -> shown.path("rowsReplayed").asInt() > 60);
        assertThat(midway.path("state").asString())
                .isIn(midway.path("rowsReplayed").asInt() < 120 ? List.of("running") : List.of("running", "finished"));

        await().atMost(Duration.ofSeconds(60))
                .until(() -> service.get("/simulator/replay/report")
                        .path("state")
                        .asString()
                        .equals("finished"));

        JsonNode report = service.get("/simulator/replay/report");
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
        await().until(() -> service.get("/simulator/scenario")
                .path("endpoints")
                .path("node")
                .path("scenario")
                .asString()
                .equals("normal"));
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
                "{\"scenario\":\"unhealthy\",\"slotsBehind\":\"-1\"}",
                "{\"scenario\":\"freeze\",\"endpoint\":\"quotes-c\"}",
                "{\"scenario\":\"replay\",\"endpoint\":\"node\"}"
            })
    void badScenario_answers400AndChangesNothing(String body) throws Exception {
        HttpResponse<String> response = service.post("/simulator/scenario", body);

        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode answer = new JsonMapper().readTree(response.body());
        assertThat(answer.path("error").asString()).isNotEmpty();
        assertThat(answer.path("allowed").size()).isPositive();
        assertThat(service.get("/simulator/scenario")
                        .path("endpoints")
                        .path("node")
                        .path("scenario")
                        .asString())
                .isEqualTo("normal");
    }
}

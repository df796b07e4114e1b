package io.tradingbreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The node as a JSON-RPC server. */
class JsonRpcTests extends AbstractSimulatorTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                          | -32700 | null",
                "[]                                         | -32600 | null",
                "7                                          | -32600 | null",
                "{\"id\":1,\"method\":\"getSlot\"}          | -32600 | 1",
                "{\"jsonrpc\":\"2.0\",\"id\":\"a\"}         | -32600 | \"a\"",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"getSlot\"}       | -32600 | null",
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"getNothing\"}     | -32601 | 2",
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"sendTransaction\",\"params\":[\"0\"]} | -32602 | 3",
            })
    void badRequest_answersTheErrorCodeWithTheId(String body, int code, String id) throws Exception {
        HttpResponse<String> response = post(body);

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answer = json.readTree(response.body());
        assertThat(answer.path("jsonrpc").asString()).isEqualTo("2.0");
        assertThat(answer.path("error").path("code").asInt()).isEqualTo(code);
        assertThat(answer.path("error").path("message").asString()).isNotEmpty();
        assertThat(answer.path("id").toString()).isEqualTo(id);
        assertThat(answer.has("result")).isFalse();
    }

    @Test
    void goodRequest_answersTheResultWithTheId() throws Exception {
        JsonNode health = call("getHealth", "[]");
        assertThat(health.path("result").asString()).isEqualTo("ok");
        assertThat(health.path("id").asInt()).isEqualTo(1);
        assertThat(health.has("error")).isFalse();
        assertThat(call("getSlot", "[{\"commitment\":\"processed\"}]")
                        .path("result")
                        .asLong())
                .isPositive();
    }

    @Test
    void batch_answersEachButTheNotifications() throws Exception {
        JsonNode answers = json.readTree(post("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getHealth\"},"
                        + "{\"jsonrpc\":\"2.0\",\"method\":\"getHealth\"},{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"no\"}]")
                .body());

        assertThat(answers).hasSize(2);
        assertThat(answers.path(0).path("result").asString()).isEqualTo("ok");
        assertThat(answers.path(1).path("error").path("code").asInt()).isEqualTo(-32601);
    }

    @Test
    void otherPathsAndMethods_areRefused() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(405);
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
        assertThat(post("x".repeat(60_000)).statusCode()).isEqualTo(413);
    }

    @Test
    void slot_movesEvery400Millis() throws Exception {
        AtomicLong nanos = new AtomicLong(-1);
        SlotClock clock = new SlotClock(nanos::get);
        long first = clock.slot();
        nanos.addAndGet(399_999_999);
        assertThat(clock.slot()).isEqualTo(first);
        nanos.addAndGet(1);
        assertThat(clock.slot()).isEqualTo(first + 1);
        nanos.addAndGet(800_000_000);
        assertThat(clock.slot()).isEqualTo(first + 3);

        long shown = simulator.status().slot();
        await().until(() -> simulator.status().slot() > shown);
    }

    @Test
    void unhealthy_answersBothFormsOfTheError() throws Exception {
        simulator.play(Scenario.UNHEALTHY);
        JsonNode behind = call("getHealth", "[]").path("error");
        assertThat(behind.path("code").asInt()).isEqualTo(-32005);
        assertThat(behind.path("message").asString()).isEqualTo("Node is behind by 42 slots");
        assertThat(behind.path("data").path("numSlotsBehind").asInt()).isEqualTo(42);

        simulator.play(Behaviour.unhealthy(null));
        JsonNode unknown = call("getHealth", "[]").path("error");
        assertThat(unknown.path("message").asString()).isEqualTo("Node is unhealthy");
        assertThat(unknown.path("data").path("numSlotsBehind").isNull()).isTrue();
    }
}

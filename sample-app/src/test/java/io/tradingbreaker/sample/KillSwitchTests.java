package io.tradingbreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An operator's evening: everything is halted, the process is killed, and trading comes back only by hand. */
class KillSwitchTests {

    private static final int ROUNDS = Integer.getInteger("endurance.sample-rounds", 1);
    private static final String SELL_TOO_MUCH = ServiceClient.SELL.replace("0.01", "1000");

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES) // of a slow machine; it starts two processes
    void haltOutlivesAKillAndEndsByHand(@TempDir Path folder) throws Exception {
        String store = "trading-breaker.store.path=" + folder.resolve("halts");
        SampleProcess sample = SampleProcess.start(folder, store);
        try {
            for (int round = 1; round <= ROUNDS; round++) {
                String reason = "drift " + round;
                sample.service.place(ServiceClient.BUY);
                String resting = sample.service
                        .place(ServiceClient.PROTECTION)
                        .path("id")
                        .asString();
                Instant before = Instant.now();
                assertThat(act(sample, "/actuator/circuitbreaker", "halt", reason)
                                .statusCode())
                        .isEqualTo(200);

                HttpResponse<String> buy = sample.service.post("/orders", ServiceClient.BUY);
                assertThat(buy.statusCode()).as(buy.body()).isEqualTo(503);
                assertThat(buy.body()).contains(reason);
                assertThat(buy.headers().firstValue("Retry-After")).isEmpty();
                assertThat(sample.service
                                .send("DELETE", "/orders/" + resting, null)
                                .statusCode())
                        .isEqualTo(200);
                HttpResponse<String> sell = sample.service.post("/orders", ServiceClient.SELL);
                assertThat(sell.statusCode()).as(sell.body()).isEqualTo(201);
                HttpResponse<String> tooMuch = sample.service.post("/orders", SELL_TOO_MUCH);
                assertThat(tooMuch.statusCode()).as(tooMuch.body()).isEqualTo(422); // by the books

                sample.kill();
                sample = SampleProcess.start(folder, store);

                for (JsonNode breaker :
                        sample.service.get("/actuator/circuitbreaker").path("breakers")) {
                    assertThat(breaker.path("state").asString()).isEqualTo("HALTED");
                    JsonNode halt = breaker.path("transitions").path(0);
                    assertThat(halt.path("actor").asString()).isEqualTo("alice (unverified)");
                    assertThat(halt.path("message").asString()).contains(reason);
                    String at = halt.path("message").asString().replaceAll(".*halted at (\\S+): .*", "$1");
                    assertThat(Instant.parse(at)).isBetween(before, Instant.now());
                }
                assertThat(sample.service.post("/orders", ServiceClient.BUY).statusCode())
                        .isEqualTo(503);

                assertThat(act(sample, "/actuator/circuitbreaker", "resume", "checked")
                                .statusCode())
                        .isEqualTo(200);
                SampleProcess running = sample;
                await().atMost(Duration.ofSeconds(60)).until(() -> trades(running));
                assertThat(rules(running)).containsSubsequence("trials", "probe", "resume", "halt");
            }
        } finally {
            sample.close();
        }
    }

    private static boolean trades(SampleProcess sample) throws Exception {
        return sample.service
                        .get("/actuator/circuitbreaker/node")
                        .path("state")
                        .asString()
                        .equals("CLOSED")
                && sample.service.post("/orders", ServiceClient.BUY).statusCode() == 201;
    }

    private static List<String> rules(SampleProcess sample) throws Exception {
        List<String> newestFirst = new ArrayList<>();
        sample.service
                .get("/actuator/circuitbreaker/node")
                .path("transitions")
                .forEach(transition -> newestFirst.add(transition.path("rule").asString()));
        return newestFirst;
    }

    private static HttpResponse<String> act(SampleProcess sample, String path, String action, String reason)
            throws Exception {
        return sample.service.post(
                path, "{\"action\":\"" + action + "\",\"reason\":\"" + reason + "\",\"actor\":\"alice\"}");
    }
}

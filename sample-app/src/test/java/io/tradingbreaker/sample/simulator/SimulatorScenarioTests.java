package io.tradingbreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.sample.solana.Base58;
import io.tradingbreaker.sample.solana.SignedTransaction;
import io.tradingbreaker.sample.solana.Token;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the endpoints do in each scenario. */
class SimulatorScenarioTests extends AbstractSimulatorTests {

    @Test
    void errors_answersHttp500() throws Exception {
        simulator.play(Scenario.ERRORS);

        assertThat(post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"getHealth\"}")
                        .statusCode())
                .isEqualTo(500);
        assertThat(get(quotePath(Token.USDC, Token.SOL, "1000000")).statusCode())
                .isEqualTo(500);
    }

    @Test
    void spike_takes300Millis() throws Exception {
        simulator.play(Scenario.SPIKE);
        long began = System.nanoTime();

        call("getHealth", "[]");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(299));
        assertThat(Behaviour.of(Scenario.SPIKE).latency(35).next()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void frozenSlot_answersFastWithTheSameSlot() throws Exception {
        simulator.play(Scenario.FROZEN_SLOT);
        long held = call("getSlot", "[]").path("result").asLong();
        await().during(Duration.ofMillis(900))
                .until(() -> call("getSlot", "[]").path("result").asLong() == held);

        simulator.play(Scenario.NORMAL);
        assertThat(call("getSlot", "[]").path("result").asLong()).isGreaterThan(held);
    }

    @Test
    void freeze_holdsHundredsOfRequestsAndAnswersThemInTheEnd() throws Exception {
        simulator.play(Scenario.FREEZE);
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        String transaction =
                SignedTransaction.sign(key, Base58.encode(new byte[32]), "swap").base64();
        for (int i = 0; i < 300; i++) {
            calls.add(http.sendAsync(
                    request("/", rpc("sendTransaction", "[\"" + transaction + "\",{\"encoding\":\"base64\"}]")),
                    BodyHandlers.ofString()));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> simulator.status().frozen() == 300);
        assertThat(calls).noneMatch(CompletableFuture::isDone);

        simulator.play(Scenario.NORMAL);

        assertThat(calls).allSatisfy(call -> assertThat(call.get().statusCode()).isEqualTo(503));
        assertThat(simulator.status().frozen()).isZero();
        assertThat(simulator.status().transactions()).isZero();
        assertThat(call("getHealth", "[]").path("result").asString()).isEqualTo("ok");
    }

    @Test
    void oneEndpoint_canPlayAloneAndTheSecondNodeIsLeftOutOfAll() throws Exception {
        simulator.play(Simulator.QUOTES_A, Behaviour.of(Scenario.ERRORS));

        assertThat(get(quotePath(Simulator.QUOTES_A, Token.USDC, Token.SOL, "1000000"))
                        .statusCode())
                .isEqualTo(500);
        assertThat(get(quotePath(Simulator.QUOTES_B, Token.USDC, Token.SOL, "1000000"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(call("getHealth", "[]").path("result").asString()).isEqualTo("ok");
        simulator.play(Scenario.ERRORS);
        assertThat(post("/", rpc("getHealth", "[]")).statusCode()).isEqualTo(500);
        assertThat(post("/node-b", rpc("getHealth", "[]")).statusCode()).isEqualTo(200);
    }

    @Test
    void rateLimit_answers429WithItsEndAndWithoutRetryAfter() throws Exception {
        simulator.play(Scenario.RATE_LIMIT);

        long before = Instant.now().getEpochSecond();
        HttpResponse<String> response =
                await().until(() -> post(rpc("getSlot", "[]")), answer -> answer.statusCode() == 429);
        long after = Instant.now().getEpochSecond();

        assertThat(response.headers().firstValue("Retry-After")).isEmpty();
        long reset = response.headers().firstValueAsLong("x-ratelimit-reset").orElse(0);
        assertThat(reset).isBetween(before, after + 3);
        await().until(() -> post(rpc("getSlot", "[]")).statusCode() == 200);
    }

    @Test
    void cachedSlot_standsStillAndJumps() throws Exception {
        simulator.play(Scenario.CACHED_SLOT);
        long first = slot("/");

        long next = await().until(() -> slot("/"), slot -> slot != first);

        assertThat(next).isGreaterThan(first);
        assertThat(List.of(first % 5, next % 5)).containsOnly(0L);
        assertThat(next).isLessThanOrEqualTo(slot("/node-b"));
    }

    @Test
    void lagging_isWellAndBehind() throws Exception {
        simulator.play(Scenario.LAGGING);

        assertThat(call("getHealth", "[]").path("result").asString()).isEqualTo("ok");
        long before = slot("/node-b");
        assertThat(slot("/") + 40).isBetween(before, slot("/node-b"));
    }

    @Test
    void stall_holdsAnswersBackForItsLengthOnly() {
        LatencyModel stalling =
                LatencyModel.stalling(LatencyModel.fixed(Duration.ZERO), Duration.ofHours(3), Duration.ofHours(1));
        assertThat(stalling.next()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));

        LatencyModel over = LatencyModel.stalling(
                LatencyModel.fixed(Duration.ofMillis(7)), Duration.ofHours(1), Duration.ofNanos(1));
        await().until(() -> over.next().equals(Duration.ofMillis(7)));
    }
}

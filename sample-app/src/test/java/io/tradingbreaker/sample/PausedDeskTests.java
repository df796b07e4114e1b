package io.tradingbreaker.sample;

import static io.tradingbreaker.BreakerState.CLOSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.sample.execution.Trader;
import io.tradingbreaker.sample.execution.Transactions;
import io.tradingbreaker.sample.jupiter.Side;
import io.tradingbreaker.sample.solana.SignedTransaction;
import io.tradingbreaker.sample.solana.Token;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What a trading desk may do while everything is halted, and what is done by itself. */
class PausedDeskTests extends AbstractServiceTests {

    @Autowired
    Trader trader;

    @Autowired
    Transactions transactions;

    @AfterEach
    void resume() throws Exception {
        service.post("/actuator/circuitbreaker", "{\"action\":\"reset\",\"reason\":\"next test\"}");
        await().until(() -> node.state() == CLOSED);
    }

    @Test
    void halted_onlyWhatReducesRiskPasses() throws Exception {
        place(ServiceClient.BUY);
        String resting = place(ServiceClient.PROTECTION);
        halt();

        HttpResponse<String> buy = service.post("/orders", ServiceClient.BUY);
        assertThat(buy.statusCode()).isEqualTo(503);
        assertThat(buy.body()).contains("is HALTED (fat finger)");
        assertThat(service.send("DELETE", "/orders/" + resting, null).statusCode())
                .isEqualTo(200);
        assertThat(service.post("/orders", ServiceClient.SELL).statusCode()).isEqualTo(201);
        assertThat(service.post("/orders", ServiceClient.SELL.replace("0.01", "999999"))
                        .statusCode())
                .as("refused by the desk's own books")
                .isEqualTo(422);
    }

    @Test
    void haltedOversizedSell_doesNotReachTheNode() throws Exception {
        place(ServiceClient.BUY);
        halt();
        SignedTransaction sell = transactions.place("o-oversized", Side.SELL).transaction();

        assertThatExceptionOfType(TradingPausedException.class)
                .isThrownBy(() -> trader.reduce(sell, Token.SOL.mint(), Long.MAX_VALUE))
                .withMessageContaining("not taken for a reduction: " + Long.MAX_VALUE)
                .withMessageContaining(" more than the position of ")
                .withMessageEndingWith(" in " + Token.SOL.mint());
        assertThatExceptionOfType(TradingPausedException.class)
                .isThrownBy(() -> trader.reduce(sell, Token.USDC.mint(), 1))
                .withMessageContaining("is not known");
        // The bot's sells may still be in flight.
        await().ignoreException(TradingPausedException.class)
                .untilAsserted(() -> trader.reduce(sell, Token.SOL.mint(), 1));
    }

    @Test
    void halted_entriesAreCancelledAndProtectionStays() throws Exception {
        place(ServiceClient.BUY);
        String entry = place(ServiceClient.RESTING);
        String protection = place(ServiceClient.PROTECTION);
        halt();

        await().until(() -> status(entry).equals("CANCELLED"));
        assertThat(status(protection)).isEqualTo("RESTING");
        await().untilAsserted(() -> {
            JsonNode latest =
                    service.get("/actuator/circuitbreaker/node").path("hooks").path(0);
            assertThat(List.of(
                            latest.path("name").asString(), latest.path("event").asString()))
                    .containsExactly("cancelRestingEntries", "pause");
            assertThat(latest.path("result").asString()).isEqualTo("ok");
        });
        assertThat(service.get("/actuator/circuitbreaker/quotes-a").path("hooks"))
                .isEmpty();
    }

    @Test
    void haltAndItsRefusal_areAudited() throws Exception {
        halt();
        service.post("/actuator/circuitbreaker/node", "{\"action\":\"trip\",\"actor\":\"eve\"}");

        await().untilAsserted(() -> {
            String events = service.get("/actuator/circuitbreaker/node/audit?limit=20")
                    .path("events")
                    .toString();
            assertThat(events)
                    .contains("TRADING_BREAKER_TRANSITION", "\"to\":\"HALTED\"", "alice (unverified)")
                    .contains("TRADING_BREAKER_ACTION", "\"result\":\"refused\"", "eve (unverified)");
        });
    }

    private String place(String order) {
        return service.place(order).path("id").asString();
    }

    private void halt() throws Exception {
        assertThat(service.post(
                                "/actuator/circuitbreaker",
                                "{\"action\":\"halt\",\"reason\":\"fat finger\",\"actor\":\"alice\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    private String status(String order) throws Exception {
        return service.get("/orders/" + order).path("status").asString();
    }
}

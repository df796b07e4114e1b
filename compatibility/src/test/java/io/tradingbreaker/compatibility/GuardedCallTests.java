package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tradingbreaker.BreakerCounters;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.Transition;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** {@code @LatencyGuarded}, the events of transitions, and the answer to a refused call over HTTP. */
@RunningApplication
class GuardedCallTests {

    @Autowired
    private BreakerRegistry registry;

    @Autowired
    private ManualScheduler time;

    @Autowired
    private ScriptedVenue venue;

    @Autowired
    private TradingDesk desk;

    @Autowired
    private Journal journal;

    @Value("${local.server.port}")
    private int port;

    private TradingBreaker node;

    @BeforeEach
    void closedBreakersAndAFastVenue() {
        node = registry.breaker("node");
        registry.reset("next test", null);
        time.runDue();
        venue.answers(Duration.ofMillis(1));
    }

    @Test
    void desk_isProxied() {
        assertThat(AopUtils.isAopProxy(desk)).isTrue();
    }

    @Test
    void callOverTheLimit_pausesAndRefusesTheNext() {
        venue.answers(Duration.ofMillis(160));
        assertThat(desk.buy("SOL")).isEqualTo("filled");

        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        assertThatThrownBy(() -> desk.buy("SOL"))
                .isInstanceOfSatisfying(TradingPausedException.class, refusal -> {
                    assertThat(refusal.breaker()).isEqualTo("node");
                    assertThat(refusal.reason().rule().code()).isEqualTo("percentile");
                });
    }

    @Test
    void failuresInARow_pauseAndAreThrownAsTheyAre() {
        venue.answers(Duration.ZERO, CompletableFuture.failedFuture(new IllegalStateException("node lost")));
        for (int i = 0; i < 3; i++) {
            assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
            assertThatThrownBy(() -> desk.buy("SOL"))
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseMessage("node lost");
        }
        assertThat(node.snapshot().reason().rule().code()).isEqualTo("consecutive");
    }

    @Test
    void ignoredExceptions_pauseNothing() {
        BreakerCounters before = node.counters();
        venue.answers(Duration.ZERO, CompletableFuture.failedFuture(new IllegalArgumentException("no such symbol")));
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> desk.buy("SOL")).hasRootCauseMessage("no such symbol");
        }
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(node.counters().ignored() - before.ignored()).isEqualTo(5);
    }

    @Test
    void whilePaused_cancelsPassAndQuotesFallBack() {
        node.trip("by hand", null);

        assertThat(desk.cancel("SOL")).isEqualTo("filled");
        assertThat(desk.quote("SOL")).isEqualTo("last quote of SOL while OPEN");
    }

    @Test
    void slowKey_isPausedAndNoOther_andGoesWhenIdle(@Autowired RoutedDesk routed) {
        RoutedDesk.Endpoint slow = new RoutedDesk.Endpoint("Slow.example.com");
        RoutedDesk.Endpoint fast = new RoutedDesk.Endpoint("fast.example.com");
        venue.answers(Duration.ofMillis(160));
        assertThat(routed.buy(slow, "SOL")).isEqualTo("filled");
        venue.answers(Duration.ofMillis(1));

        assertThatThrownBy(() -> routed.buy(slow, "SOL"))
                .isInstanceOfSatisfying(TradingPausedException.class, refusal -> assertThat(refusal.breaker())
                        .matches("node:slow\\.example\\.com-[0-9a-f]{16}"));
        for (int i = 0; i < 300; i++) {
            assertThat(routed.buy(fast, "SOL")).isEqualTo("filled");
        }
        assertThat(registry.find("node:fast.example.com").counters().successful())
                .as("compiled or not")
                .isEqualTo(300);

        registry.reset("so that both are idle", null);
        time.advance(Duration.ofHours(1));
        assertThat(registry.breakers()).extracting(TradingBreaker::name).containsExactly("node", "trading", "venue");
    }

    @Test
    void stage_isTimedToItsCompletion() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        venue.answers(Duration.ZERO, answer);
        BreakerCounters before = node.counters();
        CompletionStage<String> order = desk.buyLater("SOL");
        assertThat(node.counters().inFlight()).isEqualTo(1);

        time.advance(Duration.ofMillis(20));
        answer.complete("filled");

        assertThat(order.toCompletableFuture()).isCompletedWithValue("filled");
        assertThat(node.counters().inFlight()).isZero();
        assertThat(node.counters().successful() - before.successful()).isEqualTo(1);
        assertThat(node.snapshot().latency().max()).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void stalledStage_pausesBeforeItReturns() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        venue.answers(Duration.ZERO, answer);
        desk.buyLater("SOL");

        time.advance(Duration.ofMillis(175));

        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        assertThat(desk.buyLater("SOL").toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(TradingPausedException.class);
        answer.complete("filled");
    }

    @Test
    void recovery_isEarnedByTrialsAndPublishedAsEvents() {
        int before = journal.transitions().size();
        venue.answers(Duration.ofMillis(160));
        desk.buy("SOL");
        venue.answers(Duration.ofMillis(1));
        time.advance(Duration.ofSeconds(45));
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
        desk.buy("SOL");
        desk.buy("SOL");
        time.runDue();

        List<Transition> events = journal.transitions();
        assertThat(events.subList(before, events.size()))
                .extracting(Transition::breaker, Transition::from, Transition::to, event -> event.reason()
                        .rule()
                        .code())
                .containsExactly(
                        tuple(
                                "node", BreakerState.CLOSED, BreakerState.OPEN, "percentile"),
                        tuple(
                                "node", BreakerState.OPEN, BreakerState.HALF_OPEN, "timeout"),
                        tuple(
                                "node", BreakerState.HALF_OPEN, BreakerState.CLOSED, "trials"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/buy/SOL", "/buy-later/SOL"})
    void refusedRequest_is503WithProblemDetailAndRetryAfter(String path) throws Exception {
        Answer filled = Answer.get(port, path);
        assertThat(filled.status()).isEqualTo(200);
        assertThat(filled.body()).isEqualTo("filled");
        node.trip("by hand", "ops");
        time.advance(Duration.ofMillis(2_500));

        Answer refused = Answer.get(port, path);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("43");
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(refused.map())
                .containsEntry("title", "Trading is paused")
                .containsEntry("status", 503)
                .containsEntry("instance", path)
                .containsEntry("breaker", "node")
                .containsEntry("state", "OPEN")
                .containsEntry("reason", "trip");
        assertThat(refused.map().get("detail")).asString().contains("by hand");
    }

    @Test
    void refusedWhileHalted_hasNoRetryAfter() throws Exception {
        node.halt("stop", "ops");

        Answer refused = Answer.get(port, "/buy/SOL");

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
        assertThat(refused.map()).containsEntry("state", "HALTED");
    }
}

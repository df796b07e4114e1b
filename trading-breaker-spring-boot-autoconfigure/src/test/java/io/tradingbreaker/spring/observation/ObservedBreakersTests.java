package io.tradingbreaker.spring.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ObservedBreakersTests {

    private static final String ADMITTED = " rejected.by=none rejection.reason=none state=";

    private final Observed observed = new Observed();
    private final TradingBreaker node = observed.node;

    @AfterEach
    void close() {
        observed.close();
    }

    @Test
    void endsOfCalls_areOneObservationEach() {
        node.acquire(Intent.OPEN_RISK).success();
        node.acquire(Intent.REDUCE).failure();
        node.acquire(Intent.CANCEL).ignored();
        node.acquire(Intent.QUERY).discarded();

        assertThat(observed.seen())
                .containsExactly(
                        "trading.breaker.call breaker=node intent=open-risk outcome=success" + ADMITTED + "closed",
                        "trading.breaker.call breaker=node intent=reduce outcome=failure" + ADMITTED + "closed",
                        "trading.breaker.call breaker=node intent=cancel outcome=ignored" + ADMITTED + "closed",
                        "trading.breaker.call breaker=node intent=query outcome=discarded" + ADMITTED + "closed");
        assertThat(observed.last().getContextualName()).isEqualTo("breaker node");
        assertThat(observed.last().getHighCardinalityKeyValues()).isEmpty();
        observed.assertNothingIsLeft();
    }

    @Test
    void keyedBreaker_isItsTemplateInTags_andItselfInTraces() {
        TradingBreaker keyed = observed.registry.keyed("node").of("fra1");
        keyed.acquire(Intent.OPEN_RISK).success();
        keyed.halt("stop", null);
        assertThatThrownBy(() -> keyed.call(() -> 1)).isInstanceOf(TradingPausedException.class);
        observed.time.runDue();

        assertThat(observed.seen())
                .containsExactlyInAnyOrder(
                        "trading.breaker.call breaker=node intent=open-risk outcome=success" + ADMITTED + "closed",
                        "trading.breaker.call breaker=node intent=open-risk outcome=rejected rejected.by=node"
                                + " rejection.reason=halt state=halted",
                        "trading.breaker.transition breaker=node from=closed rule=halt to=halted");
        assertThat(observed.stopped).allSatisfy(context -> {
            assertThat(context.getContextualName()).startsWith("breaker node").doesNotContain("fra1");
            assertThat(context.getHighCardinalityKeyValues())
                    .containsExactly(KeyValue.of("breaker.keyed", "node:fra1"));
        });
        observed.assertNothingIsLeft();
    }

    @Test
    void refusal_namesTheBreakerThatRefusedAndItsRule() {
        Objects.requireNonNull(node.parent()).halt("stop", null);
        assertThatThrownBy(() -> node.call(() -> 1)).isInstanceOf(TradingPausedException.class);

        assertThat(observed.seen())
                .containsExactly("trading.breaker.call breaker=node intent=open-risk outcome=rejected rejected.by=venue"
                        + " rejection.reason=halt state=halted");
        assertThat(observed.last().getError()).isNull();
        observed.assertNothingIsLeft();
    }

    @Test
    void passThroughAndTrial_showTheStateThatLetThemIn() {
        node.trip("test", null);
        node.acquire(Intent.CANCEL).success();
        observed.time.advance(Duration.ofSeconds(30));
        node.acquire(Intent.OPEN_RISK).success();

        assertThat(observed.seen())
                .contains(
                        "trading.breaker.call breaker=node intent=cancel outcome=success" + ADMITTED + "open",
                        "trading.breaker.call breaker=node intent=open-risk outcome=success" + ADMITTED + "half-open");
    }

    @Test
    void error_isTheCallsOwnAndOnlyAFailures() {
        IllegalStateException own = new IllegalStateException("down");
        node.acquire(Intent.OPEN_RISK).complete(null, new CompletionException(own));
        assertThat(observed.last().getError()).isSameAs(own);

        node.acquire(Intent.OPEN_RISK).complete(null, new IOException("ignored"));
        assertThat(observed.last().getError()).isNull();
        observed.assertNothingIsLeft();
    }

    @Test
    void synchronousWork_isInsideTheCallsObservation() throws Exception {
        Observation parent = Observation.start("request", observed.observations);
        try (Observation.Scope request = parent.openScope()) {
            assertThat(request).isNotNull();
            node.call(() -> {
                Observation.start("client", observed.observations).stop();
                return 1;
            });
            assertThat(observed.observations.getCurrentObservation()).isSameAs(parent);
        }
        parent.stop();

        assertThat(observed.stopped)
                .map(Observation.Context::getName)
                .containsExactly("client", "trading.breaker.call", "request");
        assertThat(parentOf(0)).isSameAs(observed.stopped.get(1));
        assertThat(parentOf(1)).isSameAs(observed.stopped.get(2));
        observed.assertNothingIsLeft();
    }

    @Test
    void asynchronousCall_stopsOnTheThreadThatCompletesIt_andLeavesNoScopeThere() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        node.callAsync(() -> {
            assertThat(observed.observations.getCurrentObservation()).isNotNull();
            return answer;
        });
        assertThat(observed.observations.getCurrentObservation()).isNull();
        assertThat(observed.stopped).isEmpty();

        CompletableFuture<Observation.Scope> left = CompletableFuture.supplyAsync(() -> {
            answer.complete("done");
            return observed.observations.getCurrentObservationScope();
        });

        assertThat(left.get(30, TimeUnit.SECONDS)).isNull();
        assertThat(observed.seen()).hasSize(1).first().asString().contains("outcome=success");
        observed.assertNothingIsLeft();
    }

    @Test
    void abandonedCall_stopsThen_andNotAgainWhenItReturns() {
        Permit lost = node.acquire(Intent.QUERY);
        observed.time.advance(Duration.ofMillis(1_100));
        assertThat(observed.seen()).anySatisfy(line -> assertThat(line).contains("outcome=abandoned"));
        lost.success();

        assertThat(observed.seen().stream().filter(line -> line.startsWith("trading.breaker.call")))
                .hasSize(1);
        observed.assertNothingIsLeft();
    }

    @Test
    void transitionByACall_isItsChild() {
        node.acquire(Intent.OPEN_RISK).failure();
        node.acquire(Intent.OPEN_RISK).failure();
        observed.time.runDue();

        assertThat(observed.seen())
                .hasSize(3)
                .last()
                .isEqualTo("trading.breaker.transition breaker=node from=closed rule=consecutive to=open");
        assertThat(observed.last().getContextualName()).isEqualTo("breaker node open");
        assertThat(parentOf(2)).isSameAs(observed.stopped.get(1));
        observed.assertNothingIsLeft();
    }

    @Test
    void transitionByAHungCall_isItsChild_andByATimerNobodys() {
        node.acquire(Intent.OPEN_RISK);
        observed.time.advance(Duration.ofMillis(440));
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        Observation.ContextView parent = parentOf(0);
        assertThat(parent).isSameAs(observed.started.get(0)).isInstanceOf(BreakerCallContext.class);

        observed.time.advance(Duration.ofSeconds(30));
        assertThat(observed.last().getLowCardinalityKeyValue("rule").getValue()).isEqualTo("timeout");
        assertThat(observed.last().getParentObservation()).isNull();
        observed.assertNothingIsLeft();
    }

    @Test
    void transitionByAnOperator_belongsToTheRequestThatAsked() {
        Observation request = Observation.start("request", observed.observations);
        request.scoped(() -> node.halt("stop", "alice"));
        observed.time.runDue();
        request.stop();

        assertThat(parentOf(0)).isSameAs(request.getContext());
        observed.assertNothingIsLeft();
    }

    @Test
    void conventions_canBeReplaced_orSetForAll() {
        observed.observations.observationConfig().observationConvention(new Globally());
        node.acquire(Intent.QUERY).success();
        assertThat(observed.last().getName()).isEqualTo("globally");

        try (Observed own = new Observed(new Own(), null)) {
            own.observations.observationConfig().observationConvention(new Globally());
            own.node.acquire(Intent.QUERY).success();
            assertThat(own.seen()).containsExactly("trading.breaker.call breaker=node outcome=success");
        }
    }

    @Test
    void documentedKeys_areThoseThatThereAre() {
        node.halt("stop", null);
        observed.time.runDue();
        node.acquire(Intent.QUERY).success();

        assertThat(observed.stopped.get(0).getLowCardinalityKeyValues().stream().map(KeyValue::getKey))
                .containsExactlyInAnyOrder(keys(BreakerObservation.TRANSITION));
        assertThat(observed.stopped.get(1).getLowCardinalityKeyValues().stream().map(KeyValue::getKey))
                .containsExactlyInAnyOrder(keys(BreakerObservation.CALL));
    }

    private static String[] keys(BreakerObservation observation) {
        return Arrays.stream(observation.getLowCardinalityKeyNames())
                .map(KeyName::asString)
                .toArray(String[]::new);
    }

    @Test
    void observationsThatAreSwitchedOff_costNoCallItsPlace() throws Exception {
        observed.observations.observationConfig().observationPredicate((name, context) -> false);
        Permit permit = node.acquire(Intent.OPEN_RISK);
        assertThat(permit.context()).isEmpty();
        permit.success();
        assertThat(node.call(() -> 1)).isEqualTo(1);
        node.halt("stop", null);
        assertThat(node.tryAcquire()).isNull();
        observed.time.runDue();

        assertThat(observed.stopped).isEmpty();
        observed.assertNothingIsLeft();
    }

    /** Where a handler throws. */
    enum At {
        START,
        OPEN,
        CLOSE,
        ERROR,
        STOP
    }

    @ParameterizedTest
    @EnumSource
    void throwingHandler_harmsNoCallAndLeavesNoScope(At at) throws Exception {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new Throwing(at));
        ObservedBreakers observer = new ObservedBreakers(() -> new ObservedBreakers.Settings(registry, null, null));
        try (BreakerRegistry breakers = BreakerRegistry.builder()
                .clock(observed.time.clock())
                .scheduler(observed.time)
                .observer(observer)
                .build()) {
            TradingBreaker breaker = breakers.breaker("trading");
            assertThat(breaker.call(() -> 1)).isEqualTo(1);
            IOException own = new IOException();
            assertThatThrownBy(() -> breaker.call(() -> {
                        throw own;
                    }))
                    .isSameAs(own);
            breaker.halt("stop", null);
            assertThatThrownBy(() -> breaker.call(() -> 1)).isInstanceOf(TradingPausedException.class);
            observed.time.runDue();

            assertThat(registry.getCurrentObservationScope()).isNull();
            assertThat(List.of(
                            breaker.counters().successful(), breaker.counters().failed()))
                    .containsExactly(1L, 1L);
            assertThat(breaker.counters().inFlight()).isZero();
            assertThat(observed.complaints()).hasSize(1);
        }
    }

    private Observation.ContextView parentOf(int stopped) {
        return Objects.requireNonNull(observed.stopped.get(stopped).getParentObservation())
                .getContextView();
    }

    private static final class Own extends DefaultBreakerCallConvention {

        @Override
        public KeyValues getLowCardinalityKeyValues(BreakerCallContext context) {
            return KeyValues.of(
                    "breaker", context.breaker(), "outcome", context.ending().code());
        }
    }

    private static final class Globally extends DefaultBreakerCallConvention
            implements GlobalObservationConvention<BreakerCallContext> {

        @Override
        public String getName() {
            return "globally";
        }
    }

    private record Throwing(At at) implements ObservationHandler<Observation.Context> {

        private void maybe(At here) {
            if (at == here) {
                throw new IllegalStateException("broken handler");
            }
        }

        @Override
        public void onStart(Observation.Context context) {
            maybe(At.START);
        }

        @Override
        public void onError(Observation.Context context) {
            maybe(At.ERROR);
        }

        @Override
        public void onScopeOpened(Observation.Context context) {
            maybe(At.OPEN);
        }

        @Override
        public void onScopeClosed(Observation.Context context) {
            maybe(At.CLOSE);
        }

        @Override
        public void onStop(Observation.Context context) {
            maybe(At.STOP);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }
}

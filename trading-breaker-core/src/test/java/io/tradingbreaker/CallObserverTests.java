package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What an observer is told of calls, and that it cannot harm them. */
class CallObserverTests {

    private final ManualScheduler time = new ManualScheduler();
    private final Recorder told = new Recorder();

    private BreakerRegistry registry(CallObserver observer, Consumer<BreakerConfigBuilder> config) {
        return BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .observer(observer)
                .breaker("venue", BreakerConfig.DEFAULT)
                .breaker("node", BreakerConfig.DEFAULT.with(config.andThen(c -> c.parent("venue"))))
                .build();
    }

    private TradingBreaker node() {
        return registry(told, c -> c.failureThreshold(2)).breaker("node");
    }

    @Test
    void call_isToldOnceAtTheBreakerThatWasAsked_withItsScopeAroundTheOperation() throws Exception {
        node().call(Intent.CANCEL, () -> told.add("runs"));

        assertThat(told.lines).containsExactly("node CANCEL CLOSED", "open", "runs", "close", "SUCCESS null");
    }

    @Test
    void failure_isToldWithItsOwnException() {
        IOException down = new IOException("down");
        node().acquire(Intent.OPEN_RISK).complete(null, new CompletionException(down));

        assertThat(told.lines).containsExactly("node OPEN_RISK CLOSED", "FAILURE " + down);
    }

    @Test
    void ignoredAndDiscarded_areToldWithoutTheirException() {
        TradingBreaker node = registry(told, c -> c.ignoreExceptions(List.of(IOException.class)))
                .breaker("node");
        node.acquire(Intent.QUERY).complete(null, new IOException());
        node.acquire(Intent.QUERY).discarded();

        assertThat(told.lines)
                .containsExactly("node QUERY CLOSED", "IGNORED null", "node QUERY CLOSED", "DISCARDED null");
    }

    @Test
    void refusal_isToldWithTheLevelThatRefused() {
        TradingBreaker node = node();
        node.parent().halt("x", null);
        told.lines.clear();

        assertThat(node.tryAcquire()).isNull();
        assertThatThrownBy(() -> node.call(() -> 1)).isInstanceOf(TradingPausedException.class);

        assertThat(told.lines).containsExactly("node refused by venue HALTED", "node refused by venue HALTED");
    }

    @Test
    void joinedCall_isNotTold() {
        TradingBreaker node = node();
        Permit outer = node.acquire(Intent.OPEN_RISK);
        Permit joined = node.acquire(Intent.QUERY, outer);
        joined.openScope().close();
        joined.success();
        outer.success();

        assertThat(told.lines).containsExactly("node OPEN_RISK CLOSED", "SUCCESS null");
        assertThat(joined.context()).isEmpty();
    }

    @Test
    void permit_leadsToItsCallUntilItsEndOnly() {
        TradingBreaker node = node();
        Permit permit = node.acquire(Intent.OPEN_RISK, null, key -> "of " + key);
        assertThat(permit.context()).isEqualTo(Map.of("key", "of origin"));
        permit.openScope().close();
        permit.success();
        Permit next = node.acquire(Intent.QUERY); // in the same slot

        assertThat(permit.context()).isEmpty();
        permit.openScope().close();
        permit.failure();
        assertThat(next.context()).isNotEmpty();
        assertThat(told.lines)
                .containsExactly("node OPEN_RISK CLOSED", "open", "close", "SUCCESS null", "node QUERY CLOSED");
    }

    @Test
    void stage_isOpenWhileItIsStarted_andEndsWhereItCompletes() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        node().callAsync(() -> {
            told.add("started");
            return answer;
        });
        answer.completeExceptionally(new IOException("late"));

        assertThat(told.lines)
                .containsExactly(
                        "node OPEN_RISK CLOSED", "open", "started", "close", "FAILURE java.io.IOException: late");
    }

    @Test
    void abandonedCall_isToldOnce_andItsLateEndIsNot() {
        TradingBreaker node = registry(
                        told,
                        c -> c.permitTimeout(Duration.ofSeconds(1))
                                .failureThreshold(0)
                                .localPauseLimit(Duration.ZERO))
                .breaker("node");
        Permit lost = node.acquire(Intent.OPEN_RISK);
        time.advance(Duration.ofMillis(1_100));
        assertThat(node.counters().abandoned()).isEqualTo(1);
        lost.success();

        assertThat(told.lines).containsExactly("node OPEN_RISK CLOSED", "abandoned");
    }

    @Test
    void transitionByACallsEnd_isThatCalls() {
        TradingBreaker node = node();
        node.acquire(Intent.OPEN_RISK).failure();
        told.lines.clear();
        node.acquire(Intent.OPEN_RISK).failure();
        time.runDue();

        // Opened, so that the thread's diagnostic context is the call's.
        assertThat(told.lines)
                .containsExactly(
                        "node OPEN_RISK CLOSED",
                        "open",
                        "deciding by the call",
                        "close",
                        "FAILURE null",
                        "told by the call: OPEN consecutive");
    }

    @Test
    void transitionByTheStallCheck_isTheHungCalls_whoseScopeStaysClosed() {
        TradingBreaker node = node();
        node.acquire(Intent.OPEN_RISK);
        time.advance(Duration.ofMillis(440));

        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        assertThat(told.lines)
                .containsExactly("node OPEN_RISK CLOSED", "deciding by the call", "told by the call: OPEN consecutive");
    }

    @Test
    void transitionByOperatorOrTimer_isNobodys() {
        TradingBreaker node = node();
        node.trip("x", null);
        time.advance(node.config().recoveryTimeout());

        assertThat(told.lines).containsExactly("deciding", "told: OPEN trip", "deciding", "told: HALF_OPEN timeout");
    }

    @Test
    void observerThatThrowsEverywhere_changesNothing() throws Exception {
        TradingBreaker node =
                registry(new Broken(true), c -> c.failureThreshold(1)).breaker("node");
        assertThat(node.call(() -> 1)).isEqualTo(1);
        assertThat(node.acquire(Intent.OPEN_RISK).context()).isEmpty();
        Permit permit = node.acquire(Intent.OPEN_RISK);
        permit.openScope().close();
        permit.failure();
        time.runDue();

        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        assertThatThrownBy(() -> node.call(() -> 2)).isInstanceOf(TradingPausedException.class);
        assertThat(List.of(
                        node.counters().successful(),
                        node.counters().failed(),
                        node.counters().inFlight()))
                .containsExactly(1L, 1L, 1L);
    }

    @Test
    void observerThatFailsToAdmit_isNotAskedAgainForThatCall() throws Exception {
        TradingBreaker node = registry(new Broken(false), c -> {}).breaker("node");

        assertThat(node.call(() -> 1)).isEqualTo(1);
        Desk.assertBalanced(node);
    }

    /** Writes down what it is told. */
    private static final class Recorder implements CallObserver {

        final List<String> lines = new ArrayList<>();

        String add(String line) {
            lines.add(line);
            return line;
        }

        @Override
        public Call admitted(String breaker, Intent intent, BreakerState state, Origin origin) {
            add(breaker + " " + intent + " " + state);
            return new Call() {
                @Override
                public Scope open() {
                    add("open");
                    return () -> add("close");
                }

                @Override
                public Map<Object, Object> context() {
                    return Map.of("key", String.valueOf(origin.get("origin")));
                }

                @Override
                public StateChangeListener deciding() {
                    add("deciding by the call");
                    return t -> add("told by the call: " + t.to() + " "
                            + t.reason().rule().code());
                }

                @Override
                public void ended(Outcome outcome, Throwable error) {
                    add(outcome + " " + error);
                }

                @Override
                public void abandoned() {
                    add("abandoned");
                }
            };
        }

        @Override
        public void refused(String breaker, Intent intent, TradingPausedException refusal, Origin origin) {
            add(breaker + " refused by " + refusal.breaker() + " " + refusal.state());
        }

        @Override
        public StateChangeListener deciding() {
            add("deciding");
            return t -> add("told: " + t.to() + " " + t.reason().rule().code());
        }
    }

    /** Throws whatever it is asked. */
    private record Broken(boolean admits) implements CallObserver {

        private static AssertionError broken() {
            return new AssertionError("broken observer");
        }

        @Override
        public Call admitted(String breaker, Intent intent, BreakerState state, Origin origin) {
            if (!admits) {
                throw broken();
            }
            return new Call() {
                @Override
                public Scope open() {
                    throw broken();
                }

                @Override
                public Map<Object, Object> context() {
                    throw broken();
                }

                @Override
                public StateChangeListener deciding() {
                    throw broken();
                }

                @Override
                public void ended(Outcome outcome, Throwable error) {
                    throw broken();
                }

                @Override
                public void abandoned() {
                    throw broken();
                }
            };
        }

        @Override
        public void refused(String breaker, Intent intent, TradingPausedException refusal, Origin origin) {
            throw broken();
        }

        @Override
        public StateChangeListener deciding() {
            throw broken();
        }
    }
}

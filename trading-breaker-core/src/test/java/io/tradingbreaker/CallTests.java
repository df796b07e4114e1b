package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** {@code call}, {@code callAsync} and what their ends mean. */
class CallTests {

    private final Desk desk = Desk.of(c -> c.failureThreshold(3));

    @Test
    void result_isPassedOn_alsoNull() throws Exception {
        assertThat(desk.breaker().call(() -> 42)).isEqualTo(42);
        assertThat(desk.breaker().<Object>call(() -> null)).isNull();
        assertThat(desk.breaker().counters().successful()).isEqualTo(2);
    }

    @Test
    void exceptionsAndErrors_arePassedOnAsTheyAre_andCount() {
        IOException checked = new IOException("down");
        assertThatThrownBy(() -> desk.breaker().call(() -> {
                    throw checked;
                }))
                .isSameAs(checked);
        StackOverflowError error = new StackOverflowError();
        assertThatThrownBy(() -> desk.breaker().call(() -> {
                    throw error;
                }))
                .isSameAs(error);
        assertThat(desk.breaker().counters().failed()).isEqualTo(2);
        assertThat(desk.breaker().counters().inFlight()).isZero();
    }

    @Test
    void refusal_doesNotRunTheOperation_andNestedRefusalIsIgnored() {
        desk.open();
        assertThatThrownBy(() -> desk.breaker().call(() -> {
                    throw new AssertionError("ran");
                }))
                .isInstanceOf(TradingPausedException.class);
        TradingBreaker other = desk.breaker("other");
        assertThatThrownBy(() -> other.call(() -> desk.breaker().call(() -> 1)))
                .isInstanceOf(TradingPausedException.class);
        assertThat(other.counters().ignored()).isEqualTo(1);
        assertThat(other.counters().failed()).isZero();
    }

    @Test
    void nestedCalls_areCountedEach() throws Exception {
        assertThat(desk.breaker().call(() -> desk.breaker().call(() -> 1))).isEqualTo(1);
        assertThat(desk.breaker().counters().successful()).isEqualTo(2);
    }

    @Test
    void wrappers_areTakenOff() {
        Desk io = Desk.of(c -> c.ignoreExceptions(List.of(IOException.class)).failureThreshold(0));
        IOException cause = new IOException();
        for (Throwable wrapper : List.of(
                new CompletionException(cause),
                new ExecutionException(new CompletionException(cause)),
                new UndeclaredThrowableException(cause))) {
            io.breaker().acquire(Intent.OPEN_RISK).complete(null, wrapper);
        }
        io.breaker().acquire(Intent.OPEN_RISK).complete(null, new CompletionException(new CancellationException()));
        assertThat(io.breaker().counters().ignored()).isEqualTo(4);
        io.breaker().acquire(Intent.OPEN_RISK).complete(null, new CompletionException("no cause", null));
        assertThat(io.breaker().counters().failed()).isEqualTo(1);
    }

    @Test
    void ignoreBeatsRecord_andWhatIsNotRecordedIsIgnored() {
        Desk io = Desk.of(c -> c.ignoreExceptions(List.of(java.io.FileNotFoundException.class))
                .recordExceptions(List.of(IOException.class)));
        io.breaker().acquire(Intent.OPEN_RISK).complete(null, new java.io.FileNotFoundException());
        io.breaker().acquire(Intent.OPEN_RISK).complete(null, new IllegalStateException());
        assertThat(io.breaker().counters().ignored()).isEqualTo(2);
        io.breaker().acquire(Intent.OPEN_RISK).complete(null, new IOException());
        assertThat(io.breaker().counters().failed()).isEqualTo(1);
    }

    @Test
    void classifiers_areAskedInOrder_andOneThatThrowsIsPassedOver() throws Exception {
        desk.classifiers.add((breaker, result, error) -> {
            throw new IllegalStateException("broken");
        });
        desk.classifiers.add((breaker, result, error) -> "bad".equals(result) ? Outcome.FAILURE : null);
        desk.classifiers.add((breaker, result, error) -> error instanceof IOException ? Outcome.IGNORED : null);
        assertThat(desk.breaker().call(() -> "bad")).isEqualTo("bad");
        assertThat(desk.breaker().call(() -> "good")).isEqualTo("good");
        assertThatThrownBy(() -> desk.breaker().call(() -> {
                    throw new IOException();
                }))
                .isInstanceOf(IOException.class);
        BreakerCounters counters = desk.breaker().counters();
        assertThat(List.of(counters.failed(), counters.successful(), counters.ignored()))
                .containsExactly(1L, 1L, 1L);
    }

    @Test
    void discardedCall_isNoSampleHoweverSlow() {
        desk.failures(2).calls(3, 210, Permit::discarded);
        assertThat(desk.breaker().counters().ignored()).isEqualTo(3);
        assertThat(desk.breaker().counters().slow()).isZero();
        assertThat(desk.breaker().counters().consecutiveFailures()).isEqualTo(2);
        assertThat(desk.breaker().latencyMonitor().window().samples()).isEqualTo(2);
        assertThat(desk.breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void discardedCall_keepsWhatTheStallCheckHadSaid() {
        desk.calls(1, 300, Permit::discarded);
        assertThat(desk.breaker().counters().stalled()).isEqualTo(1);
        assertThat(desk.breaker().counters().consecutiveFailures()).isEqualTo(1);
        assertThat(desk.breaker().latencyMonitor().window().over()).isEqualTo(1);
    }

    @Test
    void discardedTrial_returnsItsSlot() {
        desk.halfOpen();
        for (int i = 0; i < 20; i++) {
            // Ends between two stall checks.
            desk.calls(1, 210, Permit::discarded).advance(10);
        }
        desk.calls(2, 1);
        assertThat(desk.breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void stage_isTimedToItsCompletion_andReturnedItself() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletionStage<String> stage = desk.breaker().callAsync(() -> answer);
        assertThat(stage).isSameAs(answer);
        assertThat(desk.breaker().counters().inFlight()).isEqualTo(1);
        desk.advance(150);
        answer.complete("done");
        assertThat(desk.breaker().counters().successful()).isEqualTo(1);
        assertThat(desk.breaker().counters().successfulTime().toMillis()).isEqualTo(150);
    }

    @Test
    void futureFailingWithAnError_orCancelledByItsCaller_doesNotLeakATrial() {
        desk.halfOpen();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<String> future = new CompletableFuture<>();
            desk.breaker().callAsync(() -> future).toCompletableFuture().cancel(true);
        }
        CompletableFuture<String> failing = new CompletableFuture<>();
        desk.breaker().callAsync(() -> failing);
        failing.completeExceptionally(new OutOfMemoryError("test"));
        BreakerCounters counters = desk.breaker().counters();
        assertThat(counters.inFlight()).isZero();
        assertThat(counters.ignored()).isEqualTo(20);
        assertThat(counters.failed()).isEqualTo(1);
        desk.expect(BreakerState.HALF_OPEN).calls(2, 1).expect(BreakerState.CLOSED);
    }

    @Test
    void supplierThatThrowsOrReturnsNull_endsItsPermit() {
        assertThatThrownBy(() -> desk.breaker().callAsync(() -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThatThrownBy(() -> desk.breaker().callAsync(() -> null)).isInstanceOf(NullPointerException.class);
        assertThat(desk.breaker().counters().failed()).isEqualTo(2);
        assertThat(desk.breaker().counters().inFlight()).isZero();
    }

    @Test
    void refusedAsyncCall_isAFailedStage() {
        desk.open();
        CompletionStage<String> stage = desk.breaker().callAsync(() -> {
            throw new AssertionError("ran");
        });
        assertThat(stage.toCompletableFuture())
                .isCompletedExceptionally()
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(TradingPausedException.class);
    }

    @Test
    void switchedOff_passesEverythingAndSaysSoToOperators() throws Exception {
        try (BreakerRegistry off = BreakerRegistry.builder().enabled(false).build()) {
            TradingBreaker breaker = off.breaker("trading");
            assertThat(breaker.call(() -> 1)).isEqualTo(1);
            breaker.acquire(Intent.OPEN_RISK).complete(null, new IOException());
            assertThat(breaker.counters().total()).isZero();
            assertThat(breaker.snapshot().state()).isEqualTo(BreakerState.CLOSED);
            assertThatThrownBy(() -> breaker.halt("x", null))
                    .isInstanceOf(BreakerConflictException.class)
                    .hasMessageContaining("switched off");
        }
    }
}

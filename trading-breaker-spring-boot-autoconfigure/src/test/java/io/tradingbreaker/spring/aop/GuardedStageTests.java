package io.tradingbreaker.spring.aop;

import static io.tradingbreaker.spring.Calls.assertEnded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.Mockito.mock;

import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Stages of every kind, guarded by the aspect and by {@code callAsync}: they end their permit alike. */
@ExtendWith(OutputCaptureExtension.class)
class GuardedStageTests {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final CompletableFuture<String> source = new CompletableFuture<>();

    enum Way {
        ASPECT,
        CALL_ASYNC
    }

    @ParameterizedTest
    @EnumSource
    void derivedStageCancelled_permitLivesUntilSourceEnds(Way way) {
        run(way, f -> {
            CompletableFuture<Integer> derived =
                    f.guard(source).thenApply(String::length).toCompletableFuture();
            derived.cancel(true);
            assertThat(f.breaker.counters().inFlight()).isOne();
            f.time.advance(Duration.ofMillis(250));
            assertThat(f.breaker.counters().stalled()).isOne();
            source.complete("late");
            assertEnded(f.breaker, 1, 0, 0);
            assertThat(f.breaker.counters().slow()).isOne();
        });
    }

    @ParameterizedTest
    @EnumSource
    void returnedStageCancelled_endsAsIgnored(Way way) {
        run(way, f -> {
            f.guard(source).toCompletableFuture().cancel(false);
            assertEnded(f.breaker, 0, 0, 1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void orTimeout_endsAsFailure(Way way) {
        run(way, f -> {
            f.guard(source).toCompletableFuture().orTimeout(1, TimeUnit.MILLISECONDS);
            await().atMost(SOON).until(() -> f.breaker.counters().inFlight() == 0);
            assertEnded(f.breaker, 0, 1, 0);
            source.complete("too late");
            assertEnded(f.breaker, 0, 1, 0);
        });
    }

    @ParameterizedTest
    @EnumSource
    void orTimeoutOnCopy_permitLivesUntilSourceEnds(Way way) {
        run(way, f -> {
            CompletableFuture<String> copy =
                    f.guard(source).toCompletableFuture().copy();
            copy.orTimeout(1, TimeUnit.MILLISECONDS);
            await().atMost(SOON).until(copy::isCompletedExceptionally);
            assertThat(f.breaker.counters().inFlight()).isOne();
            source.complete("done");
            assertEnded(f.breaker, 1, 0, 0);
        });
    }

    @ParameterizedTest
    @EnumSource
    void completeOnTimeout_endsAsSuccess(Way way) {
        run(way, f -> {
            f.guard(source).toCompletableFuture().completeOnTimeout("cached", 1, TimeUnit.MILLISECONDS);
            await().atMost(SOON).until(() -> f.breaker.counters().inFlight() == 0);
            assertEnded(f.breaker, 1, 0, 0);
        });
    }

    @ParameterizedTest
    @EnumSource
    void minimalStage_timedToItsEnd(Way way) {
        run(way, f -> {
            CompletionStage<String> minimal = source.minimalCompletionStage();
            assertThat((Object) f.guard(minimal)).isSameAs(minimal);
            f.time.advance(Duration.ofMillis(150));
            source.completeExceptionally(new IOException("down"));
            assertEnded(f.breaker, 0, 1, 0);
        });
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("unchecked")
    void stageThatIsNoCompletableFuture_timedToItsEnd(Way way) {
        run(way, f -> {
            CompletionStage<String> foreign = mock(CompletionStage.class, delegatesTo(source));
            assertThat((Object) f.guard(foreign)).isSameAs(foreign);
            assertThat(f.breaker.counters().inFlight()).isOne();
            source.complete("done");
            assertEnded(f.breaker, 1, 0, 0);
        });
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("unchecked")
    void stageThatTakesNoListener_isReturnedAndIgnored(Way way, CapturedOutput output) {
        run(way, f -> {
            CompletionStage<String> deaf = mock(CompletionStage.class, call -> {
                throw new UnsupportedOperationException("no listeners");
            });
            assertThat((Object) f.guard(deaf)).isSameAs(deaf);
            assertThat((Object) f.guard(deaf)).isSameAs(deaf);
            assertEnded(f.breaker, 0, 0, 2);
            assertThat(output).containsOnlyOnce("Breaker 'trading' cannot listen to a stage");
        });
    }

    @ParameterizedTest
    @EnumSource
    void callbackOfCallerThrows_isNotTheCallsOutcome(Way way) {
        run(way, f -> {
            CompletableFuture<String> derived = f.guard(source)
                    .whenComplete((result, error) -> {
                        throw new IllegalStateException("the caller's own");
                    })
                    .toCompletableFuture();
            source.complete("done");
            assertThat(derived).isCompletedExceptionally();
            assertEnded(f.breaker, 1, 0, 0);
        });
    }

    @ParameterizedTest
    @EnumSource
    void failedBeforeReturn_isFailure(Way way) {
        run(way, f -> {
            source.completeExceptionally(new IOException("down"));
            assertThat((Object) f.guard(source)).isSameAs(source);
            assertEnded(f.breaker, 0, 1, 0);
        });
    }

    private static void run(Way way, Consumer<Fixture> test) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AopAutoConfiguration.class,
                        TradingBreakerAutoConfiguration.class,
                        LatencyGuardedAutoConfiguration.class))
                .withUserConfiguration(VirtualTime.class)
                .withBean(Desk.class)
                .run(context -> test.accept(new Fixture(
                        way,
                        context.getBean(Desk.class),
                        context.getBean("tradingBreaker", TradingBreaker.class),
                        context.getBean(ManualScheduler.class))));
    }

    private record Fixture(Way way, Desk desk, TradingBreaker breaker, ManualScheduler time) {

        CompletionStage<String> guard(CompletionStage<String> stage) {
            return way == Way.ASPECT ? desk.send(stage) : breaker.callAsync(Intent.OPEN_RISK, () -> stage);
        }
    }

    static class Desk {

        @LatencyGuarded
        public CompletionStage<String> send(CompletionStage<String> stage) {
            return stage;
        }
    }
}

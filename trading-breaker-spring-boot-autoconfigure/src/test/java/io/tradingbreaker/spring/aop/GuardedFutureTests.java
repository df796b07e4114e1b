package io.tradingbreaker.spring.aop;

import static io.tradingbreaker.spring.Calls.assertEnded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Guarded methods that return a plain {@code Future}. */
class GuardedFutureTests {

    private final ExecutorService venue = Executors.newFixedThreadPool(4);
    private final CountDownLatch answers = new CountDownLatch(1);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AopAutoConfiguration.class,
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class))
            .withUserConfiguration(VirtualTime.class)
            .withBean(Desk.class)
            .withBean(Outer.class);

    @AfterEach
    void shutDown() {
        answers.countDown();
        venue.shutdownNow();
    }

    @Test
    void success_sameFutureTimedToItsEnd() {
        run(f -> {
            FutureTask<String> task = new FutureTask<>(() -> "done");
            assertThat(f.desk.send(() -> task)).isSameAs(task);
            assertThat(f.breaker.counters().inFlight()).isOne();
            f.time.advance(Duration.ofMillis(150));
            venue.execute(task);
            f.awaitEnd();
            assertEnded(f.breaker, 1, 0, 0);
            assertThat(f.breaker.counters().successfulTime()).isEqualTo(Duration.ofMillis(150));
        });
    }

    @Test
    void exception_isFailure() {
        run(f -> {
            Future<String> future = f.desk.send(() -> submit(() -> {
                throw new IOException("down");
            }));
            f.awaitEnd();
            assertEnded(f.breaker, 0, 1, 0);
            assertThatThrownBy(future::get).hasCauseInstanceOf(IOException.class);
        });
    }

    @Test
    void cancelled_isIgnored() {
        run(f -> {
            assertThat(f.desk.send(() -> new FutureTask<>(() -> "never")).cancel(true))
                    .isTrue();
            f.awaitEnd();
            assertEnded(f.breaker, 0, 0, 1);
        });
    }

    @Test
    void slowCallerOfGet_isNotCharged() {
        run(f -> {
            Future<String> future = f.desk.send(() -> submit(() -> "done"));
            f.awaitEnd();
            f.time.advance(Duration.ofSeconds(3));
            assertThat(future.get()).isEqualTo("done");
            assertEnded(f.breaker, 1, 0, 0);
            assertThat(f.breaker.counters().slow()).isZero();
        });
    }

    @Test
    void stalledFuture_isSeenBeforeItIsDone() {
        run(f -> {
            FutureTask<String> task = new FutureTask<>(() -> "late");
            assertThat(f.desk.send(() -> task)).isSameAs(task);
            f.time.advance(Duration.ofMillis(250));
            assertThat(f.breaker.counters().stalled()).isOne();
            assertThat(f.breaker.latencyMonitor().window().over()).isOne();
            task.run();
            f.awaitEnd();
            assertEnded(f.breaker, 1, 0, 0);
            assertThat(f.breaker.counters().slow()).isOne();
        });
    }

    @Test
    void doneBeforeReturn_endsAtOnce() {
        run(f -> {
            FutureTask<String> done = new FutureTask<>(() -> "done");
            done.run();
            assertThat(f.desk.send(() -> done)).isSameAs(done);
            assertEnded(f.breaker, 1, 0, 0);
        });
    }

    @Test
    void tenThousandFutures_eachEndsItsPermit() {
        run(f -> {
            List<Future<String>> futures = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                int number = i;
                futures.add(f.desk.send(() -> submit(() -> {
                    answers.await();
                    if (number % 5 == 0) {
                        throw new IOException("down");
                    }
                    return "done";
                })));
            }
            assertThat(f.breaker.counters().inFlight()).isEqualTo(10_000);
            for (int i = 9_000; i < 10_000; i++) {
                futures.get(i).cancel(true);
            }
            answers.countDown();
            f.awaitEnd();
            assertEnded(f.breaker, 7_200, 1_800, 1_000);
        });
    }

    @Test
    void paused_refusalIsThrown() {
        run(f -> {
            f.breaker.trip("test", null);
            assertThatThrownBy(() -> f.desk.send(() -> {
                        throw new AssertionError("ran");
                    }))
                    .isInstanceOf(TradingPausedException.class);
            assertThat(f.desk.cached().get()).isEqualTo("cached");
            assertThat(f.breaker.counters().rejected()).isEqualTo(2);
        });
    }

    @Test
    void futureFromObjectMethod_timedToItsEnd() {
        run(f -> {
            FutureTask<String> task = new FutureTask<>(() -> "done");
            assertThat(f.desk.object(task)).isSameAs(task);
            assertThat(f.breaker.counters().inFlight()).isOne();
            task.run();
            f.awaitEnd();
            assertEnded(f.breaker, 1, 0, 0);
        });
    }

    @Test
    void joinedFuture_isOneCallWithTheOneAroundIt() {
        run(f -> {
            FutureTask<String> task = new FutureTask<>(() -> "done");
            assertThat(f.outer.call(() -> f.desk.send(() -> task))).isSameAs(task);
            assertThat(f.breaker.counters().total()).isOne();
            task.run();
            f.awaitEnd();
            assertEnded(f.breaker, 1, 0, 0);
        });
    }

    @Test
    void joinedFutureLeftBehind_isNotTimed() {
        run(f -> {
            FutureTask<String> task = new FutureTask<>(() -> "done");
            assertThat(f.outer.call(() -> f.desk.send(() -> task).isDone())).isFalse();
            assertEnded(f.breaker, 1, 0, 0);
        });
    }

    @Test
    void switchedOff_futureIsNotLookedAt() {
        runner.withPropertyValues("trading-breaker.enabled=false").run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(LatencyGuardedAdvisor.class);
            FutureTask<String> task = new FutureTask<>(() -> "done");
            assertThat(context.getBean(Desk.class).object(task)).isSameAs(task);
        });
    }

    private Future<String> submit(Callable<String> answer) {
        return venue.submit(answer);
    }

    private void run(Checks test) {
        runner.run(context -> test.run(new Fixture(
                context.getBean(Desk.class),
                context.getBean(Outer.class),
                context.getBean("tradingBreaker", TradingBreaker.class),
                context.getBean(ManualScheduler.class))));
    }

    private interface Checks {
        void run(Fixture fixture) throws Exception;
    }

    private record Fixture(Desk desk, Outer outer, TradingBreaker breaker, ManualScheduler time) {

        void awaitEnd() {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> breaker.counters().inFlight() == 0);
        }
    }

    static class Desk {

        @LatencyGuarded
        public Future<String> send(Callable<Future<String>> operation) throws Exception {
            return operation.call();
        }

        @LatencyGuarded(fallback = "fromCache")
        public Future<String> cached() {
            throw new AssertionError("ran");
        }

        @LatencyGuarded
        public Object object(Object result) {
            return result;
        }

        @SuppressWarnings({"unused", "UnusedMethod"})
        private Future<String> fromCache() {
            FutureTask<String> cached = new FutureTask<>(() -> "cached");
            cached.run();
            return cached;
        }
    }

    static class Outer {

        @LatencyGuarded
        public <T> T call(Callable<T> inner) throws Exception {
            return inner.call();
        }
    }
}

package io.tradingbreaker.company;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.TradingPausedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code @Async} is outside: the worker asks, when it gets to the call. The application has one worker. */
@CompanyTest
class AsyncTests extends AbstractOrdersTests {

    @Test
    void pausedCall_failsTheFuture_andIsNotMade() {
        pause();
        CompletableFuture<String> future = orders.later();
        assertThatThrownBy(() -> future.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(TradingPausedException.class);
        assertThat(venue.entered).hasValue(0);
        assertThat(rejected()).isEqualTo(1);
    }

    @Test
    void pausedCall_isRefusedInTheWorker() throws Exception {
        pause();
        assertThat(orders.laterOrThread().get(30, TimeUnit.SECONDS)).startsWith("task-");
    }

    @Test
    void callThatWaitsForAWorker_isRefusedIfTradingPausesMeanwhile_andItsWaitIsNotTimed() throws Exception {
        CountDownLatch isBusy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        venue.answers(() -> {
            isBusy.countDown();
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
            return "done";
        });
        CompletableFuture<String> running = orders.later();
        assertThat(isBusy.await(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<String> waiting = orders.later();
        assertThat(permitted()).isEqualTo(1);
        pause();
        release.countDown();
        assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo("done");
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(TradingPausedException.class);
        assertThat(venue.entered).hasValue(1);
    }

    @Test
    void pausedCallWithoutAFuture_reachesOnlyTheUncaughtExceptionHandler() {
        pause();
        orders.forgotten();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(uncaught.errors).singleElement().isInstanceOf(TradingPausedException.class));
        assertThat(venue.entered).hasValue(0);
    }
}

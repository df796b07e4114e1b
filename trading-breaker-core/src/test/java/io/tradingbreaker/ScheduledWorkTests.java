package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the scheduler holds for a breaker: nothing that is needed no more. */
class ScheduledWorkTests {

    private final FlakyScheduler scheduler = new FlakyScheduler();
    private Runnable whileChecking = () -> {};
    private final TradingBreaker breaker = breaker(Duration.ofSeconds(1));

    private TradingBreaker breaker(Duration probeTimeout) {
        return BreakerRegistry.builder()
                .clock(scheduler.time.clock())
                .scheduler(scheduler)
                .breaker("trading", BreakerConfig.DEFAULT.with(c -> c.probeTimeout(probeTimeout)))
                .healthCheckers(List.of(() -> {
                    Runnable once = whileChecking;
                    whileChecking = () -> {};
                    once.run();
                    return HealthStatus.healthy(Duration.ZERO, "ok");
                }))
                .build()
                .breaker("trading");
    }

    private void advance(long seconds) {
        scheduler.time.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void phasesThatAreOver_leaveNoTimer() {
        for (int i = 0; i < 10; i++) {
            breaker.trip("x", null);
            assertThat(scheduler.pending).hasSize(1);
            breaker.reset("y", null);
        }
        assertThat(scheduler.pending).isEmpty();
        breaker.trip("x", null);
        advance(30);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        breaker.halt("y", null);
        assertThat(scheduler.pending).isEmpty();
    }

    @Test
    void answeredHealthCheck_leavesNoDeadline() {
        breaker.trip("x", null);
        advance(30);
        assertThat(scheduler.pending).as("half-open-timeout").hasSize(1);
    }

    @Test
    void overdueHealthCheck_isCancelled() {
        breaker.trip("x", null);
        scheduler.time.holdProbes();
        advance(30);
        assertThat(scheduler.pending).as("the check and its deadline").hasSize(2);
        advance(1);
        assertThat(scheduler.pending).as("the next attempt").hasSize(1);
    }

    @Test
    void questionThatIsReplaced_leavesNoDeadline() {
        TradingBreaker waiting = breaker(Duration.ofMinutes(5));
        whileChecking = () -> {
            for (int i = 0; i < 5; i++) {
                waiting.reset("y", null);
                waiting.trip("x", null);
                advance(30);
            }
            assertThat(scheduler.pending)
                    .as("deadlines of the check that runs and of the last")
                    .hasSize(2);
        };
        waiting.trip("x", null);
        advance(180);
        assertThat(waiting.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(scheduler.pending).as("half-open-timeout").hasSize(1);
    }
}

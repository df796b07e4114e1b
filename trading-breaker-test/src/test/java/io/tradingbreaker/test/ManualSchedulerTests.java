package io.tradingbreaker.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Permit;
import io.tradingbreaker.RecoveryScheduler;
import io.tradingbreaker.TradingBreaker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualSchedulerTests {

    private final ManualScheduler time = new ManualScheduler();
    private final List<String> ran = new ArrayList<>();
    private final long began = time.clock().nanoTime();

    private void note(String what) {
        ran.add(what + "@" + (time.clock().nanoTime() - began) / 1_000_000);
    }

    @Test
    void advance_runsEverythingAtItsTime_inOrder() {
        time.after(Duration.ofMillis(30), () -> note("late"));
        time.after(Duration.ofMillis(10), () -> {
            note("early");
            time.after(Duration.ofMillis(5), () -> note("nested"));
        });
        time.every(Duration.ofMillis(20), () -> note("tick"));
        time.advance(Duration.ofMillis(40));
        assertThat(ran).containsExactly("early@10", "nested@15", "tick@20", "late@30", "tick@40");
    }

    @Test
    void nothingRunsByItself_andRunDueTakesNoTime() {
        time.publish(() -> note("listener"));
        time.probe(() -> note("probe"));
        assertThat(ran).isEmpty();
        time.runDue();
        assertThat(ran).containsExactly("listener@0", "probe@0");
    }

    @Test
    void pause_runsWhatIsOverdueAfterwards() {
        time.every(Duration.ofMillis(20), () -> note("tick"));
        time.pause(Duration.ofMillis(500));
        assertThat(ran).containsExactly("tick@500");
        time.advance(Duration.ofMillis(20));
        assertThat(ran).endsWith("tick@520");
    }

    @Test
    void cancelledWork_doesNotRun() {
        time.after(Duration.ofMillis(1), () -> note("never")).cancel();
        RecoveryScheduler.Task[] tick = new RecoveryScheduler.Task[1];
        tick[0] = time.every(Duration.ofMillis(10), () -> {
            note("once");
            tick[0].cancel();
        });
        time.advance(Duration.ofMillis(100));
        assertThat(ran).containsExactly("once@10");
    }

    @Test
    void heldProbes_runWhenReleased() {
        time.holdProbes();
        time.probe(() -> note("probe"));
        time.advance(Duration.ofMillis(10));
        assertThat(ran).isEmpty();
        time.releaseProbes();
        time.advance(Duration.ofMillis(10));
        assertThat(ran).containsExactly("probe@10");
    }

    @Test
    void closed_dropsWork() {
        time.after(Duration.ofMillis(1), () -> note("never"));
        time.close();
        time.publish(() -> note("never"));
        time.advance(Duration.ofMillis(10));
        assertThat(ran).isEmpty();
    }

    @Test
    void wallClock_isSteppedWithoutTimePassing() {
        Instant before = time.clock().instant();
        time.clock().stepWallClock(Duration.ofHours(-1));
        assertThat(time.clock().instant()).isEqualTo(before.minus(Duration.ofHours(1)));
        assertThat(time.clock().nanoTime()).isEqualTo(began);
        time.advance(Duration.ofSeconds(1));
        assertThat(time.clock().instant()).isEqualTo(before.minus(Duration.ofSeconds(3599)));
    }

    @Test
    void monotonicClock_wrapsWithinSeconds_andABreakerDoesNotMind() {
        BreakerConfig config = BreakerConfig.DEFAULT.with(c -> c.recoveryTimeout(Duration.ofSeconds(3)));
        try (BreakerRegistry registry = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .breaker("trading", config)
                .build()) {
            time.advance(Duration.ofSeconds(9));
            TradingBreaker breaker = registry.breaker("trading");
            Permit hung = breaker.tryAcquire();
            time.advance(Duration.ofMillis(1_020));
            assertThat(time.clock().nanoTime()).isNegative();
            assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
            hung.success();
            time.advance(Duration.ofSeconds(3));
            assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
            breaker.tryAcquire().success();
            breaker.tryAcquire().success();
            assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        }
    }
}

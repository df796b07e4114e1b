package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A breaker that is switched off. */
class PassThroughTests {

    private static final BreakerConfig CONFIG = BreakerConfig.DEFAULT.with(c -> c.mode(BreakerMode.OBSERVE));

    private final BreakerRegistry registry = BreakerRegistry.builder()
            .enabled(false)
            .breaker("node", CONFIG.with(c -> c.parent("trading")))
            .build();
    private final TradingBreaker node = registry.breaker("node");

    @Test
    void itsViews_showAnIdleBreaker() {
        assertThat(node.name()).isEqualTo("node");
        assertThat(node.parent()).isSameAs(registry.breaker("trading"));
        assertThat(node.config().parent()).isEqualTo("trading");
        assertThat(node.mode()).isEqualTo(BreakerMode.OBSERVE);
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(node.latencyMonitor().statistics()).isEqualTo(LatencyStatistics.EMPTY);
        assertThat(node.latencyMonitor().window().samples()).isZero();
        assertThat(node.snapshot().name()).isEqualTo("node");
        assertThat(node.counters().total()).isZero();
    }

    @Test
    void calls_pass() throws Exception {
        CompletableFuture<String> answer = CompletableFuture.completedFuture("done");
        assertThat(node.callAsync(Intent.OPEN_RISK, () -> answer)).isSameAs(answer);
        assertThat(node.<String>call(Intent.OPEN_RISK, () -> "done")).isEqualTo("done");
        assertThat(node.tryAcquire(Intent.OPEN_RISK)).isNotNull();
    }

    @Test
    void streams_areNotWatched() {
        try (StreamWatch stream = node.watchStream("slots")) {
            stream.awaiting();
            stream.idle();
            assertThat(stream).isSameAs(node.watchStream("blocks"));
        }
    }

    @Test
    void operators_areToldThatItIsOff() {
        assertThatThrownBy(() -> node.halt("test", null)).hasMessageContaining("'node' is switched off");
    }
}

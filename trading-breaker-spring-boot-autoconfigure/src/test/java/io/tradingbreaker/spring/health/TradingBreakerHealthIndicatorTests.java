package io.tradingbreaker.spring.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.KeyPolicy;
import io.tradingbreaker.ResumePolicy;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class TradingBreakerHealthIndicatorTests {

    private static final Status PAUSED = new Status("PAUSED");

    private final ManualScheduler time = new ManualScheduler();
    private final BreakerRegistry registry =
            BreakerRegistry.builder().clock(time.clock()).scheduler(time).build();
    private final TradingBreaker trading = registry.breaker("trading");

    @Test
    void everyBreaker_isADetail() {
        registry.breaker("node").halt("stop", "ops");

        Health health = health(Status.UP);

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsOnlyKeys("node", "trading");
        @SuppressWarnings("unchecked")
        Map<String, Object> node = (Map<String, Object>) health.getDetails().get("node");
        assertThat(node.keySet()).containsExactly("state", "mode", "since", "reason");
        assertThat(node).containsEntry("state", "HALTED").containsEntry("mode", "enforce");
        assertThat(node.get("reason")).asString().contains("stop");
    }

    @Test
    void keyedBreakers_areDetailsWhileNotClosed_andOfBoundedNumber() {
        BreakerConfig many = BreakerConfig.DEFAULT.with(
                c -> c.keys(new KeyPolicy(200, KeyPolicy.WhenFull.SHARE, Duration.ofMinutes(10))));
        try (BreakerRegistry keyed = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .breaker("node", many)
                .build()) {
            for (int i = 0; i < 150; i++) {
                keyed.keyed("node").of("host" + i);
            }
            assertThat(TradingBreakerHealth.of(keyed, "PAUSED", name -> null).details())
                    .containsOnlyKeys("node", "trading");

            keyed.find("node:host7").trip("test", null);
            TradingBreakerHealth one = TradingBreakerHealth.of(keyed, "PAUSED", name -> null);
            assertThat(one.details()).containsOnlyKeys("node", "trading", "node:host7");
            assertThat(one.status()).isEqualTo("PAUSED");

            keyed.trip("test", null);
            assertThat(TradingBreakerHealth.of(keyed, "PAUSED", name -> null).details())
                    .hasSize(102);
        }
    }

    @Test
    void openAndHalted_givePausedStatus() {
        assertThat(health(PAUSED).getStatus()).isEqualTo(Status.UP);
        trading.trip("test", null);
        assertThat(health(PAUSED).getStatus()).isEqualTo(PAUSED);
        trading.halt("test", null);
        registry.breaker("node");
        assertThat(health(PAUSED).getStatus()).isEqualTo(PAUSED);
        trading.reset("test", null);
        assertThat(health(PAUSED).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void pauseThatWaitsForAnOperator_saysSo() {
        BreakerRegistry manual = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .breaker(
                        "trading",
                        BreakerConfig.DEFAULT.with(
                                c -> c.resume(new ResumePolicy(ResumePolicy.Kind.MANUAL, 1, Duration.ofHours(1)))))
                .build();
        manual.breaker("trading").trip("test", null);

        assertThat(new TradingBreakerHealthIndicator(manual, PAUSED, name -> null)
                        .health()
                        .getDetails()
                        .get("trading"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("reason", "test; waits for an operator's resume");
    }

    @Test
    void halfOpen_staysUp() {
        trading.trip("test", null);
        time.advance(Duration.ofSeconds(31));

        assertThat(trading.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(health(PAUSED).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void observedOpen_staysUpButHaltedDoesNot() {
        trading.mode(BreakerMode.OBSERVE);
        trading.trip("test", null);
        assertThat(health(PAUSED).getStatus()).isEqualTo(Status.UP);

        trading.halt("test", null);
        assertThat(health(PAUSED).getStatus()).isEqualTo(PAUSED);
    }

    private Health health(Status pausedStatus) {
        return new TradingBreakerHealthIndicator(registry, pausedStatus, name -> null).health();
    }
}

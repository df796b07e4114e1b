package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits of the breakers for single keys follow those of their template. */
class KeyedRetuneTests {

    private final Desk desk = new Desk().breaker("node", c -> {});
    private final KeyedBreakers keyed = desk.registry().keyed("node");

    @Test
    void template_takesItsKeysAlong_thoseThereAndThoseToCome() {
        TradingBreaker there = keyed.of("fra1");

        keyed.template().retune(c -> c.p99Threshold(Duration.ofMillis(300)), "slow night", "alice");

        assertThat(there.config().p99Threshold()).isEqualTo(Duration.ofMillis(300));
        assertThat(keyed.of("ams1").config()).isEqualTo(there.config());
    }

    @Test
    void keyRetunedByItself_keepsThat_andLeavesOthersAlone() {
        TradingBreaker own = keyed.of("fra1");
        TradingBreaker other = keyed.of("ams1");

        own.retune(c -> c.windowSize(500), "few calls", "alice");
        keyed.template().retune(c -> c.p99Threshold(Duration.ofMillis(300)), "slow night", "alice");

        assertThat(own.config().windowSize()).isEqualTo(500);
        assertThat(own.config().p99Threshold()).isEqualTo(Duration.ofMillis(300));
        assertThat(other.config().windowSize()).isEqualTo(1000);
    }

    @Test
    void unsetFailureThreshold_isTheTemplates() {
        Desk levels = new Desk().breaker("node", c -> c.failureThreshold(3)).breaker("venue", c -> c.parent("node"));
        KeyedBreakers keys = levels.registry().keyed("node");
        TradingBreaker there = keys.of("fra1");

        keys.template().retune(c -> c.failureThreshold(null), "as at the start", null);

        assertThat(keys.template().config().failureThreshold()).isZero();
        assertThat(there.config()).isEqualTo(keys.template().config());
        there.retune(c -> c.failureThreshold(7), "by itself", null);
        assertThat(there.retune(c -> c.failureThreshold(null), "and back", null))
                .isEqualTo(keys.template().config());
    }

    @Test
    void invalidForOneKey_changesNothing() {
        TradingBreaker own = keyed.of("fra1");
        own.retune(c -> c.minimumSamples(900), "strict", null);

        assertThatThrownBy(() -> keyed.template().retune(c -> c.windowSize(500), "smaller", null))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("node:fra1");
        assertThat(keyed.template().config().windowSize()).isEqualTo(1000);
    }

    @Test
    void keyFirstCalledWhileTheChangeIsAsked_goesAlong() {
        keyed.template()
                .retune(
                        c -> {
                            keyed.of("fra1").tryAcquire().success();
                            c.p99Threshold(Duration.ofMillis(300));
                        },
                        "slow night",
                        null);

        assertThat(keyed.of("fra1").config()).isEqualTo(keyed.template().config());
    }

    @Test
    void retune_isToldOfEachKey_asAlongWithItsTemplate_unlessThatStays() {
        List<String> told = new ArrayList<>();
        BreakerRegistry registry = BreakerRegistry.builder()
                .clock(desk.time.clock())
                .scheduler(desk.time)
                .listeners(List.of(new StateChangeListener() {

                    @Override
                    public void onStateChange(Transition transition) {}

                    @Override
                    public void onRetune(Retune retune) {
                        told.add(retune.breaker() + " " + retune.keys() + " " + retune.along());
                    }
                }))
                .build();
        KeyedBreakers keys = registry.keyed("node");
        keys.of("fra1");
        TradingBreaker own = keys.of("ams1");

        keys.template().retune(c -> c.windowSize(500), "smaller", null);
        own.retune(c -> c.windowSize(700), "by itself", null);
        keys.template().retune(c -> c.windowSize(500), "as it is", null);
        desk.time.runDue();

        assertThat(told)
                .containsExactlyInAnyOrder(
                        "node 2 false",
                        "node:fra1 0 true",
                        "node:ams1 0 true",
                        "node:ams1 0 false",
                        "node:ams1 0 false");
    }

    @Test
    void retuneOfAll_asksForAKeyWithItsTemplate() {
        TradingBreaker there = keyed.of("fra1");
        List<String> asked = new ArrayList<>();

        desk.registry()
                .retune(
                        (breaker, limits) -> {
                            asked.add(breaker.name());
                            limits.p99Threshold(Duration.ofMillis(300));
                        },
                        "slow night",
                        null);

        assertThat(asked).containsExactlyInAnyOrder("node", "node", "trading");
        assertThat(there.config().p99Threshold()).isEqualTo(Duration.ofMillis(300));
    }
}

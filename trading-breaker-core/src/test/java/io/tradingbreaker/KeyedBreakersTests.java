package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradingbreaker.KeyPolicy.WhenFull;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Breakers for single keys: how they are made, found and paused, and what happens when there is no room. */
class KeyedBreakersTests {

    private final Desk desk = new Desk().breaker("venue", c -> {});

    private KeyedBreakers keyed(int maxKeys, WhenFull whenFull) {
        return keyed(c ->
                c.parent("venue").failureThreshold(2).keys(new KeyPolicy(maxKeys, whenFull, Duration.ofMinutes(10))));
    }

    private KeyedBreakers keyed(Consumer<BreakerConfigBuilder> node) {
        return desk.breaker("node", node).registry().keyed("node");
    }

    private static TradingPausedException refusal(TradingBreaker breaker, Intent intent) {
        return catchThrowableOfType(
                TradingPausedException.class, () -> breaker.acquire(intent).ignored());
    }

    // ---- making and finding ----

    @Test
    void key_hasABreakerOfItsOwn_likeTheTemplate() {
        KeyedBreakers keyed = keyed(3, WhenFull.SHARE);
        TradingBreaker fra = keyed.of("fra1");
        assertThat(fra.name()).isEqualTo("node:fra1");
        assertThat(fra.config()).isEqualTo(desk.breaker("node").config());
        assertThat(fra.parent()).isSameAs(desk.breaker("venue"));
        assertThat(keyed.of(new String("fra1"))).isSameAs(fra);
        assertThat(keyed.of("fra-1")).isNotSameAs(fra);
        assertThat(keyed.of("FRA1")).isNotSameAs(fra).isNotSameAs(keyed.template());
        assertThat(keyed.breakers()).extracting(TradingBreaker::name).hasSize(3).contains("node:fra1", "node:fra-1");
        assertThat(desk.registry().keyed("node")).isSameAs(keyed);
        assertThat(keyed).hasToString("KeyedBreakers[node, 3]");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\r\n", "\u2003"})
    void noKey_isTheTemplate(String key) {
        KeyedBreakers keyed = keyed(3, WhenFull.SHARE);
        assertThat(keyed.of(key)).isSameAs(desk.breaker("node")).isSameAs(keyed.template());
        assertThat(keyed.breakers()).isEmpty();
    }

    @Test
    void longBlankKey_isTheTemplate_andALongKeyIsFoundAgain() {
        KeyedBreakers keyed = keyed(3, WhenFull.SHARE);
        assertThat(keyed.of(" ".repeat(1 << 20))).isSameAs(keyed.template());
        String megabyte = "k".repeat(1 << 20);
        assertThat(keyed.of(megabyte)).isSameAs(keyed.of("k".repeat(1 << 20))).isNotSameAs(keyed.template());
        assertThat(keyed.of(KeyName.kept(megabyte))).isNotSameAs(keyed.of(megabyte));
    }

    @Test
    void breakerOfAKey_isFoundByName_butNotMadeByIt() {
        KeyedBreakers keyed = keyed(3, WhenFull.SHARE);
        BreakerRegistry registry = desk.registry();
        assertThat(registry.find("node:fra1")).isNull();
        assertThatThrownBy(() -> registry.breaker("node:fra1")).isInstanceOf(InvalidConfigException.class);
        TradingBreaker fra = keyed.of("fra1");
        assertThat(registry.find("node:fra1")).isSameAs(fra);
        assertThat(registry.breaker("node:fra1")).isSameAs(fra);
        assertThat(registry.breakers()).contains(fra);
        assertThatThrownBy(() -> registry.keyed("node:fra1")).isInstanceOf(InvalidConfigException.class);
    }

    @Test
    void templateIsMade_whereNamesNeedNoDeclaration() {
        KeyedBreakers keyed = desk.registry().keyed("undeclared");
        assertThat(keyed.template()).isSameAs(desk.registry().find("undeclared"));
        assertThat(keyed.of("a").name()).isEqualTo("undeclared:a");
    }

    @Test
    void modeOfTheTemplate_isTheirsFromTheStart() {
        KeyedBreakers keyed = keyed(3, WhenFull.SHARE);
        keyed.template().mode(BreakerMode.OBSERVE);
        TradingBreaker fra = keyed.of("fra1");
        keyed.template().mode(BreakerMode.ENFORCE);
        assertThat(fra.mode()).isEqualTo(BreakerMode.OBSERVE);
        assertThat(keyed.of("ams1").mode()).isEqualTo(BreakerMode.ENFORCE);
    }

    @Test
    void switchedOff_everyKeyIsTheTemplate() {
        try (BreakerRegistry off = BreakerRegistry.builder().enabled(false).build()) {
            KeyedBreakers keyed = off.keyed("node");
            assertThat(keyed.of("fra1")).isSameAs(off.breaker("node")).isSameAs(keyed.template());
            assertThat(keyed.breakers()).isEmpty();
            assertThat(off.breakers()).hasSize(2);
        }
    }

    // ---- pausing ----

    @Test
    void failuresOfOneKey_pauseThatKeyAlone() {
        KeyedBreakers keyed = keyed(3, WhenFull.SHARE);
        keyed.of("bad").acquire(Intent.OPEN_RISK).failure();
        keyed.of("good").acquire(Intent.OPEN_RISK).success();
        keyed.of("bad").acquire(Intent.OPEN_RISK).failure();
        assertThat(keyed.of("bad").state()).isEqualTo(BreakerState.OPEN);
        assertThat(refusal(keyed.of("bad"), Intent.OPEN_RISK).breaker()).isEqualTo("node:bad");
        assertThat(keyed.of("good").state()).isEqualTo(BreakerState.CLOSED);
        assertThat(keyed.template().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(desk.lastTransition().breaker()).isEqualTo("node:bad");
        desk.advance(60_000);
        assertThat(keyed.of("bad").state()).as("its own recovery").isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void haltOfTheTemplate_isNotTheirs_butOneOfTheParentIs() {
        KeyedBreakers keyed = keyed(3, WhenFull.SHARE);
        keyed.template().halt("test", null);
        assertThat(refusal(keyed.of("fra1"), Intent.OPEN_RISK)).isNull();
        desk.breaker("venue").halt("test", null);
        assertThat(refusal(keyed.of("fra1"), Intent.OPEN_RISK).breaker()).isEqualTo("venue");
    }

    @Test
    void operatorsCallsForAll_coverThem_alsoThoseMadeLater() {
        KeyedBreakers keyed = keyed(3, WhenFull.SHARE);
        TradingBreaker before = keyed.of("before");
        desk.registry().trip("test", null);
        assertThat(before.state()).isEqualTo(BreakerState.OPEN);
        desk.registry().halt("test", "alice");
        TradingBreaker after = keyed.of("after");
        assertThat(before.state()).isEqualTo(BreakerState.HALTED);
        assertThat(after.state()).isEqualTo(BreakerState.HALTED);
        desk.registry().resume("test", null);
        assertThat(before.state()).isEqualTo(BreakerState.OPEN);
        assertThat(after.state()).isEqualTo(BreakerState.OPEN);
        desk.registry().reset("test", null);
        assertThat(after.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void hungCallOfAKey_isSeenByTheStallCheck() {
        KeyedBreakers keyed = keyed(3, WhenFull.SHARE);
        Permit permit = keyed.of("fra1").acquire(Intent.OPEN_RISK);
        desk.advance(500);
        assertThat(keyed.of("fra1").state()).isEqualTo(BreakerState.OPEN);
        permit.success();
    }

    // ---- no room ----

    @Test
    void furtherKeys_shareTheTemplate() {
        KeyedBreakers keyed = keyed(2, WhenFull.SHARE);
        keyed.of("a");
        keyed.of("b");
        assertThat(keyed.of("c")).isSameAs(keyed.template());
        assertThat(keyed.of("d")).isSameAs(keyed.template());
        assertThat(keyed.breakers()).hasSize(2);
        assertThat(keyed.of("b")).isNotSameAs(keyed.template());
    }

    @Test
    void furtherKeys_areRefused_whatOpensRisk() throws Exception {
        KeyedBreakers keyed = keyed(2, WhenFull.REFUSE);
        keyed.of("a");
        keyed.of("b");
        TradingBreaker c = keyed.of("c");
        TradingPausedException refusal = refusal(c, Intent.OPEN_RISK);
        assertThat(refusal)
                .hasMessage(
                        "Trading is paused: breaker 'node' is CLOSED; max-keys (2) breakers for single keys are in use,"
                                + " and this key has none");
        assertThat(refusal.breaker()).isEqualTo("node");
        assertThat(refusal.retryAfter()).isNull();
        assertThat(c.tryAcquire()).isNull();
        assertThatThrownBy(() -> c.call(() -> "ran")).isInstanceOf(TradingPausedException.class);
        assertThat(c.callAsync(() -> CompletableFuture.completedFuture("ran"))).isCompletedExceptionally();
        assertThat(keyed.template().counters().rejected()).isEqualTo(4);
        for (Intent intent : new Intent[] {Intent.QUERY, Intent.CANCEL, Intent.REDUCE}) {
            assertThat(c.<String>call(intent, () -> "ran")).isEqualTo("ran");
            assertThat(c.tryAcquire(intent)).satisfies(Permit::success);
            assertThat(c.callAsync(intent, () -> CompletableFuture.completedFuture("ran")))
                    .isCompletedWithValue("ran");
        }
        assertThat(keyed.template().counters().successful()).isEqualTo(9);
        assertThat(keyed.breakers()).hasSize(2);
        Desk.assertBalanced(keyed.template());
    }

    @Test
    void furtherKeys_areNotRefused_inObserveMode_butCounted() {
        KeyedBreakers keyed = keyed(1, WhenFull.REFUSE);
        keyed.of("a");
        keyed.template().mode(BreakerMode.OBSERVE);
        assertThat(refusal(keyed.of("b"), Intent.OPEN_RISK)).isNull();
        assertThat(keyed.template().counters().wouldReject()).isEqualTo(1);
        assertThat(keyed.template().counters().rejected()).isZero();

        keyed.template().trip("test", null);
        assertThat(refusal(keyed.of("b"), Intent.OPEN_RISK)).isNull();
        assertThat(keyed.template().counters().wouldReject()).as("each once").isEqualTo(2);
    }

    @Test
    void furtherKey_isRefusedByTheParentsHalt_orJoinsACallOfTheTemplate() {
        KeyedBreakers keyed = keyed(1, WhenFull.REFUSE);
        keyed.of("a");
        Permit outer = keyed.template().acquire(Intent.OPEN_RISK);
        keyed.of("b").acquire(Intent.OPEN_RISK, outer).success();
        outer.success();
        desk.breaker("venue").halt("test", null);
        assertThat(refusal(keyed.of("b"), Intent.REDUCE)).isNull();
        assertThat(keyed.template().counters().permitted()).isEqualTo(2);
    }

    @Test
    void whatStandsInForAFurtherKey_showsAndOperatesTheTemplate() {
        KeyedBreakers keyed = keyed(1, WhenFull.REFUSE);
        keyed.of("a");
        TradingBreaker b = keyed.of("b");
        b.trip("test", null);
        assertThat(b.state())
                .isEqualTo(BreakerState.OPEN)
                .isEqualTo(keyed.template().state());
        b.halt("test", null);
        b.resume("test", null);
        b.reset("test", null);
        b.drill(Duration.ofSeconds(1), "test", null);
        b.mode(BreakerMode.OBSERVE);
        assertThat(b.mode()).isEqualTo(BreakerMode.OBSERVE);
        assertThat(b.name()).isEqualTo("node");
        assertThat(b.parent()).isSameAs(desk.breaker("venue"));
        assertThat(b.config()).isEqualTo(keyed.template().config());
        assertThat(b.snapshot().transitions()).hasSize(5);
        assertThat(b.counters().stateChanges()).isEqualTo(5);
        assertThat(b.latencyMonitor()).isSameAs(keyed.template().latencyMonitor());
        assertThat(b.watchStream("s")).isNotNull();
        assertThat(b).hasToString(keyed.template().toString());
    }

    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void beingFull_isSaidOnceAnHour(WhenFull whenFull) {
        try (Logged log = Logged.of(KeyedBreakers.class)) {
            KeyedBreakers keyed = keyed(1, whenFull);
            keyed.of("a").trip("stays", null);
            for (int i = 0; i < 100; i++) {
                keyed.of("b" + i);
            }
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("'node'", "max-keys (1)")
                    .doesNotContain("b0");
            keyed.of("a").halt("stays", null);
            desk.advance(3_600_000 + 60_000);
            keyed.of("c");
            keyed.of("d");
            assertThat(log.lines()).hasSize(2);
        }
    }

    // ---- settings ----

    @Test
    void policy_hasRanges() {
        assertThat(BreakerConfig.DEFAULT.keys()).isEqualTo(KeyPolicy.DEFAULT);
        new KeyPolicy(1, WhenFull.SHARE, Duration.ofSeconds(1));
        new KeyPolicy(10_000, WhenFull.SHARE, Duration.ofDays(1));
        assertThatThrownBy(() -> new KeyPolicy(0, WhenFull.SHARE, Duration.ofSeconds(1)))
                .hasMessage("max-keys is 0, but must be from 1 to 10000");
        assertThatThrownBy(() -> new KeyPolicy(10_001, WhenFull.SHARE, Duration.ofSeconds(1)))
                .isInstanceOf(InvalidConfigException.class);
        assertThatThrownBy(() -> new KeyPolicy(1, WhenFull.SHARE, Duration.ofMillis(999)))
                .hasMessageContaining("key-idle-timeout");
        assertThatThrownBy(() -> new KeyPolicy(1, WhenFull.SHARE, Duration.ofHours(25)))
                .hasMessageContaining("key-idle-timeout");
        KeyPolicy policy = new KeyPolicy(7, WhenFull.REFUSE, Duration.ofHours(1));
        BreakerConfig config = BreakerConfig.builder().keys(policy).build();
        assertThat(config.with(c -> c.windowSize(500)).keys()).isEqualTo(policy);
    }
}

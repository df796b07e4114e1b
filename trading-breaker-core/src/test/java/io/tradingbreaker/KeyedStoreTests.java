package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.SwitchPositions.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Halts of single keys' breakers, over restarts. */
class KeyedStoreTests {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(11);
    private static final BreakerConfig MANUAL = BreakerConfig.DEFAULT.with(
            c -> c.resume(new ResumePolicy(ResumePolicy.Kind.MANUAL, 1, Duration.ofHours(1))));

    private final ScriptedStore store = new ScriptedStore();
    private StoredDesk desk;

    private KeyedBreakers start(BreakerConfig config) {
        if (desk != null) {
            desk.close();
        }
        desk = new StoredDesk(store, SwitchStore.OnUnreadable.HALT, config, "node");
        return desk.registry.keyed("node");
    }

    private KeyedBreakers start() {
        return start(BreakerConfig.DEFAULT);
    }

    @AfterEach
    void close() {
        if (desk != null) {
            desk.close();
        }
    }

    @Test
    void haltedKey_isHaltedWhenItComesBackAfterARestart() {
        KeyedBreakers before = start();
        before.of("fra1").halt("stop", "alice");
        before.of("FRA1").halt("stop", "alice");
        KeyedBreakers after = start();
        assertThat(after.breakers()).isEmpty();
        assertThat(after.of("fra1").state()).isEqualTo(BreakerState.HALTED);
        assertThat(after.of("FRA1").state()).isEqualTo(BreakerState.HALTED);
        assertThat(after.of("fra-1").state()).isEqualTo(BreakerState.CLOSED);
        assertThat(desk.lastTransition().actor()).isEqualTo("alice");
    }

    @Test
    void keyThatWaitsForAnOperator_waitsAfterARestart() {
        start(MANUAL).of("fra1").trip("test", null);
        desk.until(() -> assertThat(store.document.get().breakers()).containsKey("node:fra1"));
        TradingBreaker after = start(MANUAL).of("fra1");
        assertThat(after.snapshot().recovery().awaitsResume()).isTrue();
        desk.time.advance(LONG_ENOUGH);
        assertThat(desk.registry.find("node:fra1")).isSameAs(after);
    }

    @Test
    void keyHaltedElsewhere_isHaltedHere_alsoIfItIsNotThereYet() {
        KeyedBreakers keyed = start();
        TradingBreaker fra = keyed.of("fra1");
        desk.time.advance(LONG_ENOUGH);
        assertThat(desk.registry.find("node:fra1")).isNull();
        store.write("node:fra1", BreakerState.HALTED, "bob");
        store.write("node:ams1", BreakerState.HALTED, "bob");
        desk.until(() -> assertThat(desk.status().version()).isEqualTo(2));
        assertThat(keyed.of("ams1").state()).isEqualTo(BreakerState.HALTED);
        assertThat(fra.tryAcquire()).isNull();
        assertThat(fra.state()).isEqualTo(BreakerState.HALTED);
    }

    @Test
    void haltOfAnEvictedBreaker_isStoredAndInForce() {
        KeyedBreakers keyed = start();
        TradingBreaker old = keyed.of("fra1");
        desk.time.advance(LONG_ENOUGH);
        old.halt("stop", "alice");
        assertThat(keyed.of("fra1").state()).isEqualTo(BreakerState.HALTED);
        assertThat(start().of("fra1").state()).isEqualTo(BreakerState.HALTED);
    }

    @Test
    void haltThatHasEnded_leavesNothingInTheStore() {
        KeyedBreakers keyed = start();
        keyed.of("fra1").halt("stop", "alice");
        keyed.of("fra1").reset("go", "bob");
        keyed.of("ams1").halt("stop", "alice");
        keyed.of("ams1").resume("go", "bob");
        assertThat(keyed.of("ams1").state()).isEqualTo(BreakerState.OPEN);
        desk.registry.breaker("node").halt("stop", "alice");
        desk.registry.breaker("node").reset("go", "bob");
        assertThat(store.document.get().breakers()).containsOnlyKeys("node");
        assertThat(store.changes).hasSize(6);
        assertThat(start().of("fra1").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void keyThatWasResetOutOfAHaltForAll_staysOutOfIt_andIsNotEvicted() {
        KeyedBreakers keyed = start();
        desk.registry.halt("stop", "alice");
        TradingBreaker fra = keyed.of("fra1");
        fra.reset("this one is fine", "bob");
        assertThat(fra.state()).isEqualTo(BreakerState.CLOSED);
        desk.time.advance(LONG_ENOUGH);
        assertThat(desk.registry.find("node:fra1")).isSameAs(fra);
        KeyedBreakers after = start();
        assertThat(after.of("fra1").state()).isEqualTo(BreakerState.CLOSED);
        assertThat(after.of("ams1").state()).isEqualTo(BreakerState.HALTED);
    }

    @Test
    void waitsOfEverNewKeys_areNotKeptWithoutBound_butHaltsAre() {
        Position waits = new Position(BreakerState.OPEN, "x".repeat(200), null, Instant.EPOCH);
        TreeMap<String, Position> many = new TreeMap<>();
        IntStream.range(0, 10_000).forEach(i -> many.put("node:" + "k".repeat(51) + (100_000 + i), waits));
        store.document.set(new SwitchPositions(1, null, many));
        try (Logged log = Logged.of(SwitchStore.class)) {
            KeyedBreakers keyed = start(MANUAL);
            keyed.of("one-more").trip("test", null);
            desk.until(() -> assertThat(log.lines()).anyMatch(line -> line.contains("'node:one-more'")));
            assertThat(keyed.of("one-more").snapshot().recovery().awaitsResume())
                    .isTrue();
            assertThat(store.document.get().breakers()).hasSize(10_000);
            keyed.of("one-more").halt("stop", "alice");
            assertThat(store.document.get().breakers()).hasSize(10_001).containsKey("node:one-more");
        }
    }

    @Test
    void document_keepsTheirNames() {
        Position halted = new Position(BreakerState.HALTED, "stop", "alice", Instant.EPOCH);
        TreeMap<String, Position> positions = new TreeMap<>();
        positions.put("node:fra1.example.com_8080", halted);
        positions.put("node:" + "a".repeat(57), halted);
        SwitchPositions document = new SwitchPositions(3, null, positions);
        assertThat(SwitchPositions.parse(document.toText())).isEqualTo(document);
    }
}

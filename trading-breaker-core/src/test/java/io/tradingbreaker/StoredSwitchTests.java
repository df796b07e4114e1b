package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.SwitchStore.OnUnreadable;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Halts that are kept, on a store that works or fails. */
class StoredSwitchTests {

    private final ScriptedStore store = new ScriptedStore();
    private StoredDesk desk;

    private StoredDesk start(String... breakers) {
        desk = new StoredDesk(store, breakers);
        return desk;
    }

    private StoredDesk restart(String... breakers) {
        desk.close();
        assertThat(store.isClosed).isTrue();
        return start(breakers);
    }

    @AfterEach
    void close() {
        if (desk != null) {
            desk.close();
        }
    }

    @Test
    void whatWasHalted_isHaltedAfterARestart_withReasonActorAndTime() {
        start().trading().halt("fat finger", "alice");
        String at = desk.time.clock().instant().toString();
        restart("node").expect("trading", BreakerState.HALTED).expect("node", BreakerState.CLOSED);
        Transition first = desk.lastTransition();
        assertThat(first.reason().rule()).isEqualTo(Rule.HALT);
        assertThat(first.reason().message()).isEqualTo("halted at " + at + ": fat finger");
        assertThat(first.actor()).isEqualTo("alice");
        assertThat(desk.transitions).hasSize(1);
        assertThat(store.changes).extracting(SwitchStore.Change::rule).containsExactly(Rule.HALT);
    }

    @Test
    void whatWasEnded_isNotHaltedAfterARestart() {
        start("node").trading().halt("a", "alice");
        desk.registry.breaker("node").halt("b", "bob");
        desk.trading().resume("checked", "carol");
        desk.registry.breaker("node").reset("checked", null);
        desk.expect("trading", BreakerState.OPEN).expect("node", BreakerState.CLOSED);
        restart("node").expect("trading", BreakerState.CLOSED).expect("node", BreakerState.CLOSED);
        assertThat(store.changes)
                .extracting(change -> change.breaker() + " " + change.rule().code() + " "
                        + change.position().actor())
                .containsExactly("trading halt alice", "node halt bob", "trading resume carol", "node reset null");
    }

    @Test
    void haltForAll_isOneWrite_andCoversBreakersOfTheNextProcess() {
        start(IntStream.range(0, 1_000).mapToObj(i -> "b" + i).toArray(String[]::new));
        desk.registry.halt("stop", "alice");
        assertThat(store.writes).hasValue(1);
        assertThat(desk.registry.breakers()).hasSize(1_001).allMatch(AllBreakers::isHalted);
        restart("b1").expect("b1", BreakerState.HALTED).expect("made-later", BreakerState.HALTED);
        assertThat(desk.lastTransition().actor()).isEqualTo("alice");
        desk.registry.resume("go", "bob");
        assertThat(desk.registry.breakers()).extracting(TradingBreaker::state).containsOnly(BreakerState.OPEN);
        restart().expect("trading", BreakerState.CLOSED);
        assertThat(store.writes).hasValue(2);
    }

    @Test
    void breakerThatWasResumedAlone_staysOutOfTheHaltForAll_untilTheNextOne() {
        start("node").registry.halt("stop", "alice");
        desk.registry.breaker("node").reset("node is fine", "bob");
        restart("node").expect("node", BreakerState.CLOSED).expect("trading", BreakerState.HALTED);
        desk.registry.halt("again", "alice");
        restart("node").expect("node", BreakerState.HALTED);
    }

    @Test
    void haltForAll_keepsWhoHaltedOneBreakerBefore() {
        start().trading().halt("first", "alice");
        desk.registry.halt("second", "bob");
        restart();
        assertThat(desk.lastTransition().actor()).isEqualTo("alice");
        assertThat(desk.lastTransition().reason().message()).endsWith(": first");
    }

    @Test
    void whatChangesNothing_isNotWritten() {
        start().trading().reset("x", null);
        desk.registry.reset("x", null);
        desk.trading().trip("x", null);
        assertThatThrownBy(() -> desk.trading().resume("x", null)).isInstanceOf(BreakerConflictException.class);
        assertThatThrownBy(() -> desk.registry.resume("x", null)).isInstanceOf(BreakerConflictException.class);
        assertThat(store.writes).hasValue(0);
        desk.trading().halt("a", null);
        desk.trading().halt("b", null);
        assertThat(store.writes).hasValue(1);
    }

    @Test
    void haltOfABreakerThatIsNotThere_canBeEndedWithAllOthers() {
        start("gone").registry.breaker("gone").halt("x", "alice");
        restart().registry.resume("tidy up", "bob");
        restart("gone").expect("gone", BreakerState.CLOSED);
    }

    @Test
    void storeThatFails_leavesTheHaltInForce_andGetsItLater() {
        start();
        store.broken = "No space left on device";
        assertThatThrownBy(() -> desk.trading().halt("stop", "alice"))
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageContaining("halted, but not stored: No space left on device");
        desk.expect("trading", BreakerState.HALTED);
        assertThat(desk.status().isPending("trading")).isTrue();
        assertThat(desk.status().isPending("node")).isFalse();
        assertThat(desk.status().failures()).isPositive();
        assertThat(desk.status().failure().message()).isEqualTo("No space left on device");
        store.broken = "";
        desk.until(() -> assertThat(desk.status().isPending()).isFalse());
        assertThat(desk.status().failure()).isNull();
        assertThat(store.document.get().of("trading").actor()).isEqualTo("alice");
        restart().expect("trading", BreakerState.HALTED);
    }

    @Test
    void storeThatFails_letsNoHaltEnd() {
        start("node").registry.halt("stop", "alice");
        store.broken = "connection refused";
        for (Runnable end : List.<Runnable>of(
                () -> desk.trading().resume("x", null),
                () -> desk.trading().reset("x", null),
                () -> desk.registry.resume("x", null),
                () -> desk.registry.reset("x", null))) {
            assertThatThrownBy(end::run)
                    .isInstanceOf(SwitchStoreException.class)
                    .hasMessageContaining("stays halted: connection refused");
        }
        desk.expect("trading", BreakerState.HALTED).expect("node", BreakerState.HALTED);
        store.broken = "";
        desk.registry.reset("fixed", "bob");
        desk.expect("trading", BreakerState.CLOSED).expect("node", BreakerState.CLOSED);
        desk.until(() -> assertThat(desk.status().isPending()).isFalse());
        restart("node").expect("trading", BreakerState.CLOSED).expect("node", BreakerState.CLOSED);
    }

    @Test
    void storeThatFailedAtAResume_isWellAgainOnceItWorks() {
        start().trading().halt("stop", "alice");
        store.broken = "down";
        assertThatThrownBy(() -> desk.trading().resume("go", "bob")).isInstanceOf(SwitchStoreException.class);
        store.broken = "";
        desk.until(() -> assertThat(desk.status().failure()).isNull());
        desk.expect("trading", BreakerState.HALTED);
        assertThat(store.document.get().of("trading").actor()).isEqualTo("alice");
    }

    @Test
    void resumeForAllThatFails_haltsNoBreakerThatWasResumedAlone() {
        start("node").registry.halt("stop", "alice");
        desk.registry.breaker("node").reset("node is fine", "bob");
        store.broken = "down";
        assertThatThrownBy(() -> desk.registry.resume("go", "carol")).isInstanceOf(SwitchStoreException.class);
        store.broken = "";
        desk.until(() -> assertThat(desk.status().failure()).isNull());
        restart("node").expect("node", BreakerState.CLOSED).expect("trading", BreakerState.HALTED);
    }

    @Test
    void storeThatCannotBeRead_haltsEveryBreaker_untilItCan() {
        store.write("node", BreakerState.HALTED, "alice");
        store.broken = "it is damaged";
        start("node").expect("trading", BreakerState.HALTED).expect("node", BreakerState.HALTED);
        assertThat(desk.lastTransition().reason().message())
                .contains("the store of halts cannot be read: it is damaged");
        desk.expect("made-later", BreakerState.HALTED);
        assertThat(desk.status().isRead()).isFalse();
        assertThat(desk.status().isPending()).isFalse();
        store.broken = "";
        desk.until(() -> desk.expect("trading", BreakerState.HALF_OPEN));
        desk.expect("node", BreakerState.HALTED);
        assertThat(store.writes).hasValue(0);
    }

    @Test
    void storeThatCannotBeRead_mayLetTradingBegin() {
        store.write("node", BreakerState.HALTED, "alice");
        store.broken = "it is damaged";
        desk = new StoredDesk(store, OnUnreadable.START, "node");
        desk.expect("trading", BreakerState.CLOSED).expect("node", BreakerState.CLOSED);
        store.broken = "";
        desk.until(() -> desk.expect("node", BreakerState.HALTED));
        desk.expect("trading", BreakerState.CLOSED);
    }

    @Test
    void operatorMayEndWhatAnUnreadableStoreHalted_butNotWhatItTurnsOutToSay() {
        store.write("node", BreakerState.HALTED, "alice");
        store.broken = "it is damaged";
        start("node").registry.reset("I know", "bob");
        desk.expect("trading", BreakerState.CLOSED).expect("node", BreakerState.CLOSED);
        store.broken = "";
        desk.until(() -> desk.expect("node", BreakerState.HALTED));
        desk.expect("trading", BreakerState.CLOSED);
    }

    @Test
    void whatIsSaidBeforeTheStoreCanBeRead_isStoredThen_inOrder() {
        store.write("other", BreakerState.HALTED, "zoe");
        store.broken = "down";
        desk = new StoredDesk(store, OnUnreadable.START, "node");
        assertThatThrownBy(() -> desk.registry.halt("stop", "alice")).hasMessageContaining("halted, but not stored");
        desk.registry.breaker("node").reset("not this one", "bob");
        desk.expect("trading", BreakerState.HALTED).expect("node", BreakerState.CLOSED);
        store.broken = "";
        desk.until(() -> assertThat(store.document.get().isHalted("trading")).isTrue());
        assertThat(store.document.get().isHalted("node")).isFalse();
        assertThat(store.document.get().of("other").actor()).isEqualTo("zoe");
        restart("node", "other").expect("node", BreakerState.CLOSED).expect("other", BreakerState.HALTED);
    }

    @Test
    void registryThatIsSwitchedOff_leavesTheStoreAlone() {
        store.broken = "down";
        try (BreakerRegistry off =
                BreakerRegistry.builder().enabled(false).store(store).build()) {
            assertThat(off.breaker("trading").tryAcquire()).isNotNull();
            assertThat(off.storeStatus()).isNull();
        }
    }

    @Test
    void registryThatIsClosed_haltsInMemory_andSaysSo() {
        start().close();
        assertThatThrownBy(() -> desk.trading().halt("x", null)).hasMessageContaining("not stored: the registry");
        desk.expect("trading", BreakerState.HALTED);
    }

    @Test
    void haltThatIsNotStored_isStoredAtTheCloseIfItCanBe() {
        start();
        store.broken = "down";
        assertThatThrownBy(() -> desk.trading().halt("x", null)).isInstanceOf(SwitchStoreException.class);
        store.broken = "";
        restart().expect("trading", BreakerState.HALTED);
    }

    @Test
    void storeOfAUserThatThrowsAnything_isAStoreThatFails() {
        start();
        store.beforeWrite = () -> {
            throw new IllegalStateException("bug\nin it");
        };
        assertThatThrownBy(() -> desk.trading().halt("x", null))
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageContaining("the store failed: java.lang.IllegalStateException: bug in it");
        desk.expect("trading", BreakerState.HALTED);
    }
}

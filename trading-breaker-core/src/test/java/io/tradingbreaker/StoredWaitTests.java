package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.SwitchStore.OnUnreadable;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pauses that wait for an operator, with a store: a restart must not resume what a hand was to resume. */
class StoredWaitTests {

    private static final BreakerConfig BY_HAND = BreakerConfig.DEFAULT.with(
            config -> config.resume(new ResumePolicy(ResumePolicy.Kind.MANUAL, 3, Duration.ofHours(24))));

    private final ScriptedStore store = new ScriptedStore();
    private StoredDesk desk = start();

    private StoredDesk start() {
        desk = new StoredDesk(store, OnUnreadable.HALT, BY_HAND, "node", "other");
        return desk;
    }

    private void restart() {
        desk.close();
        start();
    }

    private TradingBreaker node() {
        return desk.registry.breaker("node");
    }

    private void tripAndKeep() {
        node().trip("P99 too high", "alice");
        desk.until(() -> assertThat(store.document.get().of("node")).isNotNull());
    }

    private void assertWaits() {
        assertThat(node().state()).isEqualTo(BreakerState.OPEN);
        assertThat(node().snapshot().recovery().awaitsResume()).isTrue();
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void pauseThatWaits_waitsAfterARestart_withReasonActorAndTime() {
        String at = desk.time.clock().instant().toString();
        tripAndKeep();
        restart();

        assertWaits();
        Transition first = desk.lastTransition();
        assertThat(first.actor()).isEqualTo("alice");
        assertThat(first.reason().message())
                .isEqualTo("since " + at + ", before this start: P99 too high; waits for an operator's resume");
        desk.expect("other", BreakerState.CLOSED);
        desk.time.advance(Duration.ofHours(1));
        assertWaits();
    }

    @Test
    void secondRestart_saysNoMoreThanTheFirst() {
        tripAndKeep();
        restart();
        String message = desk.lastTransition().reason().message();
        int writes = store.writes.get();
        restart();

        assertThat(desk.lastTransition().reason().message()).isEqualTo(message);
        assertThat(store.writes).hasValue(writes);
    }

    @Test
    void resume_isStoredBeforeTheAttempt() {
        tripAndKeep();
        store.broken = "disk full";
        assertThatThrownBy(() -> node().resume("checked", "bob")).isInstanceOf(SwitchStoreException.class);
        assertWaits();

        store.broken = "";
        node().resume("checked", "bob");
        desk.time.runDue();
        assertThat(node().state()).isEqualTo(BreakerState.HALF_OPEN);
        restart();
        desk.expect("node", BreakerState.CLOSED);
    }

    @Test
    void resumeForAll_resumesWhatWaits() {
        tripAndKeep();
        desk.registry.breaker("other").halt("stop", "bob");
        desk.registry.resume("checked", "bob");
        desk.time.runDue();

        desk.expect("node", BreakerState.HALF_OPEN).expect("other", BreakerState.HALF_OPEN);
        restart();
        desk.expect("node", BreakerState.CLOSED).expect("other", BreakerState.CLOSED);
    }

    @Test
    void resumeBeforeItWasStored_isTheLastWord() {
        node().trip("P99 too high", null);
        node().resume("checked", "bob");
        desk.until(() -> assertThat(desk.status().isPending()).isFalse());
        restart();

        desk.expect("node", BreakerState.CLOSED);
    }

    @Test
    void storeThatCouldNotBeRead_haltsAndThenWaitsAsItSays() {
        tripAndKeep();
        store.broken = "no connection";
        restart();
        desk.expect("node", BreakerState.HALTED).expect("other", BreakerState.HALTED);

        store.broken = "";
        desk.until(() -> assertThat(node().state()).isEqualTo(BreakerState.OPEN));
        assertWaits();
        assertThat(desk.state("other")).isNotEqualTo(BreakerState.HALTED);
    }

    @Test
    void anotherProcessThatWaits_pausesNobodyElse() {
        try (StoredDesk other = new StoredDesk(store, OnUnreadable.HALT, BY_HAND, "node")) {
            tripAndKeep();
            other.time.advance(Duration.ofSeconds(3));
            other.expect("node", BreakerState.CLOSED);
        }
    }

    @Test
    void resumeInAnotherProcess_isOneHereToo() {
        tripAndKeep();
        try (StoredDesk other = new StoredDesk(store, OnUnreadable.HALT, BY_HAND, "node")) {
            other.registry.breaker("node").resume("checked", "bob");
            desk.until(() -> assertThat(node().state()).isEqualTo(BreakerState.HALF_OPEN));
        }
    }

    @Test
    void haltElsewhere_isNotOverwrittenByABreakerThatBeginsToWait() {
        BreakerConfig observed = BY_HAND.with(config -> config.mode(BreakerMode.OBSERVE));
        try (StoredDesk halted = new StoredDesk(store, OnUnreadable.HALT, observed, "node")) {
            halted.registry.halt("stop", "bob");
            node().trip("P99 too high", null);
            desk.until(() -> desk.expect("node", BreakerState.HALTED).expect("other", BreakerState.HALTED));
            desk.until(() -> assertThat(desk.status().isPending()).isFalse());

            assertThat(store.document.get().isHalted("node")).isTrue();
            assertThat(store.changes).extracting(SwitchStore.Change::rule).containsExactly(Rule.HALT);
            assertThat(halted.registry.breaker("node").tryAcquire()).isNull();
        }
    }

    @Test
    void haltInAStoreReadLate_isNotOverwrittenByABreakerThatWaitsMeanwhile() {
        desk.close();
        store.write("node", BreakerState.HALTED, "alice");
        store.broken = "down";
        desk = new StoredDesk(store, OnUnreadable.START, BY_HAND, "node");
        node().trip("P99 too high", null);
        desk.time.runDue();
        store.broken = "";

        desk.until(() -> desk.expect("node", BreakerState.HALTED));
        assertThat(store.document.get().isHalted("node")).isTrue();
    }

    @Test
    void waitInAStoreReadLate_holdsFromThenOn() {
        tripAndKeep();
        desk.close();
        store.broken = "down";
        desk = new StoredDesk(store, OnUnreadable.START, BY_HAND, "node");
        desk.expect("node", BreakerState.CLOSED);
        store.broken = "";

        desk.until(this::assertWaits);
    }

    @Test
    void resumeOfWhatWaitsElsewhere_isDoneAndNoConflict() {
        try (StoredDesk other = new StoredDesk(store, OnUnreadable.HALT, BY_HAND, "node")) {
            tripAndKeep();
            other.until(() -> assertThat(other.status().version()).isEqualTo(1));
            other.registry.breaker("node").resume("checked", "bob");

            other.expect("node", BreakerState.CLOSED);
            desk.until(() -> desk.expect("node", BreakerState.HALF_OPEN));
        }
    }

    @Test
    void tripWhileAllAreResumedOrReset_waits() {
        for (boolean isReset : new boolean[] {false, true}) {
            desk.registry.breaker("other").halt("stop", "alice");
            store.beforeWrite = () -> {
                store.beforeWrite = () -> {};
                node().trip("P99 too high", null);
                desk.time.runDue();
            };
            if (isReset) {
                desk.registry.reset("go", "bob");
            } else {
                desk.registry.resume("go", "bob");
            }
            desk.until(() -> assertThat(desk.status().isPending()).isFalse());

            assertWaits();
            node().reset("next", null);
        }
    }

    @Test
    void resumeElsewhere_endsNoWaitThatBeganAfterIt() {
        try (StoredDesk later = new StoredDesk(store, OnUnreadable.HALT, BY_HAND, "node")) {
            tripAndKeep();
            later.until(() -> assertThat(later.status().version()).isEqualTo(1));
            node().resume("checked", "bob");
            later.registry.breaker("node").trip("again", null);
            later.until(() -> assertThat(later.status().version()).isEqualTo(3));

            assertThat(later.registry.breaker("node").snapshot().recovery().awaitsResume())
                    .isTrue();
        }
    }

    @Test
    void waitThatBeginsJustBeforeTheClose_isStored() {
        node().trip("P99 too high", null);
        restart();

        assertWaits();
    }
}

package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operators who meet, in one process or in two, on a store that hangs, fails or loses the race. */
class StoredSwitchRaceTests {

    private final ScriptedStore store = new ScriptedStore();
    private final StoredDesk desk = new StoredDesk(store, "node");

    @AfterEach
    void close() {
        store.goOn();
        desk.close();
    }

    private void join(CompletableFuture<Void> call) throws Exception {
        call.get(20, TimeUnit.SECONDS);
    }

    @Test
    void haltThatComesWhileAResetIsWritten_wins_andTheResetIsToldOfIt() throws Exception {
        desk.trading().halt("first", "alice");
        store.hang();
        CompletableFuture<Void> reset = StoredDesk.async(() -> desk.trading().reset("fine", "bob"));
        store.awaitHanging();
        CompletableFuture<Void> halt = StoredDesk.async(() -> desk.trading().halt("no!", "carol"));
        await().atMost(Duration.ofSeconds(30)).until(() -> desk.status().isPending("trading"));
        store.goOn();
        assertThatThrownBy(() -> join(reset))
                .hasCauseInstanceOf(BreakerConflictException.class)
                .hasMessageContaining("halted meanwhile, by carol at ")
                .hasMessageEndingWith(": no!");
        join(halt);
        desk.expect("trading", BreakerState.HALTED);
        assertThat(store.document.get().of("trading").actor()).isEqualTo("carol");
    }

    @Test
    void haltForAllThatComesWhileAResumeForAllIsWritten_wins() throws Exception {
        desk.registry.halt("first", "alice");
        store.hang();
        CompletableFuture<Void> resume = StoredDesk.async(() -> desk.registry.resume("fine", "bob"));
        store.awaitHanging();
        CompletableFuture<Void> halt = StoredDesk.async(() -> desk.registry.halt("no!", "carol"));
        await().atMost(Duration.ofSeconds(30)).until(() -> desk.status().isPending());
        store.goOn();
        assertThatThrownBy(() -> join(resume)).hasMessageContaining("by carol");
        join(halt);
        desk.expect("trading", BreakerState.HALTED).expect("node", BreakerState.HALTED);
        assertThat(store.document.get().isHalted("anything")).isTrue();
    }

    @Test
    void breakerHaltedWhileAResumeForAllIsWritten_staysHalted_theOthersResume() throws Exception {
        desk.registry.halt("first", "alice");
        store.hang();
        CompletableFuture<Void> resume = StoredDesk.async(() -> desk.registry.resume("fine", "bob"));
        store.awaitHanging();
        CompletableFuture<Void> halt =
                StoredDesk.async(() -> desk.registry.breaker("node").halt("no!", "carol"));
        await().atMost(Duration.ofSeconds(30)).until(() -> desk.status().isPending("node"));
        desk.expect("made-meanwhile", BreakerState.HALTED);
        store.goOn();
        join(resume);
        join(halt);
        desk.expect("trading", BreakerState.OPEN).expect("node", BreakerState.HALTED);
        desk.expect("made-meanwhile", BreakerState.OPEN);
        assertThat(store.document.get().isHalted("trading")).isFalse();
        assertThat(store.document.get().isHalted("node")).isTrue();
    }

    @Test
    void storeThatHangs_holdsUpNoCallNoTimerNoOtherBreaker_andItsOperatorOnlyForAWhile() throws Exception {
        store.timeout = Duration.ofMillis(200);
        StoredDesk hasty = new StoredDesk(store, "node");
        store.hang();
        assertThatThrownBy(() -> hasty.trading().halt("stop", "alice"))
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageContaining("not stored: the store has not answered within 200ms");
        assertThat(hasty.trading().tryAcquire()).isNull();
        assertThat(hasty.registry.breaker("made-later").tryAcquire()).isNotNull();
        assertThatThrownBy(() -> hasty.registry.breaker("node").halt("stop too", null))
                .hasMessageContaining("not stored");
        assertThatThrownBy(() -> hasty.trading().resume("x", "bob")).hasMessageContaining("stays halted");
        hasty.registry.breaker("free").trip("x", null);
        hasty.time.advance(Duration.ofSeconds(31));
        hasty.expect("free", BreakerState.HALF_OPEN).expect("trading", BreakerState.HALTED);
        assertThat(hasty.status().failure().message()).contains("has not answered");
        store.goOn();
        hasty.until(() -> assertThat(hasty.status().isPending()).isFalse());
        assertThat(hasty.status().failure()).isNull();
        assertThat(store.document.get().of("trading").actor()).isEqualTo("alice");
        assertThat(store.document.get().isHalted("node")).isTrue();
        hasty.close();
    }

    @Test
    void storeThatHangsAtTheStart_isOneThatCannotBeRead_andAnOperatorMayGoOn() throws Exception {
        store.timeout = Duration.ofMillis(200);
        store.write("node", BreakerState.HALTED, "alice");
        store.hang();
        StoredDesk hasty = new StoredDesk(store, "node", "free");
        hasty.expect("free", BreakerState.HALTED);
        hasty.registry.breaker("free").reset("I know", "bob");
        hasty.expect("free", BreakerState.CLOSED).expect("trading", BreakerState.HALTED);
        store.goOn();
        hasty.until(() -> hasty.expect("trading", BreakerState.HALF_OPEN));
        hasty.expect("node", BreakerState.HALTED).expect("free", BreakerState.CLOSED);
        hasty.close();
    }

    @Test
    void resumeThatNobodyWaitsForAnyMore_doesNotHappenLater() throws Exception {
        store.timeout = Duration.ofMillis(200);
        StoredDesk hasty = new StoredDesk(store);
        hasty.trading().halt("stop", "alice");
        store.hang();
        assertThatThrownBy(() -> hasty.trading().reset("x", "bob")).hasMessageContaining("stays halted");
        store.goOn();
        // The write is done after all, and then taken back.
        hasty.until(() -> assertThat(store.writes.get()).isGreaterThanOrEqualTo(3));
        hasty.until(() -> assertThat(hasty.status().isPending()).isFalse());
        hasty.expect("trading", BreakerState.HALTED);
        assertThat(store.document.get().of("trading").actor()).isEqualTo("alice");
        assertThat(store.document.get().isHalted("trading")).isTrue();
        hasty.close();
    }

    @Test
    void writeThatFailedThoughItWasDone_isSeenWhenTheStoreIsReadAgain() {
        for (boolean isShared : new boolean[] {true, false}) {
            store.isShared = isShared;
            desk.registry.reset("x", null);
            desk.trading().halt("stop", "alice");
            store.afterWrite = () -> {
                throw new SwitchStoreException("lost connection");
            };
            assertThatThrownBy(() -> desk.trading().reset("x", "bob")).hasMessageContaining("stays halted");
            assertThat(store.document.get().isHalted("trading")).isFalse();
            store.afterWrite = () -> {};
            desk.until(() -> assertThat(desk.status().isPending()).isFalse());
            desk.expect("trading", BreakerState.HALTED);
            assertThat(store.document.get().isHalted("trading")).isTrue();
        }
    }

    @Test
    void newerHaltOfAnotherProcess_isNotClearedByOneThatHasNotSeenIt() {
        desk.trading().halt("first", "alice");
        SwitchPositions seen = store.document.get();
        store.document.set(seen.after(java.util.List.of(new SwitchStore.Change(
                        Rule.RESET,
                        "trading",
                        new SwitchPositions.Position(BreakerState.CLOSED, "x", "bob", java.time.Instant.EPOCH))))
                .at(seen.version() + 1));
        store.write("trading", BreakerState.HALTED, "carol");
        assertThatThrownBy(() -> desk.trading().reset("fine", "alice"))
                .isInstanceOfSatisfying(
                        BreakerConflictException.class,
                        e -> assertThat(e.allowed()).contains("resume"))
                .hasMessage("halted meanwhile, by carol at 1970-01-01T00:00:00Z: elsewhere");
        desk.expect("trading", BreakerState.HALTED);
        desk.trading().reset("now I know", "alice");
        desk.expect("trading", BreakerState.CLOSED);
        assertThat(store.document.get().isHalted("trading")).isFalse();
    }

    @Test
    void newerHaltOfAnotherBreaker_isNotClearedByAResumeForAll_andIsFollowed() {
        desk.trading().halt("first", "alice");
        store.write("node", BreakerState.HALTED, "carol");
        assertThatThrownBy(() -> desk.registry.resume("fine", "alice")).hasMessageContaining("by carol");
        desk.expect("node", BreakerState.HALTED).expect("trading", BreakerState.HALTED);
        store.write("venue", BreakerState.HALTED, "dave");
        desk.trading().resume("only this one", "alice");
        desk.expect("trading", BreakerState.OPEN).expect("venue", BreakerState.HALTED);
        assertThat(store.document.get().isHalted("venue")).isTrue();
    }

    @Test
    void otherProcessesHaltsAndResumes_areFollowed() {
        store.write("node", BreakerState.HALTED, "carol");
        desk.until(() -> desk.expect("node", BreakerState.HALTED));
        assertThat(desk.lastTransition().actor()).isEqualTo("carol");
        store.broken = "connection refused";
        desk.until(() -> assertThat(desk.status().failure()).isNotNull());
        desk.expect("node", BreakerState.HALTED).expect("trading", BreakerState.CLOSED);
        store.broken = "";
        store.write("node", BreakerState.CLOSED, "dave");
        desk.until(() -> desk.expect("node", BreakerState.HALF_OPEN));
        assertThat(desk.transitions)
                .filteredOn(t -> t.reason().rule() == Rule.RESUME)
                .singleElement()
                .satisfies(t -> {
                    assertThat(t.actor()).isEqualTo("dave");
                    assertThat(t.reason().message()).isEqualTo("resumed at 1970-01-01T00:00:00Z: elsewhere");
                });
    }

    @Test
    void haltOfWhatAnotherProcessHasResumedUnseen_isStoredAnew() {
        desk.trading().halt("first", "alice");
        store.write("trading", BreakerState.CLOSED, "bob");
        desk.trading().halt("second", "carol");
        desk.expect("trading", BreakerState.HALTED);
        assertThat(store.document.get().of("trading").actor()).isEqualTo("carol");
        desk.time.advance(Duration.ofSeconds(3));
        desk.expect("trading", BreakerState.HALTED);
    }

    @Test
    void haltThatLosesTheRaceAgainAndAgain_isStored_besidesTheOthers() {
        AtomicReference<String> other = new AtomicReference<>("a");
        store.beforeWrite = () -> {
            if (other.get().length() < 5) {
                store.write(other.getAndUpdate(name -> name + "a"), BreakerState.HALTED, "bob");
            }
        };
        desk.trading().halt("stop", "alice");
        assertThat(store.document.get().breakers()).containsOnlyKeys("a", "aa", "aaa", "aaaa", "trading");
        desk.expect("aaa", BreakerState.HALTED);
    }

    @Test
    void storeThatIsEmptiedOrRestored_endsNoHalt_andGetsItAgain() {
        desk.trading().halt("stop", "alice");
        store.document.set(SwitchPositions.NONE);
        desk.until(() -> assertThat(store.document.get().isHalted("trading")).isTrue());
        desk.expect("trading", BreakerState.HALTED);
        assertThat(store.document.get().of("trading").actor()).isEqualTo("alice");
        assertThat(store.document.get().version()).isGreaterThan(1);
    }

    @Test
    void operatorsForAll_atOnceWithBreakersBeingMade_leaveNoneBehind() throws Exception {
        for (int round = 0; round < 50; round++) {
            ScriptedStore fresh = new ScriptedStore();
            StoredDesk busy = new StoredDesk(fresh);
            Threads.run(4, number -> {
                switch (number) {
                    case 0 -> busy.registry.halt("h", null);
                    case 1 -> {
                        try {
                            busy.registry.resume("r", null);
                        } catch (BreakerConflictException nothingToResume) {
                            // as it should
                        }
                    }
                    default -> busy.registry.breaker("made-" + number);
                }
            });
            boolean isHalted = fresh.document.get().isHalted("later");
            busy.registry.breaker("later");
            assertThat(busy.registry.breakers())
                    .allMatch(breaker -> (breaker.state() == BreakerState.HALTED) == isHalted);
            busy.close();
        }
    }

    @Test
    void anyOperatorsOfTwoProcesses_onAStoreThatFailsNowAndThen_endWithBothInWhatIsStored() throws Exception {
        for (int round = 0; round < 10; round++) {
            ScriptedStore shared = new ScriptedStore();
            String[] names = {"a", "b", "c"};
            StoredDesk[] desks = {new StoredDesk(shared, names), new StoredDesk(shared, names)};
            int seed = round;
            Threads.run(4, number -> {
                Random random = new Random(seed * 10L + number);
                for (int i = 0; i < 40; i++) {
                    shared.broken = random.nextInt(4) == 0 ? "down" : "";
                    try {
                        operate(desks[number % 2].registry, names, random);
                    } catch (BreakerConflictException | SwitchStoreException refused) {
                        // as it may
                    }
                }
            });
            shared.broken = "";
            for (StoredDesk each : desks) {
                each.until(() -> {
                    assertThat(each.status().isPending()).isFalse();
                    assertThat(each.status().version())
                            .isEqualTo(shared.document.get().version());
                });
            }
            for (StoredDesk each : desks) {
                each.until(() -> {
                    for (String name : names) {
                        assertThat(each.state(name) == BreakerState.HALTED)
                                .isEqualTo(shared.document.get().isHalted(name));
                    }
                });
                each.close();
            }
        }
    }

    private static void operate(BreakerRegistry registry, String[] names, Random random) {
        TradingBreaker breaker = registry.breaker(names[random.nextInt(names.length)]);
        switch (random.nextInt(8)) {
            case 0 -> registry.halt("h", "all");
            case 1 -> registry.resume("r", "all");
            case 2 -> registry.reset("r", "all");
            case 3, 4 -> breaker.halt("h", "one");
            case 5, 6 -> breaker.resume("r", "one");
            default -> breaker.reset("r", "one");
        }
    }
}

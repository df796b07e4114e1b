package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.KeyPolicy.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which breakers of single keys are evicted, and what becomes of those who still refer to one. */
class IdleSweepTests {

    private static final long IDLE = 600_000;
    /** The last call may be seen a sweep late, and the end of the time another one. */
    private static final long LONG_ENOUGH = IDLE + 61_000;

    private final List<String> told = new ArrayList<>();
    private final Desk desk = new Desk();
    private KeyedBreakers keyed;

    private TradingBreaker fra() {
        return fra(c -> {});
    }

    private TradingBreaker fra(Consumer<BreakerConfigBuilder> node) {
        return fra(10, node);
    }

    private TradingBreaker fra(int maxKeys, Consumer<BreakerConfigBuilder> node) {
        desk.breaker("node", c -> node.accept(c.keys(new KeyPolicy(maxKeys, WhenFull.SHARE, Duration.ofMillis(IDLE)))));
        keyed = desk.registry().keyed("node");
        desk.registry().onEachBreaker(made -> told.add("made " + made.name()), gone -> told.add("gone " + gone.name()));
        told.clear();
        return keyed.of("fra1");
    }

    private static void call(TradingBreaker breaker) {
        breaker.acquire(Intent.OPEN_RISK).success();
    }

    private void expectEvicted(TradingBreaker breaker) {
        assertThat(desk.registry().find(breaker.name())).isNull();
        assertThat(desk.registry().breakers()).doesNotContain(breaker);
        assertThat(keyed.breakers()).doesNotContain(breaker);
    }

    private void expectPresent(TradingBreaker breaker) {
        assertThat(desk.registry().find(breaker.name())).isSameAs(breaker);
        assertThat(keyed.breakers()).contains(breaker);
    }

    // ---- which ----

    @Test
    void idleBreaker_isEvicted_notBeforeItsTime() {
        TradingBreaker fra = fra();
        call(fra);
        desk.advance(IDLE - 1);
        expectPresent(fra);
        desk.advance(LONG_ENOUGH - IDLE);
        expectEvicted(fra);
        assertThat(keyed.of("fra1")).isNotSameAs(fra);
    }

    @Test
    void breakerThatWasNeverCalled_isEvictedToo() {
        TradingBreaker fra = fra();
        desk.advance(LONG_ENOUGH);
        expectEvicted(fra);
    }

    @Test
    void breakerInUse_isNot() {
        TradingBreaker fra = fra();
        for (int i = 0; i < 10; i++) {
            desk.advance(IDLE - 60_000);
            call(fra);
        }
        expectPresent(fra);
    }

    @Test
    void template_isNot() {
        fra();
        desk.advance(10 * LONG_ENOUGH);
        assertThat(desk.registry().find("node")).isSameAs(keyed.template());
    }

    @Test
    void callInFlight_keepsIt() {
        TradingBreaker fra = fra(c -> c.permitTimeout(Duration.ofHours(1))
                .latencyThreshold(Duration.ofHours(1))
                .p99Threshold(Duration.ofHours(1)));
        Permit permit = fra.acquire(Intent.OPEN_RISK);
        desk.advance(2 * LONG_ENOUGH);
        expectPresent(fra);
        permit.success();
        desk.advance(LONG_ENOUGH);
        expectEvicted(fra);
        assertThat(fra.counters().successful()).isEqualTo(1);
    }

    @Test
    void watchedStream_keepsIt() {
        TradingBreaker fra = fra(c -> c.streamSilence(Duration.ofHours(1)));
        StreamWatch watch = fra.watchStream("prices");
        desk.advance(2 * LONG_ENOUGH);
        expectPresent(fra);
        watch.close();
        desk.advance(LONG_ENOUGH);
        expectEvicted(fra);
    }

    @Test
    void pause_keepsIt_untilTheBreakerIsStable() {
        TradingBreaker fra = fra(c -> c.resume(new ResumePolicy(ResumePolicy.Kind.MANUAL, 1, Duration.ofHours(1))));
        fra.trip("test", null);
        desk.advance(2 * LONG_ENOUGH);
        expectPresent(fra);
        fra.halt("test", null);
        desk.advance(2 * LONG_ENOUGH);
        expectPresent(fra);
        fra.reset("test", null);
        desk.advance(LONG_ENOUGH);
        expectEvicted(fra);
    }

    @Test
    void halfOpen_keepsIt() {
        TradingBreaker fra = fra();
        fra.trip("test", null);
        desk.advance(2 * LONG_ENOUGH);
        assertThat(fra.state()).isEqualTo(BreakerState.HALF_OPEN);
        expectPresent(fra);
    }

    @Test
    void closedByTrialsOnlyJustNow_keepsIt() {
        TradingBreaker fra = fra(c -> c.recoveryTimeout(Duration.ofHours(1)));
        fra.trip("test", null);
        desk.advance(3_600_000);
        call(fra);
        call(fra);
        assertThat(fra.state()).isEqualTo(BreakerState.CLOSED);
        desk.advance(3_500_000);
        expectPresent(fra);
        desk.advance(200_000);
        expectEvicted(fra);
    }

    @Test
    void resumptionsThatAreLimited_keepIt_whileTheyCount() {
        TradingBreaker fra = fra(c -> c.resume(new ResumePolicy(ResumePolicy.Kind.LIMITED, 1, Duration.ofHours(2))));
        fra.trip("test", null);
        desk.advance(30_000);
        call(fra);
        call(fra);
        assertThat(fra.state()).isEqualTo(BreakerState.CLOSED);
        desk.advance(7_100_000);
        expectPresent(fra);
        desk.advance(200_000);
        expectEvicted(fra);
    }

    @Test
    void whatIsBeingDoneToIt_keepsIt() {
        TradingBreaker fra = fra();
        KeyLease lease = ((Breaker) fra).heldLease();
        assertThat(lease.pin()).isTrue();
        desk.advance(2 * LONG_ENOUGH);
        expectPresent(fra);
        lease.unpin();
        desk.advance(60_000);
        expectEvicted(fra);
        assertThat(lease.pin()).isFalse();
    }

    @Test
    void breakerOfWhichWatchersAreBeingTold_isNotEvicted() {
        fra();
        desk.registry().onEachBreaker(made -> {
            if (made.name().equals("node:slow")) {
                desk.advance(LONG_ENOUGH);
            }
        });
        TradingBreaker slow = keyed.of("slow");
        expectPresent(slow);
        assertThat(told).contains("made node:slow").doesNotContain("gone node:slow");
    }

    @Test
    void drill_keepsIt() {
        TradingBreaker fra = fra();
        desk.advance(IDLE - 10_000);
        fra.drill(Duration.ofMinutes(1), "test", null);
        desk.advance(50_000);
        expectPresent(fra);
    }

    @Test
    void modeSetByAnOperator_keepsIt_whereTheTemplatesDiffers() {
        TradingBreaker fra = fra();
        fra.mode(BreakerMode.OBSERVE);
        desk.advance(2 * LONG_ENOUGH);
        expectPresent(fra);
        keyed.template().mode(BreakerMode.OBSERVE);
        desk.advance(60_000);
        expectEvicted(fra);
    }

    @Test
    void templatesNewMode_keepsNone() {
        TradingBreaker fra = fra();
        keyed.template().mode(BreakerMode.OBSERVE);
        desk.advance(LONG_ENOUGH);
        expectEvicted(fra);
        assertThat(keyed.of("fra1").mode()).isEqualTo(BreakerMode.OBSERVE);
    }

    // ---- room ----

    @Test
    void evictedBreaker_makesRoom() {
        TradingBreaker fra = fra(1, c -> {});
        assertThat(keyed.of("ams1")).isSameAs(keyed.template());
        desk.advance(LONG_ENOUGH);
        expectEvicted(fra);
        assertThat(keyed.of("ams1").name()).isEqualTo("node:ams1");
        assertThat(keyed.of("fra1")).isSameAs(keyed.template());
    }

    @Test
    void onlyTheIdleOnes_areEvicted() {
        fra();
        for (int minute = 0; minute < 30; minute++) {
            call(keyed.of("busy"));
            call(keyed.of("minute-" + minute));
            desk.advance(60_000);
        }
        assertThat(keyed.breakers())
                .hasSize(10)
                .extracting(TradingBreaker::name)
                .contains("node:busy");
    }

    // ---- telling ----

    @Test
    void watchers_areToldOfEachOnce_inOrder() {
        fra();
        desk.advance(LONG_ENOUGH);
        assertThat(told).containsExactly("made node:fra1", "gone node:fra1");
        keyed.of("fra1");
        List<String> late = new ArrayList<>();
        desk.registry().onEachBreaker(made -> late.add("made " + made.name()), gone -> late.add("gone " + gone.name()));
        desk.advance(LONG_ENOUGH);
        assertThat(told).containsExactly("made node:fra1", "gone node:fra1", "made node:fra1", "gone node:fra1");
        assertThat(late).containsExactlyInAnyOrder("made trading", "made node", "made node:fra1", "gone node:fra1");
    }

    @Test
    void watcherThatFails_harmsNobody() {
        TradingBreaker fra = fra();
        desk.registry().onEachBreaker(made -> {}, gone -> {
            throw new IllegalStateException("test");
        });
        List<String> next = new ArrayList<>();
        desk.registry().onEachBreaker(made -> {}, gone -> next.add(gone.name()));
        desk.advance(LONG_ENOUGH);
        expectEvicted(fra);
        assertThat(next).containsExactly("node:fra1");
        assertThat(keyed.of("fra1").name()).isEqualTo("node:fra1");
    }

    @Test
    void errorOfAWatcherOfNewBreakers_costsNoCall() throws Exception {
        fra();
        desk.registry().onEachBreaker(made -> {
            if (made.name().equals("node:ams1")) {
                throw new LinkageError("test");
            }
        });
        assertThat(keyed.of("ams1").<Integer>call(() -> 7)).isEqualTo(7);
        desk.advance(LONG_ENOUGH);
        assertThat(keyed.breakers()).isEmpty();
    }

    @Test
    void whileWatchersAreTold_theTemplateGuardsTheKey() {
        TradingBreaker fra = fra();
        List<Long> guarded = new ArrayList<>();
        desk.registry().onEachBreaker(made -> {}, gone -> {
            assertThat(desk.registry().find("node:fra1")).isNull();
            call(keyed.of("fra1"));
            guarded.add(keyed.template().counters().successful());
            assertThat(gone.state()).isEqualTo(BreakerState.CLOSED);
        });
        desk.advance(LONG_ENOUGH);
        assertThat(guarded).containsExactly(1L);
        assertThat(told).containsExactly("made node:fra1", "gone node:fra1");
        assertThat(keyed.of("fra1")).isNotSameAs(fra).isNotSameAs(keyed.template());
    }

    // ---- those who still refer to an evicted breaker ----

    @Test
    void evictedBreaker_sendsItsCallsOn() throws Exception {
        TradingBreaker old = fra(c -> c.failureThreshold(2));
        desk.advance(LONG_ENOUGH);
        assertThat(old.<String>call(() -> "ran")).isEqualTo("ran");
        TradingBreaker present = keyed.of("fra1");
        assertThat(present).isNotSameAs(old);
        assertThat(present.counters().successful()).isEqualTo(1);
        Permit outer = old.acquire(Intent.OPEN_RISK);
        old.acquire(Intent.OPEN_RISK, outer).success();
        outer.failure();
        old.tryAcquire(Intent.OPEN_RISK).failure();
        assertThat(present.state()).isEqualTo(BreakerState.OPEN);
        assertThat(old.tryAcquire()).isNull();
        assertThat(old.callAsync(() -> new CompletableFuture<>())).isCompletedExceptionally();
        assertThat(present.counters().rejected()).isEqualTo(2);
        assertThat(old.counters()).isEqualTo(present.counters());
        Desk.assertBalanced(present);
        assertThat(((Breaker) old).gate().counters().total()).isZero();
    }

    @Test
    void evictedBreaker_showsThePresentOne_orWhatItWas() {
        TradingBreaker old = fra();
        call(old);
        desk.advance(LONG_ENOUGH);
        assertThat(old.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(old.snapshot().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(old.snapshot().counters().successful()).isEqualTo(1);
        assertThat(old).hasToString("TradingBreaker[node:fra1, CLOSED]");
        assertThat(keyed.breakers()).as("a view makes nothing").isEmpty();
        TradingBreaker present = keyed.of("fra1");
        present.halt("test", null);
        present.mode(BreakerMode.OBSERVE);
        assertThat(old.state()).isEqualTo(BreakerState.HALTED);
        assertThat(old.mode()).isEqualTo(BreakerMode.OBSERVE);
        assertThat(old.snapshot().state()).isEqualTo(BreakerState.HALTED);
        assertThat(old.latencyMonitor().window().samples()).isZero();
    }

    @Test
    void operatorsCallsToAnEvictedBreaker_makeAndActOnThePresentOne() {
        TradingBreaker old = fra();
        desk.advance(LONG_ENOUGH);
        old.halt("test", "alice");
        TradingBreaker present = desk.registry().find("node:fra1");
        assertThat(present).isNotSameAs(old);
        assertThat(present.state()).isEqualTo(BreakerState.HALTED);
        old.resume("test", null);
        assertThat(present.state()).isEqualTo(BreakerState.OPEN);
        old.reset("test", null);
        old.drill(Duration.ofSeconds(1), "test", null);
        assertThat(present.state()).isEqualTo(BreakerState.OPEN);
        desk.advance(1_000);
        old.trip("test", null);
        assertThat(present.state()).isEqualTo(BreakerState.OPEN);
        old.mode(BreakerMode.OBSERVE);
        assertThat(present.mode()).isEqualTo(BreakerMode.OBSERVE);
        assertThat(desk.transitions).allMatch(t -> t.breaker().equals("node:fra1"));
    }

    @Test
    void operatorsCallToAnEvictedBreaker_isAConflict_whereThereIsNoRoom() {
        TradingBreaker old = fra(1, c -> {});
        desk.advance(LONG_ENOUGH);
        keyed.of("ams1");
        assertThatThrownBy(() -> old.halt("test", null))
                .isInstanceOf(BreakerConflictException.class)
                .hasMessageContaining("'node:fra1'")
                .hasMessageContaining("max-keys (1)");
        assertThat(keyed.template().state()).isEqualTo(BreakerState.CLOSED);
        call(old);
        assertThat(keyed.template().counters().successful())
                .as("its calls share the template")
                .isEqualTo(1);
    }

    @Test
    void haltForAll_refusesTheCallsOfEvictedBreakers() {
        TradingBreaker old = fra();
        desk.advance(LONG_ENOUGH);
        desk.registry().halt("test", null);
        assertThat(old.tryAcquire()).isNull();
        assertThat(old.state()).isEqualTo(BreakerState.HALTED);
    }

    @Test
    void evictedTwice_itStillWorks() {
        TradingBreaker old = fra();
        for (int i = 1; i <= 3; i++) {
            desk.advance(LONG_ENOUGH);
            assertThat(keyed.breakers()).isEmpty();
            call(old);
        }
        assertThat(keyed.of("fra1").counters().total()).isEqualTo(1);
    }

    @Test
    void watchOfAnEvictedBreakersStream_isThePresentOnes() {
        TradingBreaker old = fra(c -> c.streamSilence(Duration.ofSeconds(1)));
        desk.advance(LONG_ENOUGH);
        StreamWatch watch = old.watchStream("prices");
        watch.awaiting();
        desk.advance(2_000);
        assertThat(keyed.of("fra1").state()).isEqualTo(BreakerState.OPEN);
        watch.close();
    }

    @Test
    void endOfAHaltForAll_saidOfOneKey_keepsIt() {
        TradingBreaker fra = fra();
        desk.registry().halt("test", null);
        fra.reset("only this one", "alice");
        desk.advance(2 * LONG_ENOUGH);
        expectPresent(fra);
        assertThat(keyed.of("fra1").state()).isEqualTo(BreakerState.CLOSED);
        desk.registry().reset("test", null);
        desk.advance(LONG_ENOUGH);
        expectEvicted(fra);
    }

    @Test
    void limitsThatAnOperatorSetBack_keepIt_whereTheTemplatesDiffer() {
        TradingBreaker fra = fra();
        int threshold = fra.config().failureThreshold();
        keyed.template().retune(c -> c.failureThreshold(threshold + 1), "test", null);
        fra.retune(c -> c.failureThreshold(threshold), "not this one", "alice");
        desk.advance(2 * LONG_ENOUGH);
        expectPresent(fra);
        keyed.template().retune(c -> c.failureThreshold(threshold), "test", null);
        desk.advance(LONG_ENOUGH);
        expectEvicted(fra);
    }

    @Test
    void modeThatAnOperatorAskedFor_keepsIt_thoughItWasInThatMode() {
        TradingBreaker fra = fra();
        fra.mode(BreakerMode.ENFORCE);
        keyed.template().mode(BreakerMode.OBSERVE);
        desk.advance(2 * LONG_ENOUGH);
        expectPresent(fra);
    }

    @Test
    void errorOfAWatcher_endsOneTelling_andNoOther() {
        fra();
        keyed.of("ams1");
        List<String> failed = new ArrayList<>();
        desk.registry().onEachBreaker(made -> {}, gone -> {
            failed.add(gone.name());
            throw new NoClassDefFoundError("test");
        });
        desk.advance(LONG_ENOUGH);
        assertThat(failed).containsExactlyInAnyOrder("node:fra1", "node:ams1");
        assertThat(keyed).hasToString("KeyedBreakers[node, 0]");
        assertThat(keyed.of("fra1").name()).isEqualTo("node:fra1");
        assertThat(keyed.of("ams1").name()).isEqualTo("node:ams1");
    }

    @Test
    void whileWatchersAreTold_theStateIsThatOfTheTemplate() {
        TradingBreaker fra = fra();
        keyed.template().halt("test", null);
        List<BreakerState> seen = new ArrayList<>();
        desk.registry().onEachBreaker(made -> {}, gone -> {
            assertThat(gone.tryAcquire()).isNull();
            seen.add(gone.state());
        });
        desk.advance(LONG_ENOUGH);
        assertThat(seen).containsExactly(BreakerState.HALTED);
        assertThat(fra.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void watchOfAnEvictedBreakersStream_isTheTemplates_whereThereIsNoRoom() {
        TradingBreaker old = fra(1, c -> c.streamSilence(Duration.ofSeconds(1)));
        desk.advance(LONG_ENOUGH);
        keyed.of("ams1");
        StreamWatch watch = old.watchStream("prices");
        watch.awaiting();
        desk.advance(2_000);
        assertThat(keyed.template().state()).isEqualTo(BreakerState.OPEN);
        assertThat(keyed.of("ams1").state()).isEqualTo(BreakerState.CLOSED);
        watch.close();
    }

    @Test
    void evictedBreaker_judgesItsCallsAsThePresentOneWould() {
        TradingBreaker old = fra(c -> c.failureThreshold(2));
        desk.advance(LONG_ENOUGH);
        keyed.template().retune(c -> c.ignoreExceptions(List.of(IllegalStateException.class)), "test", null);
        TradingBreaker present = keyed.of("fra1");
        assertThatThrownBy(() -> old.call(() -> {
                    throw new IllegalStateException("test");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(present.counters().ignored()).isOne();
        assertThat(present.counters().failed()).isZero();
    }

    // ---- the sweep itself ----

    @Test
    void afterClose_nothingIsEvicted() {
        TradingBreaker fra = fra();
        desk.registry().close();
        ((BreakersByKey) keyed).sweep().sweep();
        assertThat(desk.registry().find("node:fra1")).isSameAs(fra);
        call(fra);
    }
}

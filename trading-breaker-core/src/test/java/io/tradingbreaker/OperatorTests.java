package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Trip, halt, resume, reset, mode. */
class OperatorTests {

    private final Desk desk = Desk.of(c -> {});

    @Test
    void halt_refusesWhatOpensRisk_andPassesTheRest() {
        desk.breaker().halt("fat finger", "alice");
        TradingPausedException refusal = desk.refusal(Intent.OPEN_RISK);
        assertThat(refusal.state()).isEqualTo(BreakerState.HALTED);
        assertThat(refusal.breaker()).isEqualTo("trading");
        assertThat(refusal.retryAfter()).isNull();
        assertThat(refusal.reason().rule()).isEqualTo(Rule.HALT);
        assertThat(refusal).hasMessage("Trading is paused: breaker 'trading' is HALTED (fat finger)");
        assertThat(refusal.getStackTrace()).isEmpty();
        for (Intent intent : new Intent[] {Intent.REDUCE, Intent.CANCEL, Intent.QUERY}) {
            desk.breaker().acquire(intent).success();
        }
        assertThat(desk.lastTransition().actor()).isEqualTo("alice");
    }

    @Test
    void halt_isLeftByNoTimerNoProbeNoTraffic() {
        desk.open();
        desk.breaker().halt("stop", null);
        desk.advance(86_400_000).expect(BreakerState.HALTED);
        desk.breaker().acquire(Intent.CANCEL).success();
        desk.expect(BreakerState.HALTED);
    }

    @Test
    void callAdmittedBeforeTheHalt_goesOn() {
        Permit permit = desk.breaker().acquire(Intent.OPEN_RISK);
        desk.breaker().halt("stop", null);
        permit.success();
        assertThat(desk.breaker().counters().successful()).isEqualTo(1);
    }

    @Test
    void resume_goesThroughProbeAndTrials() {
        desk.breaker().halt("stop", null);
        desk.breaker().resume("checked", "bob");
        desk.expect(BreakerState.OPEN).runDue().expect(BreakerState.HALF_OPEN);
        desk.calls(2, 10).expect(BreakerState.CLOSED);
        assertThat(desk.transitions)
                .extracting(
                        t -> t.from() + ">" + t.to() + ":" + t.reason().rule().code())
                .startsWith("CLOSED>HALTED:halt", "HALTED>OPEN:resume", "OPEN>HALF_OPEN:timeout");
    }

    @Test
    void conflicts_sayWhatIsAllowed_andChangeNothing() {
        assertThatThrownBy(() -> desk.breaker().resume("x", null))
                .isInstanceOfSatisfying(
                        BreakerConflictException.class,
                        e -> assertThat(e.allowed()).containsExactly("trip", "halt", "reset"));
        desk.breaker().halt("stop", null);
        assertThatThrownBy(() -> desk.breaker().trip("x", null))
                .isInstanceOfSatisfying(
                        BreakerConflictException.class,
                        e -> assertThat(e.allowed()).containsExactly("resume", "reset"));
        desk.runDue().expect(BreakerState.HALTED);
        assertThat(desk.transitions).hasSize(1);
    }

    @Test
    void repeatedHaltAndTrip_areOneTransition() {
        desk.breaker().trip("a", null);
        desk.breaker().trip("b", null);
        desk.breaker().halt("c", null);
        desk.breaker().halt("d", null);
        desk.runDue();
        assertThat(desk.transitions).extracting(t -> t.reason().message()).containsExactly("a", "c");
    }

    @Test
    void resetWhileClosed_clearsTheWindow_withoutATransition() {
        desk.calls(3, 300).failures(1);
        desk.breaker().reset("start over", null);
        desk.runDue();
        assertThat(desk.breaker().latencyMonitor().window().samples()).isZero();
        assertThat(desk.breaker().counters().consecutiveFailures()).isZero();
        assertThat(desk.transitions).isEmpty();
    }

    @Test
    void reasonsAndActors_becomeOneBoundedLine() {
        desk.breaker().halt("line\r\n2026 INFO forged \u2028" + "x".repeat(1000), "eve\u0000\u202e");
        Transition halt = desk.lastTransition();
        assertThat(halt.reason().message()).startsWith("line  2026 INFO forged").hasSize(200);
        assertThat(halt.reason().message()).doesNotContain("\n", "\r", "\u2028");
        assertThat(halt.actor()).isEqualTo("eve");
    }

    @Test
    void observeMode_refusesNothing_andRecoversAsWell() {
        Desk watching = Desk.of(c -> c.mode(BreakerMode.OBSERVE));
        watching.failures(5).expect(BreakerState.OPEN);
        watching.failures(3).expect(BreakerState.OPEN);
        assertThat(watching.breaker().counters().wouldReject()).isEqualTo(3);
        assertThat(watching.breaker().counters().rejected()).isZero();
        watching.advance(30_000).expect(BreakerState.HALF_OPEN);
        StalledCallTests.acquire(watching, 3).forEach(Permit::success);
        watching.expect(BreakerState.CLOSED);
        Desk.assertBalanced(watching.breaker());
    }

    @Test
    void observeMode_isNoMatchForAHalt() {
        Desk watching = Desk.of(c -> c.mode(BreakerMode.OBSERVE));
        watching.breaker().halt("stop", null);
        assertThat(watching.breaker().tryAcquire()).isNull();
        assertThat(watching.breaker().counters().rejected()).isEqualTo(1);
    }

    @Test
    void switchingMode_keepsStateAndWindow() {
        desk.calls(3, 300);
        desk.breaker().mode(BreakerMode.OBSERVE);
        assertThat(desk.breaker().latencyMonitor().window().over()).isEqualTo(3);
        assertThat(desk.breaker().snapshot().config().mode()).isEqualTo(BreakerMode.OBSERVE);
        desk.calls(1, 300).expect(BreakerState.OPEN);
        assertThat(desk.breaker().tryAcquire()).isNotNull();
        desk.breaker().mode(BreakerMode.ENFORCE);
        desk.expect(BreakerState.OPEN);
        assertThat(desk.breaker().tryAcquire()).isNull();
    }

    @Test
    void passThroughCalls_takeNoTrialSlotAndDecideNothing() {
        desk.halfOpen();
        for (int i = 0; i < 10; i++) {
            desk.breaker().acquire(Intent.CANCEL).failure();
            desk.breaker().acquire(Intent.QUERY).success();
        }
        desk.expect(BreakerState.HALF_OPEN);
        assertThat(desk.breaker().latencyMonitor().window().samples()).isEqualTo(20);
        StalledCallTests.acquire(desk, 3);
    }

    @Test
    void passThroughCalls_countWhileClosed() {
        for (int i = 0; i < 5; i++) {
            desk.breaker().acquire(Intent.CANCEL).failure();
        }
        desk.expect(BreakerState.OPEN);
    }

    @Test
    void intentThatIsNotConfiguredToPass_isRefused() {
        Desk strict = Desk.of(c -> c.pass(java.util.Set.of(Intent.CANCEL)));
        strict.open();
        strict.breaker().acquire(Intent.CANCEL).success();
        assertThat(strict.refusal(Intent.REDUCE)).isNotNull();
        assertThat(strict.refusal(Intent.QUERY).retryAfter()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void haltForAll_coversBreakersMadeLater_untilResumed() {
        desk.breaker("node");
        desk.registry().halt("stop", "alice");
        assertThat(desk.breaker("node").tryAcquire()).isNull();
        assertThat(desk.breaker("later").state()).isEqualTo(BreakerState.HALTED);
        desk.registry().resume("go", "alice");
        assertThat(desk.registry().breakers()).extracting(TradingBreaker::state).containsOnly(BreakerState.OPEN);
        assertThat(desk.breaker("latest").state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void tripForAll_doesNothingIfOneIsHalted_andResumeForAllWantsAHalt() {
        desk.breaker("node").halt("stop", null);
        assertThatThrownBy(() -> desk.registry().trip("x", null)).isInstanceOf(BreakerConflictException.class);
        desk.expect(BreakerState.CLOSED);
        desk.registry().reset("x", null);
        assertThat(desk.registry().breakers()).extracting(TradingBreaker::state).containsOnly(BreakerState.CLOSED);
        assertThatThrownBy(() -> desk.registry().resume("x", null)).isInstanceOf(BreakerConflictException.class);
    }

    @Test
    void operatorsForAll_atOnceWithBreakersBeingMade_leaveNoneBehind() throws Exception {
        for (int round = 0; round < 200; round++) {
            Desk busy = new Desk();
            BreakerRegistry registry = busy.registry();
            Threads.run(4, number -> {
                switch (number) {
                    case 0 -> registry.halt("h", null);
                    case 1 -> {
                        try {
                            registry.resume("r", null);
                        } catch (BreakerConflictException nothingToResume) {
                            // as it should
                        }
                    }
                    default -> registry.breaker("made-" + number);
                }
            });
            boolean isHalted = registry.breaker("trading").state() == BreakerState.HALTED;
            registry.breaker("later");
            assertThat(registry.breakers()).allMatch(breaker -> (breaker.state() == BreakerState.HALTED) == isHalted);
        }
    }

    @Test
    void operatorsForAll_whileSwitchedOff_areToldSo_andTheRegistryStaysUsable() {
        try (BreakerRegistry off = BreakerRegistry.builder().enabled(false).build()) {
            assertThatThrownBy(() -> off.halt("x", null)).isInstanceOf(BreakerConflictException.class);
            assertThatThrownBy(() -> off.trip("x", null)).isInstanceOf(BreakerConflictException.class);
            assertThatThrownBy(() -> off.resume("x", null)).hasMessageContaining("switched off");
            assertThatThrownBy(() -> off.reset("x", null)).hasMessageContaining("switched off");
            assertThat(off.breaker("later").tryAcquire()).isNotNull();
        }
    }

    @Test
    void tripForAll_tripsEveryBreaker() {
        desk.breaker("node");
        desk.registry().trip("drill", "alice");
        assertThat(desk.registry().breakers())
                .hasSize(2)
                .extracting(TradingBreaker::state)
                .containsOnly(BreakerState.OPEN);
        assertThat(desk.lastTransition().actor()).isEqualTo("alice");
    }

    @Test
    void resumeForAll_leavesThoseAloneThatAreNotHalted() {
        desk.breaker("node").halt("stop", null);
        desk.registry().resume("go", null);
        desk.expect(BreakerState.CLOSED);
        assertThat(desk.breaker("node").state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void operatorsTrip_namesTheRuleReasonAndActor_andIsCounted() {
        desk.breaker().trip("drill", "alice");
        desk.advance(5).breaker().reset("", null);
        assertThat(desk.lastTransition().reason().message()).isEqualTo("no reason given");
        assertThat(desk.breaker().counters().transitions())
                .containsOnly(
                        Map.entry(
                                new BreakerCounters.TransitionKind(BreakerState.CLOSED, BreakerState.OPEN, Rule.TRIP),
                                1L),
                        Map.entry(
                                new BreakerCounters.TransitionKind(BreakerState.OPEN, BreakerState.CLOSED, Rule.RESET),
                                1L));
        assertThat(desk.breaker().counters().alertDelay()).isEqualTo(new Tally(2, Duration.ZERO));
    }

    @Test
    void alertDelay_lastsUntilTheLastListenerWasTold() {
        ManualScheduler time = new ManualScheduler();
        BreakerRegistry slow = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .listeners(List.of(t -> time.advance(Duration.ofMillis(3)), t -> time.advance(Duration.ofMillis(4))))
                .build();
        slow.breaker("trading").trip("x", null);
        time.runDue();
        assertThat(slow.breaker("trading").counters().alertDelay()).isEqualTo(new Tally(1, Duration.ofMillis(7)));
    }

    @Test
    void everyBreaker_isToldOnce_withThoseThatAreMadeLaterAndTheirParents() {
        Desk levels = new Desk().breaker("venue", c -> {}).breaker("node", c -> c.parent("venue"));
        BreakerRegistry registry = levels.registry();
        List<String> told = new ArrayList<>();
        registry.onEachBreaker(breaker -> told.add(breaker.name()));
        assertThat(told).containsExactly("node", "trading", "venue");
        registry.breaker("later");
        registry.breaker("later");
        assertThat(told).containsExactly("node", "trading", "venue", "later");
        assertThat(registry.find("later")).isSameAs(registry.breaker("later"));
        assertThat(registry.isDeclared("node")).isTrue();
        assertThat(registry.isDeclared("trading")).isTrue();
        assertThat(registry.isDeclared("later")).isFalse();
    }

    @Test
    void watcherThatThrows_keepsNobodyFromBeingTold() {
        List<String> told = new ArrayList<>();
        desk.registry().onEachBreaker(breaker -> {
            if (breaker.name().equals("later")) {
                throw new IllegalStateException("broken");
            }
        });
        desk.registry().onEachBreaker(breaker -> told.add(breaker.name()));
        assertThat(desk.breaker("later").tryAcquire()).isNotNull();
        assertThat(told).containsExactly("trading", "later");
    }

    @Test
    void close_endsTheTimersAndTheStallCheck() {
        desk.open();
        desk.breaker("hung").acquire(Intent.OPEN_RISK);
        desk.registry().close();
        desk.advance(60_000).expect(BreakerState.OPEN);
        assertThat(desk.breaker("hung").counters().stalled()).isZero();
        assertThat(desk.breaker("hung").counters().oldestInFlight()).isEqualTo(Duration.ofSeconds(60));
    }
}

package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Limits of a running breaker that change, in virtual time. */
class RetuneTests {

    private static final Duration SLOWER = Duration.ofMillis(500);

    private final ManualScheduler time = new ManualScheduler();
    private final List<Object> told = new ArrayList<>();
    private final BreakerRegistry registry = BreakerRegistry.builder()
            .clock(time.clock())
            .scheduler(time)
            .listeners(List.of(new Recorder(told)))
            .breaker("node", BreakerConfig.DEFAULT.with(c -> c.parent("venue").minimumSamples(100)))
            .breaker("venue", BreakerConfig.DEFAULT)
            .build();
    private final TradingBreaker node = registry.breaker("node");

    private record Recorder(List<Object> told) implements StateChangeListener {

        @Override
        public void onStateChange(Transition transition) {
            told.add(transition);
        }

        @Override
        public void onRetune(Retune retune) {
            told.add(retune);
        }
    }

    private BreakerConfig retune(Consumer<BreakerConfigBuilder> change) {
        return node.retune(change, "by hand", "ops");
    }

    private void calls(int count, long millis) {
        calls(count, millis, Permit::success);
    }

    private void calls(int count, long millis, Consumer<Permit> end) {
        List<Permit> permits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            permits.add(node.acquire(Intent.OPEN_RISK));
        }
        advance(millis);
        permits.forEach(end);
    }

    private void advance(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    private void expect(long samples, long over, long allowed) {
        assertThat(node.latencyMonitor().window()).isEqualTo(new LatencyMonitor.WindowView(samples, over, allowed));
    }

    private long run() {
        return node.counters().consecutiveFailures();
    }

    // ---- all or nothing ----

    @Test
    void change_isInForceAtOnce_andIsTold() {
        BreakerConfig before = node.config();
        BreakerConfig after = retune(c -> c.windowSize(500).recovery(RecoveryPolicy.DEFAULT));
        assertThat(after).isEqualTo(before.with(c -> c.windowSize(500)));
        assertThat(node.config()).isEqualTo(after).isEqualTo(node.snapshot().config());
        assertThat(told).isEmpty();
        time.runDue();
        assertThat(told)
                .containsExactly(new Retune("node", time.clock().instant(), before, after, "by hand", "ops", 0, false));
        assertThat(((Retune) told.get(0)).changes()).containsExactly("window-size: 1000 → 500");
    }

    @Test
    void nothingChanged_isNotTold() {
        assertThat(retune(c -> c.windowSize(1000))).isEqualTo(node.config());
        time.runDue();
        assertThat(told).isEmpty();
    }

    @Test
    void invalidWhole_changesNothing_andNamesTheBreaker() {
        BreakerConfig before = node.config();
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> retune(c -> c.errorRateThreshold(0.1).windowSize(50)))
                .satisfies(e -> assertThat(e.breaker()).isEqualTo("node"))
                .satisfies(e -> assertThat(e.property()).isEqualTo("minimum-samples"));
        assertThat(node.config()).isEqualTo(before);
    }

    @Test
    void anotherParent_isRefused() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> retune(c -> c.parent(null)))
                .withMessageContaining("parent is unset, but must stay 'venue'");
    }

    @Test
    void unsetFailureThreshold_isWhatItWouldBeAtTheStart() {
        assertThat(registry.breaker("venue")
                        .retune(c -> c.failureThreshold(null), "x", null)
                        .failureThreshold())
                .isZero();
        assertThat(retune(c -> c.failureThreshold(null)).failureThreshold()).isEqualTo(5);
    }

    @Test
    void changeThatRetunes_isRefused_andNothingChanges() {
        assertThatIllegalStateException()
                .isThrownBy(() -> retune(c -> {
                    c.windowSize(500);
                    node.retune(again -> again.windowSize(400), "x", null);
                }));
        assertThat(node.config().windowSize()).isEqualTo(1000);
        assertThat(retune(c -> c.windowSize(300)).windowSize()).isEqualTo(300);
    }

    @Test
    void allBreakers_areRetunedOrNone() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> registry.retune(
                        (breaker, c) -> c.windowSize(breaker.name().equals("venue") ? 200 : 500), "x", null));
        assertThat(registry.breakers()).extracting(b -> b.config().windowSize()).containsOnly(1000);
        registry.retune((breaker, c) -> c.windowSize(500), "x", null);
        assertThat(registry.breakers()).extracting(b -> b.config().windowSize()).containsOnly(500);
        time.runDue();
        assertThat(told).hasSize(3);
    }

    @Test
    void undeclaredSettings_areThoseOfBreakersMadeLater() {
        TradingBreaker before = registry.breaker("before");
        registry.undeclared(BreakerConfig.DEFAULT.with(c -> c.windowSize(700)));
        assertThat(registry.breaker("after").config().windowSize()).isEqualTo(700);
        assertThat(before.config().windowSize()).isEqualTo(1000);
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> registry.undeclared(BreakerConfig.DEFAULT.with(c -> c.parent("nowhere"))));
        assertThat(registry.breaker("later").config().windowSize()).isEqualTo(700);
    }

    @Test
    void switchedOff_isAConflict() {
        BreakerRegistry off = BreakerRegistry.builder().enabled(false).build();
        assertThatExceptionOfType(BreakerConflictException.class)
                .isThrownBy(() -> off.breaker("trading").retune(c -> {}, "x", null));
        assertThatExceptionOfType(BreakerConflictException.class)
                .isThrownBy(() -> off.retune((breaker, c) -> {}, "x", null));
    }

    @Test
    void reasonAndActor_areOneBoundedLine() {
        node.retune(c -> c.windowSize(500), "a\nb".repeat(200), "\n");
        time.runDue();
        Retune retune = (Retune) told.get(0);
        assertThat(retune.reason()).hasSizeBetween(199, 200).doesNotContain("\n");
        assertThat(retune.actor()).isNull();
    }

    @Test
    void retunesAndTransitions_areToldInOrder() {
        node.trip("a", null);
        retune(c -> c.windowSize(500));
        node.halt("b", null);
        retune(c -> c.windowSize(400));
        retune(c -> c.windowSize(300));
        node.reset("c", null);
        time.runDue();
        assertThat(told)
                .extracting(o -> o instanceof Transition t
                        ? t.to().toString()
                        : String.valueOf(((Retune) o).after().windowSize()))
                .containsExactly("OPEN", "500", "HALTED", "400", "300", "CLOSED");
    }

    @Test
    void mode_changesAlikeByEitherCall() {
        retune(c -> c.mode(BreakerMode.OBSERVE));
        assertThat(node.mode()).isEqualTo(BreakerMode.OBSERVE);
        node.mode(BreakerMode.ENFORCE);
        assertThat(node.config().mode()).isEqualTo(BreakerMode.ENFORCE);
        retune(c -> c.windowSize(500));
        assertThat(node.mode()).isEqualTo(BreakerMode.ENFORCE);
    }

    // ---- the window ----

    @Test
    void changedThreshold_recountsTheWindow_tripsNothing_andDecidesFromTheNextSlowSample() {
        calls(95, 1);
        calls(5, 150);
        expect(100, 0, 1);
        retune(c -> c.p99Threshold(Duration.ofMillis(100)).latencyThreshold(Duration.ofMillis(200)));
        expect(100, 5, 1);
        calls(1, 1);
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
        calls(1, 101);
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        assertThat(node.snapshot().reason().message())
                .isEqualTo("P99 150.0 ms over 100.0 ms: 6 of 102 samples slower, 1 allowed");
    }

    @Test
    void changedSize_keepsTheNewest() {
        calls(200, 1);
        calls(2, 150);
        retune(c -> c.windowSize(100).minimumSamples(50));
        expect(100, 0, 1);
        assertThat(node.latencyMonitor().statistics().max()).isEqualTo(Duration.ofMillis(150));
        retune(c -> c.windowSize(1000));
        expect(100, 0, 1);
        calls(300, 1);
        expect(400, 0, 4);
    }

    @Test
    void changedAge_isThatOfEachSample() {
        calls(10, 1);
        advance(30_000);
        calls(10, 1);
        retune(c -> c.windowAge(Duration.ofSeconds(20)));
        expect(10, 0, 1);
        retune(c -> c.windowAge(Duration.ofSeconds(90)));
        advance(80_000);
        expect(10, 0, 1);
        advance(20_000);
        expect(0, 0, 1);
    }

    @Test
    void permitAcrossRetunings_endsInItsPhase() {
        Permit permit = node.acquire(Intent.OPEN_RISK);
        retune(c -> c.windowSize(500));
        retune(c -> c.windowSize(400).p99Threshold(SLOWER));
        advance(50);
        permit.success();
        expect(1, 0, 1);
        assertThat(node.counters().stale()).isZero();
        assertThat(node.counters().inFlight()).isZero();
    }

    // ---- calls in flight ----

    @Test
    void stalledCall_isNotOverUnderARaisedThreshold_andAgainAtThat_withTheSameSample() {
        Permit permit = node.acquire(Intent.OPEN_RISK);
        advance(300);
        expect(1, 1, 1);
        retune(c -> c.p99Threshold(SLOWER));
        expect(1, 0, 1);
        advance(200);
        expect(1, 0, 1);
        advance(20);
        expect(1, 1, 1);
        retune(c -> c.p99Threshold(Duration.ofMillis(600)));
        expect(1, 0, 1);
        advance(200);
        permit.success();
        expect(1, 1, 1);
        assertThat(node.latencyMonitor().statistics().max()).isEqualTo(Duration.ofMillis(720));
    }

    @Test
    void stalledCallThatIsOverAgain_trips() {
        retune(c -> c.minimumSamples(1).failureThreshold(0));
        calls(50, 1);
        retune(c -> c.percentile(99.9).p99Threshold(Duration.ofMillis(300)));
        Permit permit = node.acquire(Intent.OPEN_RISK);
        advance(250);
        retune(c -> c.p99Threshold(SLOWER));
        advance(240);
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
        advance(40);
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        permit.success();
    }

    @Test
    void loweredThreshold_findsOlderCallsAtTheNextCheck() {
        retune(c -> c.p99Threshold(SLOWER));
        node.acquire(Intent.OPEN_RISK);
        advance(300);
        expect(0, 0, 1);
        retune(c -> c.p99Threshold(Duration.ofMillis(200)));
        advance(20);
        expect(1, 1, 1);
        assertThat(node.counters().stalled()).isEqualTo(1);
    }

    @Test
    void callCheckedWhileTheThresholdIsLowered_isJudgedAtTheNextCheck() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        BreakerRegistry checked = BreakerRegistry.builder()
                .clock(new BreakerClock() {

                    @Override
                    public long nanoTime() {
                        meanwhile.get().run();
                        return time.clock().nanoTime();
                    }

                    @Override
                    public Instant instant() {
                        return time.clock().instant();
                    }
                })
                .scheduler(time)
                .breaker(
                        "node",
                        BreakerConfig.DEFAULT.with(
                                c -> c.p99Threshold(SLOWER).minimumSamples(1).failureThreshold(0)))
                .build();
        Breaker breaker = (Breaker) checked.breaker("node");
        breaker.acquire(Intent.OPEN_RISK).success();
        Permit hung = breaker.acquire(Intent.OPEN_RISK);
        advance(300);
        AtomicBoolean isChecked = new AtomicBoolean();
        meanwhile.set(() -> {
            if (breaker.config().p99Threshold().toMillis() == 200 && isChecked.compareAndSet(false, true)) {
                long now = time.clock().nanoTime();
                breaker.gate().check(breaker.gate().machine().pauses.active(now), now, 0);
            }
        });
        breaker.retune(c -> c.p99Threshold(Duration.ofMillis(200)), "lower", null);
        assertThat(isChecked).isTrue();
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        advance(20);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        hung.success();
    }

    @Test
    void permitTimeout_isOfCallsInFlight() {
        node.acquire(Intent.OPEN_RISK);
        retune(c -> c.permitTimeout(Duration.ofSeconds(1)).failureThreshold(0));
        advance(1_040);
        assertThat(node.counters().abandoned()).isEqualTo(1);
    }

    // ---- the run ----

    @Test
    void raisedThreshold_recountsTheRunFromTheNewestSamples() {
        retune(c -> c.failureThreshold(10).p99Threshold(Duration.ZERO).latencyThreshold(Duration.ofMillis(200)));
        calls(1, 1, Permit::failure);
        calls(2, 250);
        calls(1, 600);
        // 1 + 2 + one at each of 200 and 400 ms
        assertThat(run()).isEqualTo(5);
        retune(c -> c.latencyThreshold(SLOWER));
        assertThat(run()).isEqualTo(1);
        calls(1, 1, Permit::failure);
        retune(c -> c.latencyThreshold(Duration.ofMillis(700)));
        assertThat(run()).isEqualTo(1);
    }

    @Test
    void sampleThatIsStillToBeWritten_doesNotEndTheRun() {
        Window window = Windows.of(10, Long.MAX_VALUE);
        window.enter(Windows.SLOW, true, 0);
        window.enter(Windows.SLOW, true, 0);
        window.cursor.next();
        Breaker breaker = (Breaker) node;
        StateMachine machine = breaker.gate().machine();
        assertThat(RunRecount.of(window, new InFlight(breaker.gate()), machine.phase(), SLOWER.toNanos(), 0, 0))
                .isEqualTo(2);
    }

    @Test
    void loweredThreshold_lengthensTheRun_andTripsWithTheNextBadCall() {
        calls(10, 1);
        calls(7, 150);
        assertThat(run()).isZero();
        retune(c -> c.latencyThreshold(Duration.ofMillis(100)));
        assertThat(run()).isEqualTo(7);
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
        calls(1, 1, Permit::failure);
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        assertThat(node.snapshot().reason().rule()).isEqualTo(Rule.CONSECUTIVE);
    }

    @Test
    void loneHungCall_tripsAtTheRaisedThresholdsMultiples_neverCountedTwice() {
        retune(c -> c.failureThreshold(4));
        Permit hung = node.acquire(Intent.OPEN_RISK);
        advance(650);
        assertThat(run()).isEqualTo(3);
        retune(c -> c.latencyThreshold(SLOWER).p99Threshold(SLOWER));
        assertThat(run()).isEqualTo(1);
        advance(1_340);
        assertThat(run()).isEqualTo(3);
        assertThat(node.counters().slow()).isEqualTo(1);
        advance(40);
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        hung.success();
        assertThat(node.counters().slow()).isEqualTo(1);
        assertThat(node.counters().stalled()).isEqualTo(1);
    }

    @Test
    void failureThreshold_keepsTheRun() {
        calls(3, 1, Permit::failure);
        retune(c -> c.failureThreshold(2));
        assertThat(run()).isEqualTo(3);
        assertThat(node.state()).isEqualTo(BreakerState.CLOSED);
        calls(1, 1, Permit::failure);
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void raisedThreshold_countsAHungCallWhoseSampleHasLeft() {
        retune(c -> c.failureThreshold(100).windowAge(Duration.ofSeconds(1)));
        node.acquire(Intent.OPEN_RISK);
        advance(2_050);
        assertThat(run()).isEqualTo(10);
        retune(c -> c.latencyThreshold(SLOWER).p99Threshold(SLOWER));
        assertThat(run()).isEqualTo(4);
    }

    @Test
    void shorterWindowAge_leavesExpiredSamplesOutOfTheRecountedRun() {
        retune(c -> c.failureThreshold(10)
                .p99Threshold(Duration.ZERO)
                .latencyThreshold(Duration.ofMillis(200))
                .windowAge(Duration.ofSeconds(2)));
        calls(1, 1, Permit::failure);
        advance(1_500);
        assertThat(run()).isOne();

        retune(c -> c.windowAge(Duration.ofSeconds(1)).latencyThreshold(SLOWER));

        assertThat(run()).isZero();
    }

    @Test
    void raisedThreshold_countsWhatAHungCallWasSlowSinceTheLastFastSuccess() {
        retune(c -> c.failureThreshold(100));
        node.acquire(Intent.OPEN_RISK);
        advance(450);
        calls(1, 0);
        assertThat(run()).isZero();
        advance(600);
        assertThat(run()).isEqualTo(3);
        retune(c -> c.latencyThreshold(Duration.ofMillis(300)));
        assertThat(run()).isEqualTo(2);
    }

    // ---- pauses ----

    @Test
    void openPause_keepsItsDueTime_andTheNextHasTheNewOne() {
        node.trip("x", null);
        retune(c -> c.recoveryTimeout(Duration.ofSeconds(60)));
        advance(30_000);
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
        node.trip("x", null);
        advance(59_999);
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);
        advance(1);
        assertThat(node.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void passingIntents_changeAtOnce() {
        node.trip("x", null);
        assertThat(node.tryAcquire(Intent.QUERY)).isNotNull();
        retune(c -> c.pass(Set.of(Intent.CANCEL)));
        assertThat(node.tryAcquire(Intent.QUERY)).isNull();
        assertThat(node.tryAcquire(Intent.CANCEL)).isNotNull();
    }

    @Test
    void exceptions_areClassifiedByTheNewLists() throws Exception {
        retune(c -> c.ignoreExceptions(List.of(IllegalStateException.class)));
        assertThatIllegalStateException()
                .isThrownBy(() -> node.call(() -> {
                    throw new IllegalStateException("x");
                }));
        assertThat(node.counters().ignored()).isEqualTo(1);
    }
}

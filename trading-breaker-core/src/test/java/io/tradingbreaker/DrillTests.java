package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.DrillReport.Check;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pausing trading to show that it can be. */
class DrillTests {

    private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);

    private HealthStatus health = HealthStatus.healthy(Duration.ofMillis(20), "ok");
    private final Desk desk = Desk.of(c -> {});

    private static Desk drill(Desk desk) {
        desk.breaker().drill(FIVE_SECONDS, "monthly drill", "alice");
        return desk;
    }

    private static DrillReport report(Desk desk) {
        return desk.runDue().breaker().snapshot().drill();
    }

    private static Check check(Desk desk, String name) {
        return report(desk).checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void drill_pausesForItsTime_andReports() {
        desk.advance(10);
        drill(desk).expect(BreakerState.OPEN);
        BreakerSnapshot during = desk.breaker().snapshot();
        assertThat(during.reason().rule()).isEqualTo(Rule.DRILL);
        assertThat(during.recovery().nextAttemptAt()).isEqualTo(during.since().plus(FIVE_SECONDS));
        assertThat(during.recovery().awaitsResume()).isFalse();
        assertThat(during.drill()).isNull();
        assertThat(desk.refusal(Intent.OPEN_RISK).retryAfter()).isEqualTo(FIVE_SECONDS);

        desk.advance(4_999).expect(BreakerState.OPEN);
        desk.advance(1).expect(BreakerState.CLOSED);

        DrillReport report = report(desk);
        assertThat(report.breaker()).isEqualTo("trading");
        assertThat(report.actor()).isEqualTo("alice");
        assertThat(report.reason()).isEqualTo("monthly drill");
        assertThat(report.startedAt()).isEqualTo(during.since());
        assertThat(report.endedAt()).isEqualTo(report.startedAt().plus(FIVE_SECONDS));
        assertThat(report.passed()).isTrue();
        assertThat(report.checks())
                .containsExactly(
                        new Check("refuses", true, "a call that opens risk was refused by 'trading'", Duration.ZERO),
                        new Check("passes", true, "passed: QUERY, CANCEL, REDUCE", Duration.ZERO),
                        new Check("listeners", true, "were told of the pause", Duration.ZERO),
                        new Check("recovers", true, "CLOSED again: the drill is over", FIVE_SECONDS));
        assertThat(desk.transitions)
                .extracting(
                        t -> t.from() + ">" + t.to() + ":" + t.reason().rule().code() + ":" + t.actor())
                .containsExactly("CLOSED>OPEN:drill:alice", "OPEN>CLOSED:drill:null");
    }

    @Test
    void itsOwnCalls_areOneRefusedAndOneIgnoredForEachIntentThatPasses() {
        drill(desk).advance(5_000);
        BreakerCounters c = desk.breaker().counters();
        assertThat(c.rejected()).isEqualTo(1);
        assertThat(c.ignored()).isEqualTo(3);
        assertThat(c.total()).isEqualTo(4);
        assertThat(c.recoveryAttempts()).isZero();
        assertThat(desk.breaker().latencyMonitor().window().samples()).isZero();
        Desk.assertBalanced(desk.breaker());
    }

    @Test
    void drill_beginsInClosedOnly() {
        drill(desk);
        assertConflict("OPEN", "halt", "reset");
        assertThatThrownBy(() -> desk.breaker().resume("x", null)).isInstanceOf(BreakerConflictException.class);
        desk.breaker().reset("x", null);
        desk.halfOpen();
        assertConflict("HALF_OPEN", "halt", "reset");
        desk.breaker().trip("x", null);
        assertConflict("OPEN", "halt", "reset");
        desk.breaker().halt("x", null);
        assertConflict("HALTED", "resume", "reset");
        assertThat(desk.breaker().counters().transitions())
                .containsEntry(
                        new BreakerCounters.TransitionKind(BreakerState.CLOSED, BreakerState.OPEN, Rule.DRILL), 1L);
    }

    private void assertConflict(String state, String... allowed) {
        BreakerCounters before = desk.breaker().counters();
        assertThatThrownBy(() -> drill(desk))
                .isInstanceOfSatisfying(
                        BreakerConflictException.class,
                        e -> assertThat(e.allowed()).containsExactly(allowed))
                .hasMessage("breaker 'trading' is " + state + ": a drill begins in CLOSED only");
        assertThat(desk.breaker().counters().total()).isEqualTo(before.total());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.999S", "PT60.001S"})
    void durationOutOfRange_isRefused(String duration) {
        assertThatThrownBy(() -> desk.breaker().drill(Duration.parse(duration), "x", null))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("must be from 1s to 1m");
        desk.expect(BreakerState.CLOSED);
    }

    @Test
    void haltDuringADrill_holds_andIsReported() {
        drill(desk).advance(2_000).breaker().halt("fat finger", "bob");
        desk.advance(86_400_000).expect(BreakerState.HALTED);
        assertThat(report(desk).passed()).isFalse();
        assertThat(check(desk, "recovers"))
                .isEqualTo(new Check(
                        "recovers", false, "ended by halt by bob, HALTED: fat finger", Duration.ofSeconds(2)));
    }

    @Test
    void tripDuringADrill_isAPauseForGood() {
        drill(desk).advance(2_000).breaker().trip("for real", "bob");
        assertThat(desk.lastRule()).isEqualTo(Rule.TRIP);
        desk.advance(29_999).expect(BreakerState.OPEN);
        desk.advance(1).expect(BreakerState.HALF_OPEN);
        assertThat(check(desk, "recovers").detail()).isEqualTo("ended by trip by bob, OPEN: for real");
    }

    @Test
    void tripDuringADrill_waitsWhereThePolicySaysSo() {
        Desk manual = manual();
        drill(manual).breaker().trip("for real", "bob");
        manual.advance(86_400_000).expect(BreakerState.OPEN);
    }

    @Test
    void resetDuringADrill_endsIt_andItsTimer() {
        drill(desk).breaker().reset("enough", "bob");
        drill(desk.advance(1_000).expect(BreakerState.CLOSED));
        assertThat(check(desk, "recovers").detail()).isEqualTo("ended by reset by bob, CLOSED: enough");
        desk.advance(4_999).expect(BreakerState.OPEN);
        desk.advance(1).expect(BreakerState.CLOSED);
        assertThat(report(desk).passed()).isTrue();
    }

    @Test
    void healthyCheckAtTheEnd_closes() {
        desk.checker(() -> health);
        drill(desk).advance(5_000).expect(BreakerState.CLOSED);
        assertThat(check(desk, "recovers").detail())
                .isEqualTo("CLOSED again: the drill is over, health check passed: ok");
    }

    @Test
    void unhealthyCheckAtTheEnd_makesItAPauseForGood() {
        desk.checker(() -> health);
        health = HealthStatus.unhealthy("slot stands still");
        drill(desk).advance(5_000).expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.PROBE);
        assertThat(check(desk, "recovers"))
                .isEqualTo(new Check(
                        "recovers",
                        false,
                        "ended by probe, OPEN: health check failed: slot stands still",
                        FIVE_SECONDS));
        health = HealthStatus.healthy(Duration.ofMillis(1), "ok");
        desk.advance(29_999).expect(BreakerState.OPEN);
        desk.advance(1).expect(BreakerState.HALF_OPEN);
    }

    @Test
    void hungCheckAtTheEnd_isUnhealthyWhenOverdue() {
        desk.checker(() -> health);
        desk.time.holdProbes();
        drill(desk).advance(5_999).expect(BreakerState.OPEN);
        assertThat(desk.breaker().snapshot().reason().rule()).isEqualTo(Rule.DRILL);
        desk.advance(1);
        assertThat(desk.lastRule()).isEqualTo(Rule.PROBE);
    }

    private static Desk manual() {
        return Desk.of(c -> c.resume(new ResumePolicy(ResumePolicy.Kind.MANUAL, 1, Duration.ofDays(1))));
    }

    @Test
    void manualPolicy_isNotAskedByADrill() {
        Desk manual = manual();
        drill(manual).advance(5_000).expect(BreakerState.CLOSED);
        assertThat(report(manual).passed()).isTrue();
    }

    @Test
    void limitedPolicy_countsNoDrill() {
        Desk limited = Desk.of(c -> c.resume(new ResumePolicy(ResumePolicy.Kind.LIMITED, 1, Duration.ofDays(1))));
        drill(limited).advance(5_000);
        drill(limited).advance(5_000);
        limited.halfOpen();
    }

    @Test
    void observeMode_refusesNothing_andTheReportSaysSo() {
        desk.breaker().mode(BreakerMode.OBSERVE);
        drill(desk);
        assertThat(desk.breaker().counters().wouldReject()).isEqualTo(1);
        desk.advance(5_000);
        assertThat(check(desk, "refuses").detail()).startsWith("mode observe refuses nothing");
        assertThat(report(desk).passed()).isTrue();
    }

    @Test
    void levels_areAskedAsForACall() {
        Desk levels = new Desk()
                .breaker("venue", c -> c.pass(Set.of(Intent.CANCEL)))
                .breaker("trading", c -> c.parent("venue"));
        levels.breaker("venue").halt("stop", null);
        drill(levels).advance(5_000);
        assertThat(check(levels, "refuses").detail()).isEqualTo("a call that opens risk was refused by 'venue'");
        assertThat(check(levels, "passes"))
                .isEqualTo(new Check(
                        "passes",
                        false,
                        "passed: CANCEL; refused: QUERY by 'venue', REDUCE by 'venue'",
                        Duration.ZERO));
        Desk.assertBalanced(levels.breaker("venue"));
    }

    @Test
    void nothingPasses_whereTheConfigurationLetsNothingPass() {
        Desk strict = Desk.of(c -> c.pass(Set.of()));
        drill(strict).advance(5_000);
        assertThat(check(strict, "passes")).isEqualTo(new Check("passes", true, "none passed", Duration.ZERO));
    }

    @Test
    void listeners_addChecksOfTheirOwn_andAreToldOfTheReport_thoughOthersFail() {
        ManualScheduler time = new ManualScheduler();
        List<DrillReport> told = new ArrayList<>();
        BreakerRegistry registry = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .listeners(List.of(new Broken(), new Hooks(told)))
                .build();
        registry.breaker("trading").drill(Duration.ofSeconds(1), "", null);
        time.advance(Duration.ofSeconds(1));
        assertThat(told).containsExactly(registry.breaker("trading").snapshot().drill());
        assertThat(told.get(0).checks())
                .extracting(Check::name, Check::passed, Check::detail)
                .contains(
                        tuple("hooks", true, "1 ran from OPEN to CLOSED"),
                        tuple("Broken", false, "the check of a listener failed: java.lang.IllegalStateException: a b"));
        assertThat(told.get(0).passed()).isFalse();
        assertThat(told.get(0).reason()).isEqualTo("no reason given");
        assertThat(told.get(0).actor()).isNull();
    }

    private static final class Broken implements StateChangeListener {

        @Override
        public void onStateChange(Transition transition) {}

        @Override
        public Check checkDrill(Transition pause, Transition end) {
            throw new IllegalStateException("a\nb");
        }

        @Override
        public void onDrillReport(DrillReport report) {
            throw new IllegalStateException();
        }
    }

    private record Hooks(List<DrillReport> told) implements StateChangeListener {

        @Override
        public void onStateChange(Transition transition) {}

        @Override
        public Check checkDrill(Transition pause, Transition end) {
            return new Check("hooks", true, "1 ran from " + pause.to() + " to " + end.to(), null);
        }

        @Override
        public void onDrillReport(DrillReport report) {
            told.add(report);
        }
    }

    @Test
    void listenersThatAreToldTooLate_failTheDrill() {
        ManualScheduler time = new ManualScheduler();
        BreakerRegistry registry = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .listeners(List.of(transition -> time.advance(Duration.ofSeconds(6))))
                .build();
        registry.breaker("trading").drill(FIVE_SECONDS, "", null);
        time.runDue();
        assertThat(registry.breaker("trading").snapshot().drill().checks())
                .contains(new Check(
                        "listeners", false, "were told of the pause only when it was over", Duration.ofSeconds(6)));
    }

    @Test
    void close_endsADrill_andAllowsNoOther() {
        drill(desk).registry().close();
        desk.expect(BreakerState.CLOSED);
        assertThatThrownBy(() -> drill(desk)).isInstanceOf(BreakerConflictException.class);
        desk.expect(BreakerState.CLOSED);
    }

    @Test
    void drillInRealTime_reportsOnTheListenersThread() {
        List<DrillReport> told = Collections.synchronizedList(new ArrayList<>());
        try (BreakerRegistry registry =
                BreakerRegistry.builder().listeners(List.of(new Hooks(told))).build()) {
            registry.breaker("trading").drill(Duration.ofSeconds(3), "", null); // for the listener to be told within it
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> registry.breaker("trading").snapshot().drill() != null);
            assertThat(registry.breaker("trading").state()).isEqualTo(BreakerState.CLOSED);
        }
        assertThat(told).hasSize(1);
        assertThat(told.get(0).passed()).isTrue();
    }

    @Test
    void switchedOff_drillsNothing() {
        try (BreakerRegistry off = BreakerRegistry.builder().enabled(false).build()) {
            assertThatThrownBy(() -> off.breaker("trading").drill(FIVE_SECONDS, "", null))
                    .hasMessageContaining("switched off");
        }
    }
}

package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** CLOSED → OPEN, rule by rule. */
class TripRulesTests {

    private final Desk desk = Desk.of(c -> c.failureThreshold(0).errorRateThreshold(0));

    @Test
    void oneSlowInHundredFullWindow_doesNotTrip_andTheNextDoes() {
        Desk small = Desk.of(c -> c.failureThreshold(0).windowSize(100).minimumSamples(100));
        small.calls(99, 50).calls(1, 201).expect(BreakerState.CLOSED);
        small.calls(1, 201).expect(BreakerState.OPEN);
        TransitionReason reason = small.lastTransition().reason();
        assertThat(reason.rule()).isEqualTo(Rule.PERCENTILE);
        assertThat(reason.observed()).isGreaterThan(200);
        assertThat(reason.limit()).isEqualTo(200);
        assertThat(reason.samples()).isEqualTo(100);
        assertThat(reason.message()).contains("2 of 100 samples slower, 1 allowed");
        assertThat(reason.latency().count()).isEqualTo(100);
        assertThat(reason.latency().p50()).isBetween(Duration.ofMillis(49), Duration.ofMillis(50));
    }

    @Test
    void shortWindow_isJudgedAsIfTheMissingSamplesWereFast() {
        desk.calls(3, 300).expect(BreakerState.CLOSED);
        desk.calls(1, 300).expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.PERCENTILE);
        assertThat(desk.lastTransition().reason().message()).contains("judged as 300");
        assertThat(desk.lastTransition().reason().observed()).isGreaterThan(200);
    }

    @Test
    void hundredsOfSamplesOfExactlyTheThreshold_doNotTrip() {
        desk.calls(500, 200).calls(500, 200).expect(BreakerState.CLOSED);
        assertThat(desk.breaker().latencyMonitor().statistics().p99()).isLessThanOrEqualTo(Duration.ofMillis(200));
        assertThat(desk.breaker().counters().slow()).isZero();
    }

    @Test
    void slowSamplesThatHaveAged_countNoMore() {
        desk.calls(3, 300).advance(60_001).calls(3, 300).expect(BreakerState.CLOSED);
        assertThat(desk.breaker().latencyMonitor().window().samples()).isEqualTo(3);
        desk.calls(1, 300).expect(BreakerState.OPEN);
    }

    @Test
    void slowSamplesThatWereDisplaced_countNoMore() {
        Desk small = Desk.of(
                c -> c.failureThreshold(0).windowSize(10).minimumSamples(10).percentile(90));
        small.calls(1, 300).calls(10, 10).calls(1, 300).expect(BreakerState.CLOSED);
        small.calls(9, 10).calls(1, 300).expect(BreakerState.CLOSED);
        small.calls(1, 300).expect(BreakerState.OPEN);
    }

    @Test
    void percentileOff_leavesSlowCallsToTheOtherRules() {
        Desk off = Desk.of(c -> c.p99Threshold(Duration.ZERO)
                .latencyThreshold(Duration.ofMillis(200))
                .failureThreshold(0));
        off.calls(500, 300).expect(BreakerState.CLOSED);
        assertThat(off.breaker().counters().slow()).isEqualTo(500);
    }

    @Test
    void confidence_wantsMoreEvidenceThanThePlainPercentile() {
        Desk sure = Desk.of(c -> c.failureThreshold(0).confidence(0.999));
        // P(Bin(300, 0.01) > 9) = 0.0011 and P(Bin(300, 0.01) > 10) = 0.0003
        sure.calls(10, 300).expect(BreakerState.CLOSED);
        sure.calls(1, 300).expect(BreakerState.OPEN);
    }

    @Test
    void fiveFailuresInARow_trip() {
        Desk failing = Desk.of(c -> {});
        failing.failures(4).expect(BreakerState.CLOSED);
        failing.failures(1).expect(BreakerState.OPEN);
        assertThat(failing.lastRule()).isEqualTo(Rule.CONSECUTIVE);
        assertThat(failing.lastTransition().reason().observed()).isEqualTo(5);
        assertThat(failing.lastTransition().reason().limit()).isEqualTo(5);
    }

    @Test
    void slowCallsLengthenTheRun_andOnlyAFastSuccessEndsIt() {
        Desk mixed = Desk.of(c -> c.latencyThreshold(Duration.ofMillis(100)).errorRateThreshold(0));
        mixed.failures(2).calls(2, 150);
        mixed.calls(1, 1, Permit::ignored);
        assertThat(mixed.breaker().counters().consecutiveFailures()).isEqualTo(4);
        mixed.calls(1, 1);
        assertThat(mixed.breaker().counters().consecutiveFailures()).isZero();
        mixed.failures(4).expect(BreakerState.CLOSED).calls(1, 150).expect(BreakerState.OPEN);
    }

    @Test
    void errorRate_tripsWhenTheShareIsReached() {
        Desk erring = Desk.of(c -> c.failureThreshold(0).minimumSamples(10));
        for (int i = 0; i < 4; i++) {
            erring.failures(1).calls(1, 1);
        }
        erring.expect(BreakerState.CLOSED).failures(1).expect(BreakerState.OPEN);
        assertThat(erring.lastRule()).isEqualTo(Rule.ERROR_RATE);
        assertThat(erring.lastTransition().reason().observed()).isEqualTo(0.5);
        assertThat(erring.lastTransition().reason().message()).contains("5 of 9 samples (judged as 10) failed");
    }

    @Test
    void latenciesOfFailures_count() {
        desk.calls(4, 300, Permit::failure).expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.PERCENTILE);
    }

    @Test
    void ignoredFastCall_isNoSample_andIgnoredSlowCallIsOne() {
        desk.calls(10, 100, Permit::ignored);
        assertThat(desk.breaker().latencyMonitor().window().samples()).isZero();
        desk.calls(3, 300, Permit::ignored).expect(BreakerState.CLOSED);
        assertThat(desk.breaker().latencyMonitor().window()).isEqualTo(new LatencyMonitor.WindowView(3, 3, 3));
        assertThat(desk.breaker().counters().ignored()).isEqualTo(13);
    }

    @Test
    void aTransition_startsAFreshWindow() {
        desk.calls(300, 50).calls(4, 300).expect(BreakerState.OPEN);
        assertThat(desk.breaker().latencyMonitor().window().samples()).isZero();
        assertThat(desk.breaker().latencyMonitor().statistics()).isEqualTo(LatencyStatistics.EMPTY);
        assertThat(desk.breaker().snapshot().reason().latency().count()).isEqualTo(304);
    }

    @Test
    void rules_canBeSwitchedOff() {
        Desk off = Desk.of(c -> c.failureThreshold(0).errorRateThreshold(0));
        off.failures(1000).expect(BreakerState.CLOSED);
    }

    @Test
    void runOfFailures_isOffForAParent_unlessSet() {
        Desk levels = new Desk()
                .breaker("venue", c -> {})
                .breaker("strict", c -> c.failureThreshold(5).errorRateThreshold(0))
                .breaker("node", c -> c.parent("venue"))
                .breaker("other", c -> c.parent("strict"));
        assertThat(levels.breaker("venue").config().failureThreshold()).isZero();
        assertThat(levels.breaker("strict").config().failureThreshold()).isEqualTo(5);
        assertThat(levels.breaker("node").config().failureThreshold()).isEqualTo(5);
    }

    @Test
    void fastCallOverThePercentilesThresholdOnly_endsTheRun() {
        Desk apart = Desk.of(c -> c.p99Threshold(Duration.ofMillis(100)).latencyThreshold(Duration.ofMillis(300)));
        apart.failures(4).calls(1, 105);
        assertThat(apart.breaker().counters().consecutiveFailures()).isZero();
        assertThat(apart.breaker().counters().slow()).isZero();
        assertThat(apart.breaker().latencyMonitor().window().over()).isEqualTo(1);
        apart.failures(4).expect(BreakerState.CLOSED);
    }

    @Test
    void slowCallsThatReturnBeforeTheStallCheckSeesThem_areSlow_notStalled() {
        desk.calls(3, 201);
        assertThat(desk.breaker().counters().slow()).isEqualTo(3);
        assertThat(desk.breaker().counters().stalled()).isZero();
    }

    @Test
    void percentileReason_namesTheExactFigure_inWhateverOrderTheSamplesCame() {
        Desk small = Desk.of(
                c -> c.failureThreshold(0).windowSize(10).minimumSamples(10).percentile(80));
        small.calls(1, 219).calls(7, 10).calls(1, 205).calls(1, 212).expect(BreakerState.OPEN);
        TransitionReason reason = small.lastTransition().reason();
        assertThat(reason.observed()).isEqualTo(205);
        assertThat(reason.message()).isEqualTo("P80 205.0 ms over 200.0 ms: 3 of 10 samples slower, 2 allowed");
    }

    @Test
    void percentileReason_ofAShortWindow_takesTheMissingSamplesForTheFastest() {
        desk.calls(1, 204).calls(1, 203).calls(1, 202).calls(1, 201).expect(BreakerState.OPEN);
        assertThat(desk.lastTransition().reason().message())
                .isEqualTo("P99 201.0 ms over 200.0 ms: 4 of 4 samples (judged as 300) slower, 3 allowed");
    }

    /** One that is over enters as the 300th; before it is judged, 500 fast ones and three more that are over follow. */
    @Test
    void sampleThatIsJudgedLate_isJudgedByTheWindowThatItsFellowsAreIn() {
        TripRules rules = new TripRules(BreakerConfig.DEFAULT);
        Window window = Windows.of(1000, Duration.ofMinutes(1).toNanos());
        enter(window, 299, 0);
        enter(window, 1, Window.OVER | Window.FAILED);
        int before = window.trim(0);
        enter(window, 200, 0);
        enter(window, 1, Window.OVER | Window.FAILED);
        enter(window, 99, 0);
        enter(window, 1, Window.OVER | Window.FAILED);
        enter(window, 201, 0);
        enter(window, 1, Window.OVER | Window.FAILED);
        Samples.Share over = window.recount(Window.OVER);
        assertThat(over).isEqualTo(new Samples.Share(4, 803));
        assertThat(rules.percentile(over)).isNull();
        assertThat(rules.percentile(new Samples.Share(4, before))).isNotNull();
    }

    @Test
    void failureThatIsJudgedLate_isJudgedByTheWindowThatItsFellowsAreIn() {
        TripRules rules = new TripRules(BreakerConfig.DEFAULT);
        Window window = Windows.of(1000, Duration.ofMinutes(1).toNanos());
        enter(window, 200, 0);
        enter(window, 100, Window.FAILED);
        int before = window.trim(0);
        enter(window, 400, 0);
        enter(window, 100, Window.FAILED);
        Samples.Share failed = window.recount(Window.FAILED);
        assertThat(failed).isEqualTo(new Samples.Share(200, 800));
        assertThat(rules.errorRate(failed)).isNull();
        assertThat(rules.errorRate(new Samples.Share(200, before))).isNotNull();
    }

    private static void enter(Window window, int samples, int flags) {
        for (int i = 0; i < samples; i++) {
            window.enter((flags & Window.OVER) == 0 ? Windows.FAST : Windows.SLOW, (flags & Window.FAILED) != 0, 0);
        }
    }

    @Test
    void errorRateReason_givesPercentages() {
        Desk erring = Desk.of(
                c -> c.failureThreshold(0).windowSize(8).minimumSamples(8).errorRateThreshold(0.375));
        erring.calls(6, 1).failures(2).expect(BreakerState.CLOSED);
        erring.failures(1).expect(BreakerState.OPEN);
        TransitionReason reason = erring.lastTransition().reason();
        assertThat(reason.message()).isEqualTo("3 of 8 samples failed: 37.5 %, limit 37.5 %");
        assertThat(reason.observed()).isEqualTo(0.375);
        assertThat(reason.limit()).isEqualTo(0.375);
    }

    @Test
    void meanAndSummedTimes_areExact() {
        desk.calls(1, 10).calls(1, 30).calls(1, 20, Permit::failure).calls(2, 7, Permit::ignored);
        assertThat(desk.breaker().latencyMonitor().statistics().mean()).isEqualTo(Duration.ofMillis(20));
        BreakerCounters counters = desk.breaker().counters();
        assertThat(counters.successfulTime()).isEqualTo(Duration.ofMillis(40));
        assertThat(counters.failedTime()).isEqualTo(Duration.ofMillis(20));
        assertThat(counters.ignoredTime()).isEqualTo(Duration.ofMillis(14));
    }
}

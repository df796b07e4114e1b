package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who lets trading resume after a trip. */
class ResumePolicyTests {

    private static final String WAITS = "; waits for an operator's resume";
    private static final long MINUTE = 60_000;
    private static final long DAY = 86_400_000;

    private final AtomicInteger asked = new AtomicInteger();
    private final Desk manual = desk(ResumePolicy.Kind.MANUAL, 1);

    private static Desk desk(ResumePolicy.Kind kind, int limit) {
        return Desk.of(c ->
                c.resume(new ResumePolicy(kind, limit, Duration.ofMinutes(10))).recoveryTimeout(Duration.ofSeconds(1)));
    }

    /** Five failures, and what follows from them by itself. */
    private static Desk trip(Desk desk) {
        return desk.failures(5).expect(BreakerState.OPEN);
    }

    private static Desk close(Desk desk) {
        return desk.expect(BreakerState.HALF_OPEN).calls(2, 1).expect(BreakerState.CLOSED);
    }

    private static boolean waits(Desk desk) {
        return desk.breaker().snapshot().recovery().awaitsResume();
    }

    @Test
    void manual_everyTripWaits_withoutATimer_andSaysSo() {
        manual.checker(() -> {
            asked.incrementAndGet();
            return HealthStatus.healthy(Duration.ofMillis(1), "ok");
        });
        trip(manual);

        assertThat(waits(manual)).isTrue();
        assertThat(manual.breaker().snapshot().recovery().nextAttemptAt()).isNull();
        assertThat(manual.breaker().snapshot().reason().message()).endsWith(WAITS);
        assertThat(manual.lastRule()).isEqualTo(Rule.CONSECUTIVE);
        assertThat(manual.refusal(Intent.OPEN_RISK).retryAfter()).isNull();
        assertThat(manual.refusal(Intent.OPEN_RISK)).hasMessageContaining(WAITS);
        manual.advance(DAY).expect(BreakerState.OPEN);
        assertThat(asked).hasValue(0);
        assertThat(manual.breaker().counters().recoveryAttempts()).isZero();
    }

    @Test
    void manual_anOperatorsTripWaitsToo_andSoDoesOneInHalfOpen() {
        manual.breaker().trip("look at it", "alice");
        manual.advance(DAY).expect(BreakerState.OPEN);
        assertThat(manual.lastTransition().reason().message()).isEqualTo("look at it" + WAITS);
        manual.breaker().resume("looked", "alice");
        manual.runDue().expect(BreakerState.HALF_OPEN);
        manual.breaker().trip("once more", "bob");
        manual.advance(DAY).expect(BreakerState.OPEN);
        assertThat(waits(manual)).isTrue();
    }

    @Test
    void resumeOfAPauseThatWaits_isATransition_andLeadsThroughProbeAndTrials() {
        manual.checker(() -> HealthStatus.healthy(Duration.ofMillis(1), "ok"));
        trip(manual);
        manual.breaker().resume("node replaced", "alice");

        assertThat(waits(manual)).isFalse();
        Transition resumed = manual.breaker().snapshot().transitions().get(0);
        assertThat(resumed.from()).isEqualTo(BreakerState.OPEN);
        assertThat(resumed.to()).isEqualTo(BreakerState.OPEN);
        assertThat(resumed.reason().rule()).isEqualTo(Rule.RESUME);
        assertThat(resumed.reason().message()).isEqualTo("node replaced");
        assertThat(resumed.actor()).isEqualTo("alice");
        close(manual.runDue()).runDue();
        assertThat(manual.transitions)
                .extracting(
                        t -> t.from() + ">" + t.to() + ":" + t.reason().rule().code())
                .containsExactly(
                        "CLOSED>OPEN:consecutive",
                        "OPEN>OPEN:resume",
                        "OPEN>HALF_OPEN:probe",
                        "HALF_OPEN>CLOSED:trials");
        trip(manual).advance(DAY).expect(BreakerState.OPEN);
    }

    @Test
    void trialsThatFailAfterAResume_areStillTheSamePause_andRecoveryGoesOn() {
        trip(manual);
        manual.breaker().resume("try", null);
        manual.runDue().calls(2, 1, Permit::failure).expect(BreakerState.OPEN);
        assertThat(waits(manual)).isFalse();
        close(manual.advance(2_000));
    }

    @Test
    void resumeOfAPauseThatDoesNotWait_isAConflict() {
        Desk automatic = desk(ResumePolicy.Kind.AUTOMATIC, 1);
        trip(automatic);
        trip(manual);
        manual.breaker().resume("once", null);
        for (Desk desk : new Desk[] {automatic, manual}) {
            assertThatThrownBy(() -> desk.breaker().resume("again", null))
                    .isInstanceOfSatisfying(
                            BreakerConflictException.class,
                            e -> assertThat(e.allowed()).containsExactly("trip", "halt", "reset"))
                    .hasMessage("breaker 'trading' is OPEN and cannot be resumed:"
                            + " only a halt is, and a pause that waits for it");
        }
    }

    @Test
    void haltOfAPauseThatWaits_holds_andItsResumeNeedsNoSecondOne() {
        trip(manual);
        manual.breaker().halt("stop", "bob");
        manual.advance(DAY).expect(BreakerState.HALTED);
        assertThat(waits(manual)).isFalse();
        manual.breaker().resume("go", "bob");
        close(manual.runDue());
    }

    @Test
    void resetOfAPauseThatWaits_closes() {
        trip(manual);
        manual.breaker().reset("I know", "alice");
        manual.expect(BreakerState.CLOSED);
        trip(manual);
        assertThat(waits(manual)).isTrue();
    }

    @Test
    void limited_waitsOnceTheLimitIsReached_untilTheOldestIsPastThePeriod() {
        Desk desk = desk(ResumePolicy.Kind.LIMITED, 2);
        close(trip(desk).advance(2_000));
        desk.advance(4 * MINUTE);
        close(trip(desk).advance(2_000));
        desk.advance(4 * MINUTE);
        trip(desk).advance(5 * MINUTE).expect(BreakerState.OPEN);
        assertThat(desk.lastTransition().reason().message())
                .endsWith(WAITS + ", as trading has resumed by itself 2 times in 10m");
        desk.breaker().resume("go", null);
        // The first closing is long past; the one after a resume was the operator's.
        close(desk.runDue());
        trip(desk).advance(2_000);
        close(desk);
    }

    @ParameterizedTest
    @CsvSource({"-1, true", "0, false"})
    void limited_countsAClosing_forLessThanThePeriod(long offNanos, boolean waits) {
        Desk desk = desk(ResumePolicy.Kind.LIMITED, 1);
        close(trip(desk).advance(1_000));
        desk.time.advance(Duration.ofMinutes(10).plusNanos(offNanos));
        desk.breaker().trip("edge", null);
        assertThat(waits(desk)).isEqualTo(waits);
    }

    @Test
    void limited_countsNeitherResetsNorClosingsThatAnOperatorResumed() {
        Desk desk = desk(ResumePolicy.Kind.LIMITED, 1);
        trip(desk).breaker().reset("mine", null);
        trip(desk).breaker().halt("stop", null);
        desk.breaker().resume("mine", null);
        // Falls back once, and is the operator's still.
        desk.runDue().calls(2, 1, Permit::failure).expect(BreakerState.OPEN);
        close(desk.advance(2_000));
        close(trip(desk).advance(2_000));
        trip(desk);
        assertThat(waits(desk)).isTrue();
    }

    @Test
    void limited_aResetWhileClosedForgetsNothing() {
        Desk desk = desk(ResumePolicy.Kind.LIMITED, 1);
        close(trip(desk).advance(1_000));
        desk.breaker().reset("fresh window", null);
        trip(desk);
        assertThat(waits(desk)).isTrue();
    }

    @Test
    void limited_aTripDuringAResumedRecovery_isTheBreakersOwnPauseAgain() {
        Desk desk = desk(ResumePolicy.Kind.LIMITED, 1);
        desk.breaker().halt("stop", null);
        desk.breaker().resume("go", null);
        desk.runDue().expect(BreakerState.HALF_OPEN);
        desk.breaker().trip("no", null);
        close(desk.advance(1_000));
        trip(desk);
        assertThat(waits(desk)).isTrue();
    }

    @Test
    void observeMode_waitsToo_andRefusesNothing() {
        trip(manual);
        manual.breaker().mode(BreakerMode.OBSERVE);
        manual.advance(DAY).calls(3, 1).expect(BreakerState.OPEN);
        assertThat(manual.breaker().counters().wouldReject()).isEqualTo(3);
        manual.breaker().resume("go", null);
        close(manual.runDue());
    }

    @Test
    void resumeForAll_includesThoseThatWait() {
        Desk desk = desk(ResumePolicy.Kind.MANUAL, 1).breaker("node", c -> {});
        assertThatThrownBy(() -> desk.registry().resume("go", null))
                .isInstanceOf(BreakerConflictException.class)
                .hasMessageContaining("HALTED or waits");
        trip(desk);
        desk.breaker("node").trip("on its own", null);
        desk.registry().resume("go", "alice");
        close(desk.runDue());
        assertThat(desk.breaker("node").snapshot().transitions()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1_001})
    void limitOutOfRange_isRefused(int limit) {
        assertThatThrownBy(() -> new ResumePolicy(ResumePolicy.Kind.LIMITED, limit, Duration.ofHours(1)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage("resume.limit is " + limit + ", but must be from 1 to 1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT59.999S", "P31D"})
    void periodOutOfRange_isRefused(String period) {
        assertThatThrownBy(() -> new ResumePolicy(ResumePolicy.Kind.LIMITED, 1, Duration.parse(period)))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("must be from 1m to 30d");
    }
}

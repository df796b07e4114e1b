package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that go silent while somebody waits for their messages. */
class StreamSilenceTests {

    private static final long LIMIT = 500;
    private static final long CHECK = 20;

    private HealthStatus health = HealthStatus.healthy(Duration.ofMillis(20), "ok");
    private final Desk desk = Desk.of(StreamSilenceTests::limited).advance(100);

    private static void limited(BreakerConfigBuilder c) {
        c.streamSilence(Duration.ofMillis(LIMIT))
                .recovery(new RecoveryPolicy(Duration.ofSeconds(1), Duration.ofMinutes(5), 2, 0))
                .recoveryTimeout(Duration.ofSeconds(3))
                .halfOpenTimeout(Duration.ofSeconds(3));
    }

    private Desk checked() {
        return Desk.of(StreamSilenceTests::limited).checker(() -> health).advance(100);
    }

    private static StreamWatch awaited(Desk desk) {
        StreamWatch stream = desk.breaker().watchStream("slots");
        stream.awaiting();
        return stream;
    }

    /** By that stream, which has been silent just beyond the limit. */
    private static void trip(Desk desk) {
        desk.advance(LIMIT + CHECK).expect(BreakerState.OPEN);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 19})
    void silence_tripsWithinTheLimitAndOneCheck_whereverItBegins(long offset) {
        desk.advance(offset);
        awaited(desk);
        desk.advance(LIMIT).expect(BreakerState.CLOSED).advance(CHECK).expect(BreakerState.OPEN);
        TransitionReason reason = desk.lastTransition().reason();
        assertThat(reason.rule()).isEqualTo(Rule.STREAM_SILENCE);
        assertThat(reason.observed()).isBetween((double) LIMIT, (double) (LIMIT + CHECK));
        assertThat(reason.limit()).isEqualTo(LIMIT);
    }

    @Test
    void reason_namesTheStreamAndItsSilence() {
        awaited(desk);
        trip(desk);
        assertThat(desk.lastTransition().reason().message())
                .isEqualTo("stream 'slots' silent for 520.0 ms (stream-silence 500ms)");
    }

    @Test
    void ofSeveral_theLongestSilenceIsNamed() {
        StreamWatch alive = desk.breaker().watchStream("alive");
        alive.awaiting();
        desk.breaker().watchStream("not asked");
        awaited(desk);
        desk.advance(10);
        desk.breaker().watchStream("younger").awaiting();
        desk.advance(LIMIT - 10);
        alive.awaiting();
        desk.advance(CHECK);
        assertThat(desk.lastTransition().reason().message()).startsWith("stream 'slots' silent");
    }

    @Test
    void messagesInTime_neverTrip_andTheWaitBeginsAnewWithEach() {
        StreamWatch stream = awaited(desk);
        for (int i = 0; i < 20; i++) {
            desk.advance(LIMIT).expect(BreakerState.CLOSED);
            stream.awaiting();
        }
        trip(desk);
    }

    @Test
    void nobodyWaits_andSilenceDoesNotCount() {
        StreamWatch stream = desk.breaker().watchStream("slots");
        desk.advance(10_000).expect(BreakerState.CLOSED);
        stream.awaiting();
        desk.advance(LIMIT);
        stream.idle();
        desk.advance(10_000).expect(BreakerState.CLOSED);
        stream.awaiting();
        desk.advance(LIMIT).expect(BreakerState.CLOSED);
        trip(desk);
    }

    @Test
    void closedStream_isForgotten_andSoIsOneClosedTwice() {
        StreamWatch stream = awaited(desk);
        StreamWatch other = desk.breaker().watchStream("other");
        stream.close();
        stream.close();
        desk.advance(10_000).expect(BreakerState.CLOSED);
        stream.awaiting();
        desk.advance(10_000).expect(BreakerState.CLOSED);
        other.awaiting();
        trip(desk);
    }

    @Test
    void localPause_isNotSilence() {
        awaited(desk);
        desk.advance(400);
        desk.time.pause(Duration.ofSeconds(1));
        desk.advance(80).expect(BreakerState.CLOSED).advance(40).expect(BreakerState.OPEN);
    }

    @Test
    void ruleOff_watchesNothing() {
        Desk off = Desk.of(c -> {}).advance(100);
        awaited(off);
        off.advance(3_600_000).expect(BreakerState.CLOSED);
        assertThat(off.breaker().watchStream("slots")).isSameAs(WatchedStream.UNWATCHED);
    }

    @Test
    void description_isOneBoundedLine() {
        desk.breaker().watchStream("slots\nof " + "x".repeat(1_000)).awaiting();
        trip(desk);
        assertThat(desk.lastTransition().reason().message())
                .startsWith("stream 'slots of xxx")
                .hasSizeLessThan(300)
                .doesNotContain("\n");
        assertThatThrownBy(() -> desk.breaker().watchStream(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void eachLevel_watchesByItsOwnLimit() {
        Desk levels = new Desk()
                .breaker("desk", c -> {})
                .breaker("venue", c -> c.parent("desk").streamSilence(Duration.ofSeconds(1)))
                .breaker("trading", c -> c.parent("venue").streamSilence(Duration.ofMillis(200)))
                .advance(100);
        StreamWatch stream = awaited(levels);
        levels.advance(220).expect(BreakerState.OPEN);
        assertThat(levels.breaker("venue").state()).isEqualTo(BreakerState.CLOSED);
        levels.advance(800);
        assertThat(levels.breaker("venue").state()).isEqualTo(BreakerState.OPEN);
        assertThat(levels.breaker("desk").state()).isEqualTo(BreakerState.CLOSED);
        stream.close();
        levels.advance(60_000);
        assertThat(levels.breaker("venue").state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    // ---- recovery ----

    @Test
    void silentStream_failsTheAttemptsOfABreakerWithoutAChecker() {
        StreamWatch stream = awaited(desk);
        trip(desk);
        desk.advance(3_000).expect(BreakerState.OPEN);
        BreakerSnapshot.Recovery recovery = desk.breaker().snapshot().recovery();
        assertThat(recovery.attempt()).isEqualTo(1);
        assertThat(recovery.lastProbe().healthy()).isFalse();
        assertThat(recovery.lastProbe().details()).isEqualTo("stream 'slots' silent for 3520.0 ms");
        assertThat(desk.breaker().counters().unhealthyProbes().count()).isEqualTo(1);
        stream.awaiting();
        desk.advance(LIMIT);
        stream.awaiting();
        desk.advance(LIMIT).expect(BreakerState.HALF_OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.TIMEOUT);
    }

    @Test
    void silentStream_failsAHealthyCheckToo() {
        Desk checked = checked();
        StreamWatch stream = awaited(checked);
        trip(checked);
        checked.advance(3_000).expect(BreakerState.OPEN);
        BreakerSnapshot.Probe probe = checked.breaker().snapshot().recovery().lastProbe();
        assertThat(probe.healthy()).isFalse();
        assertThat(probe.details()).isEqualTo("stream 'slots' silent for 3520.0 ms");
        stream.close();
        checked.advance(1_000).expect(BreakerState.HALF_OPEN);
        assertThat(checked.lastTransition().reason().message()).isEqualTo("health check passed: ok");
    }

    @Test
    void unhealthyCheck_saysWhyItself() {
        Desk checked = checked();
        awaited(checked);
        trip(checked);
        health = HealthStatus.unhealthy("slot stands still");
        checked.advance(3_000).expect(BreakerState.OPEN);
        assertThat(checked.breaker().snapshot().recovery().lastProbe().details())
                .isEqualTo("slot stands still");
    }

    @Test
    void silenceAtTheEndOfHalfOpenTimeout_opens_withOrWithoutAChecker() {
        for (Desk each : List.of(desk, checked())) {
            StreamWatch stream = each.breaker().watchStream("slots");
            each.open().advance(3_000).expect(BreakerState.HALF_OPEN);
            stream.awaiting();
            each.advance(2_999).expect(BreakerState.HALF_OPEN).advance(1).expect(BreakerState.OPEN);
            assertThat(each.lastRule()).isEqualTo(Rule.PROBE);
            assertThat(each.lastTransition().reason().message())
                    .isEqualTo("health check failed: stream 'slots' silent for 3000.0 ms");
            assertThat(each.breaker().snapshot().recovery().attempt()).isEqualTo(1);
        }
    }

    @Test
    void streamThatSpeaks_letsHalfOpenGoOn() {
        desk.open().advance(3_000).expect(BreakerState.HALF_OPEN);
        StreamWatch stream = awaited(desk);
        for (int i = 0; i < 20; i++) {
            desk.advance(LIMIT).expect(BreakerState.HALF_OPEN);
            stream.awaiting();
        }
    }

    @Test
    void streamSilentStillAfterTrials_tripsAgainAtTheFirstCheck() {
        desk.open().advance(3_000).expect(BreakerState.HALF_OPEN);
        awaited(desk);
        desk.advance(LIMIT + CHECK).expect(BreakerState.HALF_OPEN);
        desk.breaker().acquire(Intent.OPEN_RISK).success();
        desk.breaker().acquire(Intent.OPEN_RISK).success();
        desk.expect(BreakerState.CLOSED).advance(CHECK).expect(BreakerState.OPEN);
        assertThat(desk.lastRule()).isEqualTo(Rule.STREAM_SILENCE);
        assertThat(desk.breaker().snapshot().recovery().attempt())
                .as("a relapse")
                .isEqualTo(1);
    }

    @Test
    void halt_isNotEndedOrReplacedBySilence() {
        awaited(desk);
        desk.breaker().halt("test", null);
        desk.advance(60_000).expect(BreakerState.HALTED);
        desk.breaker().resume("test", null);
        desk.advance(1).expect(BreakerState.OPEN);
        assertThat(desk.breaker().snapshot().recovery().lastProbe().healthy()).isFalse();
    }

    @Test
    void observedBreaker_tripsAndRefusesNothing() {
        desk.breaker().mode(BreakerMode.OBSERVE);
        awaited(desk);
        trip(desk);
        desk.breaker().acquire(Intent.OPEN_RISK).success();
        assertThat(desk.breaker().counters().wouldReject()).isEqualTo(1);
    }

    // ---- bounds ----

    @Test
    void streamsBeyondTheMost_areNotWatched_untilOthersAreClosed() {
        List<StreamWatch> leaked = new ArrayList<>();
        for (int i = 0; i < WatchedStreams.MOST; i++) {
            leaked.add(desk.breaker().watchStream("leaked"));
        }
        StreamWatch beyond = awaited(desk);
        desk.advance(10_000).expect(BreakerState.CLOSED);
        beyond.close();
        leaked.get(0).close();
        awaited(desk);
        desk.breaker().watchStream("beyond").awaiting();
        trip(desk);
        assertThat(desk.lastTransition().reason().message()).startsWith("stream 'slots'");
    }
}

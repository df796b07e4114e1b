package io.tradingbreaker.spring.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Rule;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams, played by hand in virtual time: the first message ends the call, silence after it trips by its own rule. */
class GuardedStreamTests {

    private static final long LIMIT = 500;
    private static final long CHECK = 20;

    private final Guarded guarded = new Guarded();
    private final ScriptedChannel channel = new ScriptedChannel();
    private final AtomicReference<Runnable> consumer = new AtomicReference<>(() -> {});
    private final Heard heard = new Heard(message -> consumer.get().run());

    @AfterEach
    void close() {
        guarded.close();
    }

    static MethodDescriptor<?, ?>[] streams() {
        return new MethodDescriptor<?, ?>[] {Guarded.STREAM, Guarded.TALK};
    }

    private ClientCall<String, String> started() {
        return started(Guarded.STREAM);
    }

    private ClientCall<String, String> started(MethodDescriptor<String, String> method) {
        ClientCall<String, String> call = guarded.call(channel, method);
        call.start(heard, new Metadata());
        return call;
    }

    /** A stream that has spoken and is asked for more. */
    private ClientCall<String, String> speaking() {
        ClientCall<String, String> call = started();
        call.request(2);
        channel.message("slot 1");
        return call;
    }

    private void expect(BreakerState state) {
        assertThat(guarded.breaker.state()).isEqualTo(state);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void stream_isTimedToItsFirstMessage(MethodDescriptor<String, String> method) {
        started(method).request(1);
        guarded.advance(150);
        channel.message("slot 1");
        guarded.assertEnded(1, 0, 0);
        assertThat(guarded.breaker.counters().successfulTime()).isEqualTo(Duration.ofMillis(150));
        channel.message("slot 2");
        channel.close(Status.UNAVAILABLE);
        guarded.assertEnded(1, 0, 0);
        assertThat(heard.messages).containsExactly("slot 1", "slot 2");
        assertThat(heard.closes).hasSize(1);
    }

    @Test
    void streamWithoutAMessage_isTimedToItsClose() {
        started();
        channel.close(Status.OK);
        guarded.assertEnded(1, 0, 0);
        started();
        channel.close(Status.INTERNAL);
        guarded.assertEnded(1, 1, 0);
        started().cancel("enough", null);
        channel.close(Status.CANCELLED);
        guarded.assertEnded(1, 1, 1);
    }

    @Test
    void firstMessageThatNeverComes_tripsAsAnyCallThatHangs() {
        started().request(1);
        guarded.advance(1_020);
        expect(BreakerState.OPEN);
        assertThat(guarded.breaker.snapshot().reason().rule()).isEqualTo(Rule.CONSECUTIVE);
        channel.close(Status.UNAVAILABLE);
        guarded.assertEnded(0, 1, 0);
    }

    @Test
    void consumersTimeWithTheFirstMessage_isNotTheNodes() {
        consumer.set(() -> guarded.advance(400));
        speaking();
        guarded.assertEnded(1, 0, 0);
        assertThat(guarded.breaker.counters().slow()).isZero();
    }

    @Test
    void silence_tripsByItsOwnRule_withinTheLimitAndOneCheck() {
        speaking();
        guarded.advance(LIMIT);
        expect(BreakerState.CLOSED);
        guarded.advance(CHECK);
        expect(BreakerState.OPEN);
        assertThat(guarded.breaker.snapshot().reason().rule()).isEqualTo(Rule.STREAM_SILENCE);
        assertThat(guarded.breaker.snapshot().reason().message())
                .isEqualTo("stream 'geyser.Geyser/Slots at node.example.com:10000' silent for 520.0 ms"
                        + " (stream-silence 500ms)");
        guarded.assertEnded(1, 0, 0);
    }

    @Test
    void userOfTheAuthority_isNotShown() {
        channel.authority = "key:s3cret@node.example.com";
        speaking();
        guarded.advance(LIMIT + CHECK);
        assertThat(guarded.breaker.snapshot().reason().message())
                .contains("Slots at node.example.com'")
                .doesNotContain("s3cret");
    }

    @Test
    void messagesInTime_neverTrip() {
        ClientCall<String, String> call = speaking();
        for (int i = 0; i < 10; i++) {
            guarded.advance(LIMIT);
            channel.message("slot");
            call.request(1);
        }
        expect(BreakerState.CLOSED);
        guarded.advance(LIMIT + CHECK);
        expect(BreakerState.OPEN);
    }

    @Test
    void withoutDemand_silenceDoesNotCount() {
        ClientCall<String, String> call = started();
        call.request(1);
        channel.message("slot 1");
        guarded.advance(10_000);
        expect(BreakerState.CLOSED);
        call.request(1);
        guarded.advance(LIMIT);
        expect(BreakerState.CLOSED);
        guarded.advance(CHECK);
        expect(BreakerState.OPEN);
    }

    @Test
    void moreDemandWhileWaiting_doesNotHideSilence() {
        ClientCall<String, String> call = speaking();
        guarded.advance(LIMIT - 10);
        call.request(5);
        guarded.advance(10 + CHECK);
        expect(BreakerState.OPEN);
    }

    @Test
    void busyConsumer_isNotSilence() {
        ClientCall<String, String> call = speaking();
        consumer.set(() -> {
            call.request(1);
            guarded.advance(5_000);
        });
        channel.message("slot 2");
        expect(BreakerState.CLOSED);
        guarded.advance(LIMIT);
        expect(BreakerState.CLOSED);
        guarded.advance(CHECK);
        expect(BreakerState.OPEN);
    }

    @Test
    void consumerThatThrows_isNotBusyForEver() {
        speaking();
        consumer.set(() -> {
            throw new IllegalStateException("cannot read");
        });
        assertThatThrownBy(() -> channel.message("slot 2")).hasMessage("cannot read");
        channel.close(Status.CANCELLED);
        guarded.advance(10_000);
        expect(BreakerState.CLOSED);
        guarded.assertEnded(1, 0, 0);
    }

    @Test
    void streamThatHasEnded_isNoLongerWatched() {
        speaking();
        channel.close(Status.OK);
        guarded.advance(10_000);
        expect(BreakerState.CLOSED);
    }

    @Test
    void streamThatWasGivenUp_isNoLongerWatched_whateverStillComes() {
        ClientCall<String, String> call = speaking();
        call.cancel("enough", null);
        channel.message("slot 2");
        call.request(1);
        guarded.advance(10_000);
        expect(BreakerState.CLOSED);
        channel.close(Status.CANCELLED);
        guarded.assertEnded(1, 0, 0);

        ClientCall<String, String> early = started();
        early.request(2);
        early.cancel("enough", null);
        channel.message("too late");
        guarded.advance(10_000);
        expect(BreakerState.CLOSED);
        guarded.assertEnded(2, 0, 0);
    }

    @Test
    void recovery_waitsForTheStreamToSpeakOrEnd() {
        speaking();
        guarded.advance(LIMIT + CHECK + 30_000);
        expect(BreakerState.OPEN);
        assertThat(guarded.breaker.snapshot().recovery().lastProbe().details()).contains("silent for");
        channel.close(Status.UNAVAILABLE);
        guarded.advance(2_000);
        expect(BreakerState.HALF_OPEN);
    }
}

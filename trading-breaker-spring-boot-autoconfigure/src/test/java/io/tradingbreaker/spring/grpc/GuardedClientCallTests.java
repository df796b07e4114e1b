package io.tradingbreaker.spring.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.aop.GuardedCall;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way in which a call can go, played by hand in virtual time. */
class GuardedClientCallTests {

    private static final Set<Status.Code> IGNORED = EnumSet.of(
            Status.Code.INVALID_ARGUMENT,
            Status.Code.NOT_FOUND,
            Status.Code.UNAUTHENTICATED,
            Status.Code.RESOURCE_EXHAUSTED);

    private final Guarded guarded = new Guarded();
    private final ScriptedChannel channel = new ScriptedChannel();
    private final Heard heard = new Heard();

    @AfterEach
    void close() {
        guarded.close();
    }

    private ClientCall<String, String> started(MethodDescriptor<String, String> method) {
        ClientCall<String, String> call = guarded.call(channel, method);
        call.start(heard, new Metadata());
        return call;
    }

    // ---- before the start ----

    @Test
    void callThatIsNeverStarted_takesNoPermitAndIsNotMade() {
        ClientCall<String, String> call = guarded.call(channel, Guarded.UNARY);
        assertThat(call.isReady()).isFalse();
        assertThat(call.getAttributes()).isSameAs(Attributes.EMPTY);
        assertThatThrownBy(() -> call.request(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> call.sendMessage("hello")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(call::halfClose).isInstanceOf(IllegalStateException.class);
        assertThat(channel.calls).isZero();
        assertThat(guarded.breaker.counters().total()).isZero();
    }

    @Test
    void cancelBeforeTheStart_takesNoPermit() {
        ClientCall<String, String> call = guarded.call(channel, Guarded.UNARY);
        call.cancel("changed my mind", null);
        assertThatThrownBy(() -> call.start(heard, new Metadata()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("call was cancelled");
        assertThat(channel.calls).isZero();
        assertThat(guarded.breaker.counters().total()).isZero();
    }

    @Test
    void secondStart_isAMistakeThatTakesNoPermit() {
        ClientCall<String, String> call = started(Guarded.UNARY);
        assertThatThrownBy(() -> call.start(heard, new Metadata())).isInstanceOf(IllegalStateException.class);
        channel.close(Status.OK);
        guarded.assertEnded(1, 0, 0);
    }

    // ---- refused ----

    @Test
    void refusedCall_isNotMade_andIsClosedOnceWithTheReason() {
        guarded.breaker.trip("drill", null);
        guarded.advance(28_500);
        ClientCall<String, String> call = started(Guarded.UNARY);
        call.request(2);
        call.sendMessage("hello");
        call.halfClose();
        call.setMessageCompression(true);
        call.cancel("enough", null);
        assertThat(channel.calls).isZero();
        assertThat(heard.messages).isEmpty();
        assertThat(heard.closes).hasSize(1);
        Status status = heard.closes.get(0);
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getCause()).isInstanceOf(TradingPausedException.class);
        assertThat(status.getDescription()).contains("Trading is paused: breaker 'trading' is OPEN");
        assertThat(heard.trailers.get(GrpcGuardInterceptor.RETRY_DELAY)).isEqualTo("1.500s");
        assertThat(guarded.breaker.counters().rejected()).isEqualTo(1);
        guarded.assertEnded(0, 0, 0);
    }

    @Test
    void retryDelay_isWrittenAsJsonHasDurations_andMissingWhileHalted() {
        guarded.breaker.trip("drill", null);
        started(Guarded.UNARY);
        assertThat(heard.trailers.get(GrpcGuardInterceptor.RETRY_DELAY)).isEqualTo("30s");
        guarded.time.advance(Duration.ofNanos(999_400_001));
        started(Guarded.UNARY);
        assertThat(heard.trailers.get(GrpcGuardInterceptor.RETRY_DELAY)).isEqualTo("29.001s");
        guarded.breaker.halt("stop", null);
        started(Guarded.UNARY);
        assertThat(heard.trailers.keys()).isEmpty();
        assertThat(heard.closes).hasSize(3);
    }

    @Test
    void callThatReducesRisk_passesThePause() {
        guarded.breaker.halt("stop", null);
        GrpcGuardInterceptor cancels = GrpcGuardInterceptor.of(guarded.breaker, Intent.CANCEL);
        ClientCall<String, String> call =
                ClientInterceptors.intercept(channel, cancels).newCall(Guarded.UNARY, CallOptions.DEFAULT);
        call.start(heard, new Metadata());
        channel.close(Status.OK);
        guarded.assertEnded(1, 0, 0);
    }

    // ---- one answer ----

    @ParameterizedTest
    @EnumSource
    void status_decidesTheOutcome(Status.Code code) {
        started(Guarded.UNARY);
        assertThat(guarded.breaker.counters().inFlight()).isEqualTo(1);
        channel.close(code.toStatus());
        assertThat(heard.closes).extracting(Status::getCode).containsExactly(code);
        if (code == Status.Code.OK) {
            guarded.assertEnded(1, 0, 0);
        } else if (IGNORED.contains(code)) {
            guarded.assertEnded(0, 0, 1);
        } else {
            guarded.assertEnded(0, 1, 0); // a server's CANCELLED too
        }
    }

    @Test
    void call_isTimedToItsClose_andItsRequestsGoThrough() {
        for (MethodDescriptor<String, String> method : List.of(Guarded.UNARY, Guarded.UPLOAD)) {
            ClientCall<String, String> call = started(method);
            call.request(2);
            call.sendMessage("hello");
            call.halfClose();
            guarded.advance(100);
            channel.message("slot");
            guarded.advance(50);
            channel.close(Status.OK);
        }
        guarded.assertEnded(2, 0, 0);
        assertThat(guarded.breaker.latencyMonitor().statistics().max())
                .isBetween(Duration.ofMillis(149), Duration.ofMillis(150));
        assertThat(channel.done).startsWith("start", "request 2", "send", "halfClose");
    }

    @Test
    void ignoredStatus_isNoSampleHoweverSlow() {
        guarded.registry.close(); // nobody looks while it hangs
        started(Guarded.UNARY);
        guarded.advance(300);
        channel.close(Status.RESOURCE_EXHAUSTED);
        guarded.assertEnded(0, 0, 1);
        assertThat(guarded.breaker.counters().slow()).isZero();
    }

    @Test
    void callThatHangs_tripsWhileItHangs() {
        started(Guarded.UNARY);
        guarded.advance(1_020);
        assertThat(guarded.breaker.state()).isEqualTo(BreakerState.OPEN);
        channel.close(Status.DEADLINE_EXCEEDED);
        guarded.assertEnded(0, 1, 0);
    }

    // ---- given up ----

    @Test
    void cancelledCall_isIgnored_howeverOften() {
        ClientCall<String, String> call = started(Guarded.UNARY);
        call.cancel("enough", null);
        call.cancel("enough", null);
        assertThat(guarded.breaker.counters().inFlight()).isEqualTo(1);
        channel.close(Status.CANCELLED);
        guarded.assertEnded(0, 0, 1);
        assertThat(channel.done).containsExactly("start", "cancel", "cancel");
    }

    @Test
    void callWhoseContextWasCancelled_isIgnored() {
        Context.CancellableContext context = Context.current().withCancellation();
        context.run(() -> started(Guarded.UNARY));
        context.cancel(null);
        channel.close(Status.CANCELLED);
        guarded.assertEnded(0, 0, 1);
    }

    @Test
    void cancelWhileItStarts_isPassedOn() {
        ClientCall<String, String> call = guarded.call(channel, Guarded.UNARY);
        channel.whileStarting = () -> call.cancel("enough", null);
        call.start(heard, new Metadata());
        assertThat(channel.done).contains("cancel");
        channel.close(Status.CANCELLED);
        guarded.assertEnded(0, 0, 1);
    }

    @Test
    void failureAfterACancel_isAFailure() {
        started(Guarded.UNARY).cancel("too late", null);
        channel.close(Status.UNAVAILABLE);
        guarded.assertEnded(0, 1, 0);
    }

    // ---- what fails here ----

    @Test
    void startThatThrows_isAFailureUnlessIgnored_andThrown() {
        channel.whileStarting = () -> {
            throw new IllegalStateException("no credentials");
        };
        assertThatThrownBy(() -> started(Guarded.UNARY)).hasMessage("no credentials");
        guarded.assertEnded(0, 1, 0);
        assertThat(GuardedCall.current()).isNull();
    }

    @Test
    void startThatThrowsAfterItsEnd_countsOnce() {
        channel.whileStarting = () -> {
            channel.close(Status.OK);
            throw new IllegalStateException("late");
        };
        assertThatThrownBy(() -> started(Guarded.UNARY)).hasMessage("late");
        guarded.assertEnded(1, 0, 0);
    }

    @Test
    void listenerThatThrows_givesUpItsCall() {
        Heard failing = new Heard(message -> {
            throw new IllegalStateException("cannot read " + message);
        });
        guarded.call(channel, Guarded.UNARY).start(failing, new Metadata());
        assertThatThrownBy(() -> channel.message("slot")).hasMessage("cannot read slot");
        channel.close(Status.CANCELLED); // as gRPC does then
        guarded.assertEnded(0, 0, 1);

        guarded.call(channel, Guarded.UNARY).start(failing, new Metadata());
        assertThatThrownBy(() -> channel.close(Status.DATA_LOSS)).hasMessage("cannot read close");
        guarded.assertEnded(0, 1, 1);
    }

    @Test
    void refusalByAnInnerBreaker_isNoFailureOfTheOuterOne() {
        guarded.registry.breaker("venue").halt("stop", null);
        Channel inner =
                ClientInterceptors.intercept(channel, GrpcGuardInterceptor.of(guarded.registry.breaker("venue")));
        guarded.call(inner, Guarded.UNARY).start(heard, new Metadata());
        assertThat(channel.calls).isZero();
        guarded.assertEnded(0, 0, 1);
    }

    // ---- joining ----

    @Test
    void callInsideAGuardedCall_joinsIt() {
        Permit outer = guarded.breaker.acquire(Intent.OPEN_RISK);
        GuardedCall.enter(outer);
        try {
            started(Guarded.UNARY);
            assertThat(GuardedCall.current()).isSameAs(outer);
        } finally {
            GuardedCall.leave(null);
        }
        channel.close(Status.UNAVAILABLE);
        assertThat(guarded.breaker.counters().permitted()).isEqualTo(1);
        outer.success();
        guarded.assertEnded(1, 0, 0);
    }

    @Test
    void twoInterceptorsOfOneBreaker_areOneCall() {
        guarded.call(guarded.guard(channel), Guarded.UNARY).start(heard, new Metadata());
        channel.close(Status.OK);
        guarded.assertEnded(1, 0, 0);
    }

    @Test
    void call_isMadeInTheContextOfWhoeverAskedForIt() throws Exception {
        Context.Key<String> key = Context.key("who");
        channel.whileMaking = () -> channel.done.add(key.get());
        ClientCall<String, String> call =
                Context.current().withValue(key, "asker").call(() -> guarded.call(channel, Guarded.UNARY));
        call.start(heard, new Metadata());
        channel.close(Status.OK);
        assertThat(channel.done).containsExactly("asker", "start");
        assertThat(key.get()).isNull();
    }
}

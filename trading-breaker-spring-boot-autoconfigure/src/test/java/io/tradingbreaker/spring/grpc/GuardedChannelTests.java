package io.tradingbreaker.spring.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingPausedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real server over Netty on loopback; the breaker's time stands still unless a test moves it. */
@Timeout(60)
class GuardedChannelTests {

    private static final CallOptions OPTIONS = CallOptions.DEFAULT;

    private final Guarded guarded = new Guarded();
    private final NodeServer node = new NodeServer();
    private final ManagedChannel channel = channel(Map.of());

    @AfterEach
    void close() {
        channel.shutdownNow();
        node.close();
        guarded.close();
    }

    private ManagedChannel channel(Map<String, ?> serviceConfig) {
        return NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), node.server.getPort()))
                .usePlaintext()
                .defaultServiceConfig(serviceConfig)
                .intercept(guarded.interceptor)
                .build();
    }

    private String getSlot() {
        return getSlot(OPTIONS.withDeadlineAfter(10, TimeUnit.SECONDS));
    }

    private String getSlot(CallOptions options) {
        return ClientCalls.blockingUnaryCall(channel, Guarded.UNARY, options, "slot");
    }

    private ClientCall<String, String> hanging(MethodDescriptor<String, String> method, Heard heard) {
        CountDownLatch called = new CountDownLatch(1);
        node.behaviour = (request, response) -> {
            NodeServer.hang(request, response);
            called.countDown();
        };
        ClientCall<String, String> call = channel.newCall(method, OPTIONS);
        call.start(heard, new Metadata());
        call.request(2);
        call.sendMessage("slot");
        call.halfClose();
        assertThat(await(called)).isTrue();
        return call;
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertEventually(long successful, long failed, long ignored) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> guarded.assertEnded(successful, failed, ignored));
    }

    @Test
    void everyKindOfCall_isOneSuccess() throws Exception {
        assertThat(getSlot()).isEqualTo("slot");
        ListenableFuture<String> future = ClientCalls.futureUnaryCall(channel.newCall(Guarded.UNARY, OPTIONS), "later");
        assertThat(future.get(30, TimeUnit.SECONDS)).isEqualTo("later");
        Iterator<String> stream =
                ClientCalls.blockingServerStreamingCall(channel.newCall(Guarded.STREAM, OPTIONS), "first");
        assertThat(stream).toIterable().containsExactly("first");
        assertEventually(3, 0, 0);
    }

    @Test
    void halfClosedUpload_isTimedToItsAnswer() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        StreamObserver<String> upload =
                ClientCalls.asyncClientStreamingCall(channel.newCall(Guarded.UPLOAD, OPTIONS), new StreamObserver<>() {
                    @Override
                    public void onNext(String message) {
                        answer.complete(message);
                    }

                    @Override
                    public void onError(Throwable error) {
                        answer.completeExceptionally(error);
                    }

                    @Override
                    public void onCompleted() {}
                });
        upload.onNext("a");
        upload.onNext("b");
        assertThat(guarded.breaker.counters().inFlight()).isEqualTo(1);
        upload.onCompleted();
        assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("2");
        assertEventually(1, 0, 0);
    }

    @Test
    void slowCall_isSlowAlreadyWhileItHangs() {
        Heard heard = new Heard();
        ClientCall<String, String> call = hanging(Guarded.UNARY, heard);
        guarded.advance(250);
        assertThat(guarded.breaker.counters().stalled()).isEqualTo(1);
        call.cancel("enough", null);
        assertEventually(0, 0, 1);
        assertThat(heard.closes).hasSize(1);
    }

    @Test
    void errors_failUnlessIgnored() {
        node.behaviour = (request, response) -> response.onError(Status.INTERNAL.asRuntimeException());
        assertThatThrownBy(this::getSlot).isInstanceOf(StatusRuntimeException.class);
        guarded.assertEnded(0, 1, 0);
        node.behaviour = (request, response) -> response.onError(Status.NOT_FOUND.asRuntimeException());
        assertThatThrownBy(this::getSlot).isInstanceOf(StatusRuntimeException.class);
        guarded.assertEnded(0, 1, 1);
        node.behaviour = (request, response) -> response.onError(Status.CANCELLED.asRuntimeException());
        assertThatThrownBy(this::getSlot).isInstanceOf(StatusRuntimeException.class);
        guarded.assertEnded(0, 2, 1);
    }

    @Test
    void refusal_opensNoConnection() {
        guarded.breaker.halt("stop", null);
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, this::getSlot);
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused.getStatus().getCause()).isInstanceOf(TradingPausedException.class);
        Iterator<String> stream =
                ClientCalls.blockingServerStreamingCall(channel.newCall(Guarded.STREAM, OPTIONS), "first");
        assertThatThrownBy(stream::hasNext).isInstanceOf(StatusRuntimeException.class);
        assertThat(ClientCalls.futureUnaryCall(channel.newCall(Guarded.UNARY, OPTIONS), "later"))
                .isDone();
        assertThat(channel.getState(false)).isEqualTo(ConnectivityState.IDLE);
        assertThat(node.calls).hasValue(0);
        assertThat(guarded.breaker.counters().rejected()).isEqualTo(3);
        guarded.assertEnded(0, 0, 0);
    }

    @Test
    void deadline_isAFailure_alsoThatOfTheContext() {
        node.behaviour = NodeServer::hang;
        assertThatThrownBy(() -> getSlot(OPTIONS.withDeadlineAfter(50, TimeUnit.MILLISECONDS)))
                .hasMessageStartingWith("DEADLINE_EXCEEDED");
        guarded.assertEnded(0, 1, 0);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (Context.CancellableContext context =
                Context.current().withDeadlineAfter(50, TimeUnit.MILLISECONDS, timer)) {
            assertThatThrownBy(() -> context.call(() -> getSlot(OPTIONS))).hasMessageStartingWith("DEADLINE_EXCEEDED");
        } finally {
            timer.shutdownNow();
        }
        guarded.assertEnded(0, 2, 0);
    }

    @Test
    void cancelledCalls_areIgnored_whoeverGivesThemUp() {
        hanging(Guarded.UNARY, new Heard()).cancel("enough", null);
        assertEventually(0, 0, 1);
        ListenableFuture<String> future = ClientCalls.futureUnaryCall(channel.newCall(Guarded.UNARY, OPTIONS), "slot");
        future.cancel(true);
        assertEventually(0, 0, 2);
        Context.CancellableContext context = Context.current().withCancellation();
        context.run(() -> hanging(Guarded.UNARY, new Heard()));
        context.cancel(null);
        assertEventually(0, 0, 3);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> getSlot(OPTIONS)).hasMessageContaining("CANCELLED");
        assertThat(Thread.interrupted()).isTrue();
        assertEventually(0, 0, 4);
    }

    @Test
    void messageThatCannotBeSent_isNotTheNodesFault() {
        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel, Guarded.UNARY, OPTIONS, "unspeakable"))
                .isInstanceOf(RuntimeException.class);
        assertEventually(0, 0, 1);
    }

    @Test
    void listenerThatThrows_givesUpItsCall() {
        Heard failing = new Heard(message -> {
            throw new IllegalStateException("cannot read " + message);
        });
        ClientCall<String, String> call = channel.newCall(Guarded.UNARY, OPTIONS);
        call.start(failing, new Metadata());
        call.request(2);
        call.sendMessage("slot");
        call.halfClose();
        assertEventually(0, 0, 1);
    }

    @Test
    void streamThatIsCancelled_hadItsEndWithTheFirstMessage() {
        CountDownLatch spoken = new CountDownLatch(1);
        node.behaviour = (request, response) -> response.onNext("slot 1");
        Heard heard = new Heard(message -> spoken.countDown());
        ClientCall<String, String> call = channel.newCall(Guarded.STREAM, OPTIONS);
        call.start(heard, new Metadata());
        call.request(2);
        call.sendMessage("slots");
        call.halfClose();
        assertThat(await(spoken)).isTrue();
        guarded.assertEnded(1, 0, 0);
        call.cancel("enough", null);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> heard.closes.size() == 1);
        guarded.assertEnded(1, 0, 0);
    }

    @Test
    void streamThatGoesSilent_trips_untilItEnds() {
        node.behaviour = (request, response) -> response.onNext("slot 1");
        Heard heard = new Heard();
        ClientCall<String, String> call = channel.newCall(Guarded.STREAM, OPTIONS);
        call.start(heard, new Metadata());
        call.request(10);
        call.sendMessage("slots");
        call.halfClose();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> guarded.breaker.counters().successful() == 1);
        // The consumer may not be done with it yet; virtual time goes on until it is.
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            guarded.advance(20);
            return guarded.breaker.state() == BreakerState.OPEN;
        });
        assertThat(guarded.breaker.snapshot().reason().message())
                .startsWith("stream 'geyser.Geyser/Slots at ")
                .contains(":" + node.server.getPort());
        call.cancel("enough", null);
        guarded.advance(30_000);
        assertThat(guarded.breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void serverThatShutsDown_failsWhatIsInFlight() {
        Heard unary = new Heard();
        Heard stream = new Heard();
        hanging(Guarded.UNARY, unary);
        hanging(Guarded.STREAM, stream);
        node.close();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> unary.closes.size() + stream.closes.size() == 2);
        // Which of them depends on what Netty hears first.
        assertThat(unary.closes.get(0).getCode()).isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED);
        guarded.assertEnded(0, 2, 0);
        assertThatThrownBy(this::getSlot).hasMessageContaining("UNAVAILABLE");
        guarded.assertEnded(0, 3, 0);
    }

    @Test
    void channelThatIsShutDown_endsWhatIsInFlight() {
        Heard heard = new Heard();
        hanging(Guarded.UNARY, heard);
        channel.shutdownNow();
        assertEventually(0, 1, 0);
        assertThat(heard.closes).extracting(Status::getCode).containsExactly(Status.Code.UNAVAILABLE);
        assertThatThrownBy(this::getSlot).hasMessageContaining("UNAVAILABLE");
        guarded.assertEnded(0, 2, 0);
    }

    @Test
    void retriesOfGrpc_areOneCall_andARefusalIsNotRetried() {
        ManagedChannel retrying = channel(Map.of(
                "methodConfig",
                List.of(Map.of(
                        "name",
                        List.of(Map.of()),
                        "retryPolicy",
                        Map.of(
                                "maxAttempts",
                                3.0,
                                "initialBackoff",
                                "0.01s",
                                "maxBackoff",
                                "0.01s",
                                "backoffMultiplier",
                                1.0,
                                "retryableStatusCodes",
                                List.of("UNAVAILABLE"))))));
        try {
            AtomicInteger attempts = new AtomicInteger();
            node.behaviour = (request, response) -> {
                if (attempts.incrementAndGet() == 1) {
                    response.onError(Status.UNAVAILABLE.asRuntimeException());
                } else {
                    NodeServer.answer(request, response);
                }
            };
            assertThat(ClientCalls.blockingUnaryCall(retrying, Guarded.UNARY, OPTIONS, "slot"))
                    .isEqualTo("slot");
            assertThat(attempts).hasValue(2);
            guarded.assertEnded(1, 0, 0);

            guarded.breaker.halt("stop", null);
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(retrying, Guarded.UNARY, OPTIONS, "slot"))
                    .isInstanceOf(StatusRuntimeException.class);
            assertThat(guarded.breaker.counters().rejected()).isEqualTo(1);
            assertThat(attempts).hasValue(2);
        } finally {
            retrying.shutdownNow();
        }
    }

    @Test
    void callThatWaitsForTheServer_isInFlightMeanwhile() {
        node.close();
        Heard heard = new Heard();
        ClientCall<String, String> call = channel.newCall(Guarded.UNARY, OPTIONS.withWaitForReady());
        call.start(heard, new Metadata());
        call.request(2);
        call.sendMessage("slot");
        call.halfClose();
        guarded.advance(1_020);
        assertThat(guarded.breaker.state()).isEqualTo(BreakerState.OPEN);
        call.cancel("enough", null);
        assertEventually(0, 0, 1);
    }

    @Test
    void manyCallsOfAllKinds_balance() {
        Random random = new Random(42);
        node.behaviour = (request, response) -> {
            switch (request) {
                case "hang" -> NodeServer.hang(request, response);
                case "fail" -> response.onError(Status.INTERNAL.asRuntimeException());
                case "busy" -> response.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
                default -> NodeServer.answer(request, response);
            }
        };
        List<String> requests = List.of("slot", "slot", "slot", "hang", "fail", "busy");
        int calls = 2_000;
        AtomicInteger closed = new AtomicInteger();
        for (int i = 0; i < calls; i++) {
            ClientCall<String, String> call =
                    channel.newCall(random.nextBoolean() ? Guarded.UNARY : Guarded.STREAM, OPTIONS);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            closed.incrementAndGet();
                        }
                    },
                    new Metadata());
            call.request(2);
            String request = requests.get(random.nextInt(requests.size()));
            call.sendMessage(request);
            call.halfClose();
            if (request.equals("hang") || random.nextInt(5) == 0) {
                call.cancel("enough", null);
            }
            if (i % 200 == 199) {
                guarded.breaker.reset("test", null); // failures trip now and then
            }
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> closed.get() == calls);
        assertThat(guarded.breaker.counters().inFlight()).isZero();
        assertThat(guarded.breaker.counters().total()).isEqualTo(calls);
        assertThat(guarded.breaker.counters().permitted())
                .isEqualTo(guarded.breaker.counters().successful()
                        + guarded.breaker.counters().failed()
                        + guarded.breaker.counters().ignored());
    }
}

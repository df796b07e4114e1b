package io.tradingbreaker.compatibility;

import static io.tradingbreaker.compatibility.TextMethods.method;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.tradingbreaker.BreakerCounters;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Rule;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.client.GrpcChannelFactory;

/** Channels of Spring gRPC, guarded by property, against a real server: every way to end leaves the accounts balanced. */
class GuardedGrpcTests {

    private static final MethodDescriptor<String, String> GET = method(MethodDescriptor.MethodType.UNARY, "GetSlot");
    private static final MethodDescriptor<String, String> SLOTS =
            method(MethodDescriptor.MethodType.SERVER_STREAMING, "Slots");
    private static final MethodDescriptor<String, String> UPLOAD =
            method(MethodDescriptor.MethodType.CLIENT_STREAMING, "Upload");
    private static final Duration PATIENT = Duration.ofSeconds(30);

    private static ConfigurableApplicationContext application;
    private static TradingBreaker breaker;

    private final AtomicInteger calls = new AtomicInteger();
    private volatile BiConsumer<String, ServerCallStreamObserver<String>> behaviour = GuardedGrpcTests::answer;
    private Server node;
    private ManagedChannel channel;
    private BreakerCounters before;

    @BeforeAll
    static void startApplication() {
        application = new SpringApplicationBuilder(TradingApplication.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--trading-breaker.grpc.guards[0].method=geyser.Geyser/*",
                        "--trading-breaker.grpc.guards[0].authority=127.0.0.1",
                        "--trading-breaker.grpc.guards[0].breaker=streams",
                        // Nothing but silence trips: the machine may be slow.
                        "--trading-breaker.breakers.streams.p99-threshold=0",
                        "--trading-breaker.breakers.streams.latency-threshold=300ms",
                        "--trading-breaker.breakers.streams.failure-threshold=0",
                        "--trading-breaker.breakers.streams.error-rate-threshold=0",
                        "--trading-breaker.breakers.streams.local-pause-limit=0",
                        "--trading-breaker.breakers.streams.stream-silence=500ms",
                        "--trading-breaker.breakers.streams.recovery-timeout=100ms",
                        "--trading-breaker.breakers.streams.recovery.base-delay=100ms",
                        "--trading-breaker.breakers.streams.recovery.max-delay=100ms");
        breaker = application.getBean(BreakerRegistry.class).breaker("streams");
    }

    @AfterAll
    static void stopApplication() {
        application.close();
    }

    @BeforeEach
    void startNode() throws IOException {
        node = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addService(ServerServiceDefinition.builder("geyser.Geyser")
                        .addMethod(GET, ServerCalls.asyncUnaryCall(this::behave))
                        .addMethod(SLOTS, ServerCalls.asyncServerStreamingCall(this::behave))
                        .addMethod(UPLOAD, ServerCalls.asyncClientStreamingCall(Upload::new))
                        .build())
                .build()
                .start();
        channel = application.getBean(GrpcChannelFactory.class).createChannel("127.0.0.1:" + node.getPort());
        breaker.reset("next test", null);
        before = breaker.counters();
    }

    @AfterEach
    void stopNode() {
        channel.shutdownNow();
        node.shutdownNow();
    }

    private void behave(String request, StreamObserver<String> response) {
        calls.incrementAndGet();
        behaviour.accept(request, (ServerCallStreamObserver<String>) response);
    }

    private static void answer(String request, ServerCallStreamObserver<String> response) {
        response.onNext(request);
        response.onCompleted();
    }

    private static void hang(String request, ServerCallStreamObserver<String> response) {
        response.setOnCancelHandler(() -> {});
    }

    private String get(CallOptions options) {
        return ClientCalls.blockingUnaryCall(channel, GET, options, "slot");
    }

    private String get() {
        return get(CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS));
    }

    private ClientCall<String, String> started(MethodDescriptor<String, String> method, Heard heard) {
        ClientCall<String, String> call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(heard, new Metadata());
        call.request(100);
        call.sendMessage("slot");
        call.halfClose();
        return call;
    }

    /** What has become of the calls of this test: nothing is in flight, and the accounts balance. */
    private void assertEnded(long successful, long failed, long ignored) {
        await().atMost(PATIENT).untilAsserted(() -> {
            BreakerCounters now = breaker.counters();
            assertThat(List.of(
                            now.successful() - before.successful(),
                            now.failed() - before.failed(),
                            now.ignored() - before.ignored(),
                            now.inFlight()))
                    .as("successful, failed, ignored, in flight")
                    .map(Number::longValue)
                    .containsExactly(successful, failed, ignored, 0L);
            assertThat(now.permitted()).isEqualTo(now.successful() + now.failed() + now.ignored());
            assertThat(now.total()).isEqualTo(now.permitted() + now.rejected());
            assertThat(now.abandoned()).isZero();
        });
    }

    @Test
    void normalCall_succeeds() {
        assertThat(get()).isEqualTo("slot");
        assertEnded(1, 0, 0);
    }

    @Test
    void slowCall_isSeenBeforeItReturns() {
        CompletableFuture<ServerCallStreamObserver<String>> open = new CompletableFuture<>();
        behaviour = (request, response) -> open.complete(response);
        Heard heard = new Heard();
        started(GET, heard);
        await().atMost(PATIENT).until(() -> breaker.counters().stalled() > before.stalled());
        answer("slot", open.join());
        await().atMost(PATIENT).until(() -> heard.closed.isDone());
        assertEnded(1, 0, 0);
    }

    @Test
    void hungCall_endsWhenItIsGivenUp() {
        behaviour = GuardedGrpcTests::hang;
        ClientCall<String, String> call = started(GET, new Heard());
        await().atMost(PATIENT).until(() -> breaker.counters().stalled() > before.stalled());
        assertThat(breaker.counters().inFlight()).isEqualTo(1);
        call.cancel("enough", null);
        assertEnded(0, 0, 1);
    }

    @Test
    void errors_failUnlessIgnored() {
        behaviour = (request, response) -> response.onError(Status.INTERNAL.asRuntimeException());
        assertThatThrownBy(this::get).isInstanceOf(StatusRuntimeException.class);
        behaviour = (request, response) -> response.onError(Status.INVALID_ARGUMENT.asRuntimeException());
        assertThatThrownBy(this::get).isInstanceOf(StatusRuntimeException.class);
        assertEnded(0, 1, 1);
    }

    @Test
    void rejectedCall_neverReachesTheServer() {
        breaker.halt("drill", "tester");
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, this::get);
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused.getStatus().getCause()).isInstanceOf(TradingPausedException.class);
        assertThat(calls).hasValue(0);
        assertThat(breaker.counters().rejected()).isEqualTo(before.rejected() + 1);
        assertEnded(0, 0, 0);
    }

    @Test
    void cancelledCall_isIgnored() {
        behaviour = GuardedGrpcTests::hang;
        ClientCalls.futureUnaryCall(channel.newCall(GET, CallOptions.DEFAULT), "slot")
                .cancel(true);
        assertEnded(0, 0, 1);
    }

    @Test
    void exceededDeadline_isAFailure() {
        behaviour = GuardedGrpcTests::hang;
        assertThatThrownBy(() -> get(CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS)))
                .hasMessageStartingWith("DEADLINE_EXCEEDED");
        assertEnded(0, 1, 0);
    }

    @Test
    void halfClosedUpload_isTimedToItsAnswer() {
        Heard heard = new Heard();
        ClientCall<String, String> call = channel.newCall(UPLOAD, CallOptions.DEFAULT);
        call.start(heard, new Metadata());
        call.request(2);
        call.sendMessage("a");
        call.sendMessage("b");
        assertThat(breaker.counters().inFlight()).isEqualTo(1);
        call.halfClose();
        await().atMost(PATIENT).until(() -> heard.closed.isDone());
        assertThat(heard.closed.join().isOk()).isTrue();
        assertEnded(1, 0, 0);
    }

    @Test
    void silentStream_tripsByItsOwnRule_andRecoveryWaitsForItsEnd() {
        behaviour = (request, response) -> response.onNext("slot 1");
        ClientCall<String, String> call = started(SLOTS, new Heard());
        await().atMost(PATIENT).until(() -> breaker.state() == BreakerState.OPEN);
        assertThat(breaker.snapshot().reason().rule()).isEqualTo(Rule.STREAM_SILENCE);
        assertThat(breaker.snapshot().reason().message())
                .startsWith("stream 'geyser.Geyser/Slots at 127.0.0.1:" + node.getPort() + "' silent for ");
        assertThat(breaker.snapshot().reason().observed()).isGreaterThan(500);
        await().atMost(PATIENT).until(() -> breaker.snapshot().recovery().attempt() > 1);
        assertThat(breaker.snapshot().recovery().lastProbe().details()).contains("silent for");
        call.cancel("renewed elsewhere", null);
        await().atMost(PATIENT).until(() -> breaker.state() == BreakerState.HALF_OPEN);
        assertEnded(1, 0, 0);
    }

    @Test
    void serverThatShutsDown_endsCallsAndStreams() {
        CompletableFuture<Void> spoken = new CompletableFuture<>();
        behaviour = (request, response) -> {
            response.onNext("slot 1");
            spoken.complete(null);
        };
        Heard stream = new Heard();
        started(SLOTS, stream);
        await().atMost(PATIENT).until(spoken::isDone);
        // The first message has arrived, so that it has ended as a call.
        await().atMost(PATIENT).until(() -> breaker.counters().successful() > before.successful());
        behaviour = GuardedGrpcTests::hang;
        Heard unary = new Heard();
        started(GET, unary);
        await().atMost(PATIENT).until(() -> calls.get() == 2);
        node.shutdownNow();
        await().atMost(PATIENT).until(() -> stream.closed.isDone() && unary.closed.isDone());
        assertEnded(1, 1, 0);
    }

    /** Answers once the client has said its last. */
    private record Upload(StreamObserver<String> response) implements StreamObserver<String> {

        @Override
        public void onNext(String message) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {
            response.onNext("done");
            response.onCompleted();
        }
    }
}

package io.tradingbreaker.spring.grpc;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A gRPC server on loopback, with a method of each kind, that behaves as a test says. */
final class NodeServer implements AutoCloseable {

    final AtomicInteger calls = new AtomicInteger();
    volatile Behaviour behaviour = NodeServer::answer;
    final Server server;

    NodeServer() {
        ServerServiceDefinition geyser = ServerServiceDefinition.builder("geyser.Geyser")
                .addMethod(Guarded.UNARY, ServerCalls.asyncUnaryCall(this::behave))
                .addMethod(Guarded.STREAM, ServerCalls.asyncServerStreamingCall(this::behave))
                .addMethod(Guarded.UPLOAD, ServerCalls.asyncClientStreamingCall(Upload::new))
                .build();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addService(geyser)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        calls.incrementAndGet();
                        return next.startCall(call, headers);
                    }
                })
                .build();
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void answer(String request, ServerCallStreamObserver<String> response) {
        response.onNext(request);
        response.onCompleted();
    }

    /** Says nothing at all. */
    static void hang(String request, ServerCallStreamObserver<String> response) {
        response.setOnCancelHandler(() -> {});
    }

    private void behave(String request, StreamObserver<String> response) {
        behaviour.called(request, (ServerCallStreamObserver<String>) response);
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the server does with a request. */
    @FunctionalInterface
    interface Behaviour {

        void called(String request, ServerCallStreamObserver<String> response);
    }

    /** Answers with the number of messages once the client has said its last. */
    private static final class Upload implements StreamObserver<String> {

        private final StreamObserver<String> response;
        private int messages;

        Upload(StreamObserver<String> response) {
            this.response = response;
        }

        @Override
        public void onNext(String message) {
            messages++;
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {
            response.onNext(String.valueOf(messages));
            response.onCompleted();
        }
    }
}

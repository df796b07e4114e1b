package io.tradingbreaker.spring.probe.grpc;

import com.google.protobuf.DynamicMessage;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A gRPC server on loopback that offers {@code GetSlot} as {@code geyser.proto} has it, and behaves as a test says. */
final class GeyserServer implements AutoCloseable {

    final List<DynamicMessage> requests = new CopyOnWriteArrayList<>();
    final List<Metadata> metadata = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    private final Server server;

    GeyserServer(BiConsumer<DynamicMessage, ServerCallStreamObserver<DynamicMessage>> behaviour) {
        this(0, null, behaviour);
    }

    GeyserServer(
            int port,
            @Nullable SslContext tls,
            BiConsumer<DynamicMessage, ServerCallStreamObserver<DynamicMessage>> behaviour) {
        ServerServiceDefinition geyser = ServerServiceDefinition.builder("geyser.Geyser")
                .addMethod(Protocols.unary("GetSlot"), ServerCalls.asyncUnaryCall((request, response) -> {
                    requests.add(request);
                    behaviour.accept(request, (ServerCallStreamObserver<DynamicMessage>) response);
                }))
                .build();
        server = started(NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                // A server with TLS never gives back gRPC's shared threads.
                .directExecutor()
                .sslContext(tls)
                .addService(geyser)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        metadata.add(headers);
                        return next.startCall(call, headers);
                    }
                })
                .addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes transport) {
                        connections.incrementAndGet();
                        return transport;
                    }
                })
                .build());
    }

    /** Answers with the slots in turn, then with the last one for ever. */
    static GeyserServer answering(long... slots) {
        AtomicInteger next = new AtomicInteger();
        return new GeyserServer(
                (request, response) -> answer(response, slots[Math.min(next.getAndIncrement(), slots.length - 1)]));
    }

    static void answer(ServerCallStreamObserver<DynamicMessage> response, long slot) {
        response.onNext(Protocols.slot(slot));
        response.onCompleted();
    }

    private static Server started(Server server) {
        try {
            return server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    String address() {
        return "http://localhost:" + port();
    }

    @Override
    public void close() {
        stop(server);
    }

    static void stop(Server server) {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

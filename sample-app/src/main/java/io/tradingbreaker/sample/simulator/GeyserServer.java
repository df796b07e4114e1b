package io.tradingbreaker.sample.simulator;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A gRPC server for {@link GeyserService} that can go away and come back on its port. Thread-safe. */
final class GeyserServer implements AutoCloseable {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("x-token", Metadata.ASCII_STRING_MARSHALLER);
    private static final int LARGEST_REQUEST = 64 * 1024;
    private static final int END_SECONDS = 5;

    private final GeyserService service;
    private final TokenCheck check;
    private final int port;
    private @Nullable Server server;

    /**
     * Listens when it returns.
     *
     * @param port 0 for any free one
     * @param token what each call must carry; blank: nothing
     */
    GeyserServer(SlotClock chain, int port, String token) throws IOException {
        service = new GeyserService(chain);
        check = new TokenCheck(token);
        Server started = start(port);
        server = started;
        this.port = started.getPort();
    }

    int port() {
        return port;
    }

    /** Behaves so from now on. */
    synchronized void play(Scenario scenario) {
        service.play(scenario);
        if (scenario == Scenario.SERVER_SHUTDOWN) {
            stop();
        } else if (server == null) {
            try {
                server = start(port);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    EndpointStatus status() {
        return service.status();
    }

    @Override
    public synchronized void close() {
        stop();
        service.close();
    }

    private Server start(int at) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), at))
                .addService(service)
                .intercept(check)
                .maxInboundMessageSize(LARGEST_REQUEST)
                .permitKeepAliveTime(END_SECONDS, TimeUnit.SECONDS)
                .build()
                .start();
    }

    private void stop() {
        Server running = server;
        if (running == null) {
            return;
        }
        server = null;
        running.shutdown();
        service.end(Status.UNAVAILABLE.withDescription("the server goes away"));
        try {
            if (!running.awaitTermination(1, TimeUnit.SECONDS)) {
                running.shutdownNow().awaitTermination(END_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            running.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Compares in a time that does not tell how much of a guess is right. */
    private record TokenCheck(String token) implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String given = headers.get(TOKEN);
            if (token.isBlank() || (given != null && MessageDigest.isEqual(bytes(token), bytes(given)))) {
                return next.startCall(call, headers);
            }
            call.close(Status.UNAUTHENTICATED.withDescription("No valid auth token"), new Metadata());
            return new ServerCall.Listener<>() {};
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return "TokenCheck";
        }
    }
}

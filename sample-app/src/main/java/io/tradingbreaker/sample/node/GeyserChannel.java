package io.tradingbreaker.sample.node;

import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A connection to a node's gRPC service. Thread-safe.
 *
 * @param calls the connection with what all its calls go through
 */
record GeyserChannel(ManagedChannel connection, Channel calls) implements AutoCloseable {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("x-token", Metadata.ASCII_STRING_MARSHALLER);
    private static final int LARGEST_MESSAGE = 64 * 1024;
    private static final int TLS = 443;
    private static final int PLAIN = 80;

    /**
     * Connects with the first call.
     *
     * @param token blank: none
     * @param guards the outermost first
     */
    static GeyserChannel to(URI url, String token, List<ClientInterceptor> guards) {
        boolean isPlain = "http".equals(url.getScheme());
        if (url.getHost() == null || !(isPlain || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException("solana.grpc-url must be http://HOST:PORT or https://HOST[:PORT]");
        }
        int port = url.getPort() >= 0 ? url.getPort() : isPlain ? PLAIN : TLS;
        ManagedChannelBuilder<?> builder = ManagedChannelBuilder.forAddress(url.getHost(), port)
                .maxInboundMessageSize(LARGEST_MESSAGE)
                // A connection that is dead without a word is given up after 12 s: a stream alone would wait for ever.
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(2, TimeUnit.SECONDS);
        ManagedChannel connection = (isPlain ? builder.usePlaintext() : builder).build();
        List<ClientInterceptor> all = new ArrayList<>(guards);
        if (!token.isBlank()) {
            Metadata headers = new Metadata();
            headers.put(TOKEN, token);
            all.add(MetadataUtils.newAttachHeadersInterceptor(headers));
        }
        return new GeyserChannel(connection, ClientInterceptors.interceptForward(connection, all));
    }

    /** Lets the next call connect at once, however often that has failed. */
    void connectNow() {
        connection.resetConnectBackoff();
    }

    @Override
    public void close() {
        connection.shutdownNow();
    }
}

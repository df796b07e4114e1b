package io.tradingbreaker.spring.probe.grpc;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.spring.probe.ProbeSettings;
import java.net.URI;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes channels to one endpoint, over whatever transport of gRPC the application has. All share one thread, for what would
 * block a transport's, such as looking up a host; it ends when there is nothing to do.
 */
final class Connector implements AutoCloseable {

    private static final String TOKEN = "x-token";
    private static final int LARGEST_ANSWER = 64 * 1024;
    private static final int IDLE_SECONDS = 30;

    private final String target;
    private final boolean isEncrypted;
    private final Metadata metadata = new Metadata();
    private final ThreadPoolExecutor executor;

    /** @throws InvalidConfigException if gRPC cannot carry the settings */
    Connector(ProbeSettings settings, URI endpoint) {
        checkIsBare(endpoint);
        isEncrypted = "https".equalsIgnoreCase(endpoint.getScheme());
        int port = endpoint.getPort() >= 0 ? endpoint.getPort() : isEncrypted ? 443 : 80;
        // The brackets of an IPv6 address must be encoded here.
        target = "dns:///" + endpoint.getHost().replace("[", "%5B").replace("]", "%5D") + ":" + port;
        settings.headers().forEach(this::put);
        if (settings.token() != null) {
            put(TOKEN, settings.token());
        }
        executor = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "trading-breaker-probe-grpc-" + settings.breaker());
            thread.setDaemon(true);
            return thread;
        });
        executor.allowCoreThreadTimeOut(true);
        // A channel that is shut down may still have a last word; nobody listens.
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    private static void checkIsBare(URI endpoint) {
        boolean isHttp =
                "http".equalsIgnoreCase(endpoint.getScheme()) || "https".equalsIgnoreCase(endpoint.getScheme());
        String path = endpoint.getRawPath();
        if (!isHttp
                || endpoint.getRawUserInfo() != null
                || !(path == null || path.isEmpty() || path.equals("/"))
                || endpoint.getRawQuery() != null
                || endpoint.getRawFragment() != null) {
            throw new InvalidConfigException(
                    "probe.endpoints",
                    ProbeSettings.shown(endpoint),
                    "must be http:// or https:// with host and port and nothing else, as gRPC has no more; a token belongs into probe.token");
        }
    }

    /** Replaces an earlier one of that name. */
    private void put(String name, String value) {
        Metadata.Key<String> key;
        try {
            key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException(
                    "probe.headers",
                    "not shown",
                    "must have names that gRPC can carry: letters, digits, '-', '_' and '.', and not -bin at the end");
        }
        metadata.discardAll(key);
        metadata.put(key, value);
    }

    /**
     * A channel that connects with the first call, and closes the connection after half a minute without one: one that
     * rests for longer may have been dropped on the way, unnoticed.
     */
    ManagedChannel connect() {
        ManagedChannelBuilder<?> builder = ManagedChannelBuilder.forTarget(target);
        if (isEncrypted) {
            builder.useTransportSecurity();
        } else {
            builder.usePlaintext();
        }
        return builder.executor(executor)
                .offloadExecutor(executor)
                .intercept(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .maxInboundMessageSize(LARGEST_ANSWER)
                .idleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                .disableRetry()
                .disableServiceConfigLookUp()
                .build();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}

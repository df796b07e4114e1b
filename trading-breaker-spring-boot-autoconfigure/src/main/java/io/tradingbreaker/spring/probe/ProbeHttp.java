package io.tradingbreaker.spring.probe;

import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.spring.probe.LimitedBody.TooLargeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client of all probes: HTTP/1.1, no redirects, bodies up to 64 KiB. Made when it is first needed. Thread-safe.
 *
 * <p>On Java 17 a client cannot be closed: its selector thread, a daemon, ends when the garbage collector has found it
 * unused.
 */
public final class ProbeHttp implements AutoCloseable {

    private static final int THREADS = 4;

    private final AtomicInteger threads = new AtomicInteger();
    private @Nullable HttpClient client;
    private @Nullable ThreadPoolExecutor executor;
    private boolean closed;

    private synchronized HttpClient client() {
        if (closed) {
            throw new IllegalStateException("the probes have been closed");
        }
        HttpClient known = client;
        if (known == null) {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                        Thread thread = new Thread(work, "trading-breaker-probe-http-" + threads.incrementAndGet());
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            known = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .executor(pool)
                    .build();
            client = known;
            executor = pool;
        }
        return known;
    }

    /** A request with the probe's headers. User and password of the endpoint become a header, as in a browser. */
    static HttpRequest.Builder request(ProbeSettings settings, URI endpoint) {
        String scheme = String.valueOf(endpoint.getScheme());
        if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            throw new InvalidConfigException(
                    "probe.endpoints",
                    ProbeSettings.shown(endpoint),
                    "must be http:// or https:// for this probe.type");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(plain(endpoint));
        String basic = basic(endpoint);
        if (basic != null) {
            request.setHeader("Authorization", basic);
        }
        String token = settings.token();
        if (token != null) {
            request.setHeader("x-token", token);
        }
        for (Map.Entry<String, String> header : settings.headers().entrySet()) {
            try {
                request.setHeader(header.getKey(), header.getValue());
            } catch (IllegalArgumentException e) {
                throw ProbeChecks.header(header.getKey(), "must be a header that may be set for this probe.type");
            }
        }
        return request;
    }

    /** User and password of an endpoint as they are sent; null if it has none. */
    static @Nullable String basic(URI endpoint) {
        String user = endpoint.getUserInfo();
        return user == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    private static URI plain(URI endpoint) {
        if (endpoint.getRawUserInfo() == null && endpoint.getRawFragment() == null) {
            return endpoint;
        }
        String text = endpoint.getScheme() + "://" + endpoint.getHost()
                + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort())
                + endpoint.getRawPath()
                + (endpoint.getRawQuery() == null ? "" : "?" + endpoint.getRawQuery());
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a part of a URI is no URI", null);
        }
    }

    /** Whether requests there go straight to the host, and to no proxy. */
    static boolean isDirect(URI endpoint) {
        ProxySelector selector = ProxySelector.getDefault();
        return selector == null || selector.select(endpoint).equals(List.of(Proxy.NO_PROXY));
    }

    /**
     * Sends a request and reads the whole answer in time; the connection of one that is late is closed.
     *
     * @return null if the body is over the limit
     */
    @Nullable
    HttpResponse<byte[]> send(HttpRequest request, boolean isDirect, Duration timeout)
            throws IOException, InterruptedException, TimeoutException, ExecutionException {
        long began = System.nanoTime();
        HttpClient http = client();
        if (isDirect) {
            // Here, where a name server that hangs holds up this endpoint only; the client then finds it in the cache.
            InetAddress.getByName(request.uri().getHost());
        }
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, head -> new LimitedBody());
        try {
            long left = timeout.toNanos() - (System.nanoTime() - began);
            return answer.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (isTooLarge(e)) {
                return null;
            }
            throw e;
        } finally {
            answer.cancel(true);
        }
    }

    private static boolean isTooLarge(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; depth < 8 && cause != null; depth++) {
            if (cause instanceof TooLargeException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    @Override
    public void close() {
        HttpClient used;
        ThreadPoolExecutor pool;
        synchronized (this) {
            closed = true;
            used = client;
            pool = executor;
            client = null;
            executor = null;
        }
        if (used instanceof AutoCloseable closeable) {
            closeNow(closeable);
        }
        if (pool != null) {
            pool.shutdownNow();
        }
    }

    /** From Java 21 on. Without the interrupt it would wait for requests under way. */
    private static void closeNow(AutoCloseable client) {
        boolean wasInterrupted = Thread.interrupted();
        Thread.currentThread().interrupt();
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP client could not be closed", e);
        } finally {
            Thread.interrupted();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

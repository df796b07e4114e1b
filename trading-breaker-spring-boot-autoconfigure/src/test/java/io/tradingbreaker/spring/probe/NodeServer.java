package io.tradingbreaker.spring.probe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A Solana node on loopback, well or not. */
final class NodeServer implements AutoCloseable {

    private static final Pattern CALL = Pattern.compile("\"id\":(\\d+),\"method\":\"(\\w+)\"");
    private static final char[] PASSWORD = "changeit".toCharArray();

    final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);

    volatile Behaviour behaviour = this::healthy;
    volatile LongSupplier slot = this::moving;
    volatile String lastHeaders = "";

    NodeServer() throws IOException {
        this(HttpServer.create(loopback(), 0));
    }

    private NodeServer(HttpServer server) {
        this.server = server;
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    /** With a certificate that nobody trusts. */
    static NodeServer withUntrustedCertificate(Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        if (!Files.exists(file)) {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-keyalg",
                            "EC",
                            "-alias",
                            "node",
                            "-dname",
                            "CN=localhost",
                            "-keystore",
                            file.toString(),
                            "-storepass",
                            new String(PASSWORD))
                    .inheritIO()
                    .start();
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool failed");
            }
        }
        KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new NodeServer(server);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    URI uri() {
        return uri(server instanceof HttpsServer ? "https" : "http", "/");
    }

    URI uri(String scheme, String rest) {
        return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + rest);
    }

    /** A slot every 20 ms. */
    long moving() {
        return 250_000_000 + TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) / 20 % 1_000_000;
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        lastHeaders = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().entrySet();
        String body;
        try (InputStream in = exchange.getRequestBody()) {
            body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Matcher call = CALL.matcher(body);
        boolean isCall = call.find();
        try (exchange) {
            behaviour.answer(exchange, isCall ? call.group(1) : "0", isCall ? call.group(2) : "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void healthy(HttpExchange exchange, String id, String method) throws IOException {
        result(exchange, id, method.equals("getSlot") ? Long.toString(slot.getAsLong()) : "\"ok\"");
    }

    static void result(HttpExchange exchange, String id, String result) throws IOException {
        send(exchange, 200, "{\"jsonrpc\":\"2.0\",\"result\":" + result + ",\"id\":" + id + "}");
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    Behaviour live() {
        return this::healthy;
    }

    void error(String error) {
        behaviour = (exchange, id, method) ->
                send(exchange, 200, "{\"jsonrpc\":\"2.0\",\"error\":" + error + ",\"id\":" + id + "}");
    }

    void status(int status) {
        behaviour = (exchange, id, method) -> send(exchange, status, "");
    }

    void slow(long millis) {
        behaviour = (exchange, id, method) -> {
            if (!closed.await(millis, TimeUnit.MILLISECONDS)) {
                healthy(exchange, id, method);
            }
        };
    }

    void hang() {
        behaviour = (exchange, id, method) -> closed.await();
    }

    void hangAfterHeaders() {
        behaviour = (exchange, id, method) -> {
            exchange.sendResponseHeaders(200, 20);
            exchange.getResponseBody().flush();
            closed.await();
        };
    }

    void endless() {
        behaviour = (exchange, id, method) -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[8_192]);
            }
        };
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        workers.shutdownNow();
    }

    interface Behaviour {
        void answer(HttpExchange exchange, String id, String method) throws IOException, InterruptedException;
    }
}

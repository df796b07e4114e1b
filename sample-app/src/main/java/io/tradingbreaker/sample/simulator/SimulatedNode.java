package io.tradingbreaker.sample.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Solana node ({@code POST /}, JSON-RPC) and a quote service ({@code GET /swap/v1/quote}) on a loopback port, which
 * behave as the present {@link Scenario} says.
 *
 * <p>An answer that waits holds no thread, so that a freeze can hold thousands of requests. A request is executed when it
 * is answered; one that was frozen is answered with 503 in the end and never executed. Thread-safe.
 */
public final class SimulatedNode implements AutoCloseable {

    private static final int LARGEST_BODY = 50 * 1024;
    private static final int MOST_FROZEN = 10_000;

    static {
        // Head and body of an answer are two packets; without this each answer waits for a delayed ACK, about 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final JsonMapper json = new JsonMapper();
    private final SlotClock slots = new SlotClock(System::nanoTime);
    private final Ledger ledger = new Ledger();
    private final Market market = new Market();
    private final JsonRpc rpc = new JsonRpc(json, new Methods(slots, ledger, this::illness).byName());
    private final Queue<HttpExchange> frozen = new ConcurrentLinkedQueue<>();
    private final AtomicInteger frozenCount = new AtomicInteger();
    private final AtomicLong requests = new AtomicLong();
    private final ExecutorService readers = Executors.newCachedThreadPool(threads("node-reader"));
    private final ExecutorService answers = Executors.newFixedThreadPool(4, threads("node-answer"));
    private final HttpServer server;
    private volatile Behaviour behaviour = Behaviour.of(Scenario.NORMAL);

    /** @param port 0 for any free one */
    public SimulatedNode(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        server.setExecutor(readers);
        server.createContext("/", exchange -> receive(exchange, "POST", "/", this::callRpc));
        server.createContext(
                "/swap/v1/quote", exchange -> receive(exchange, "GET", "/swap/v1/quote", body -> quote(exchange)));
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Behaves so from now on; requests that hang are answered with 503, unless this is a freeze. */
    public void play(Scenario scenario) {
        play(Behaviour.of(scenario));
    }

    /** Takes its latencies from a recording from now on. */
    public void replay(LatencyModel latency) {
        play(new Behaviour(Scenario.REPLAY, latency, null));
    }

    /** Is unhealthy from now on, by so many slots; null if it does not know by how many. */
    public void playUnhealthy(@Nullable Long slotsBehind) {
        play(new Behaviour(Scenario.UNHEALTHY, Behaviour.of(Scenario.UNHEALTHY).latency(), slotsBehind));
    }

    public Status status() {
        return new Status(
                behaviour.scenario().code(),
                slots.slot(),
                requests.get(),
                ledger.count(),
                ledger.duplicates(),
                frozenCount.get());
    }

    @Override
    public void close() {
        server.stop(0);
        answers.shutdownNow();
        readers.shutdownNow();
    }

    private synchronized void play(Behaviour next) {
        if (next.scenario() == Scenario.FROZEN_SLOT) {
            slots.hold();
        } else {
            slots.release();
        }
        behaviour = next;
        releaseFrozen();
    }

    private void receive(HttpExchange exchange, String method, String path, Action action) throws IOException {
        requests.incrementAndGet();
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (!exchange.getRequestURI().getPath().equals(path)) {
            write(exchange, new Answer(404, null));
        } else if (!exchange.getRequestMethod().equals(method)) {
            exchange.getResponseHeaders().set("Allow", method);
            write(exchange, new Answer(405, null));
        } else if (body.length > LARGEST_BODY) {
            write(exchange, new Answer(413, null));
        } else {
            later(behaviour.latency().next(), exchange, () -> action.answer(body));
        }
    }

    private void later(Duration delay, HttpExchange exchange, Supplier<Answer> answer) {
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, answers)
                .execute(() -> finish(exchange, answer));
    }

    private void finish(HttpExchange exchange, Supplier<Answer> answer) {
        switch (behaviour.scenario()) {
            case FREEZE -> freeze(exchange);
            case ERRORS -> write(exchange, new Answer(500, null));
            default -> write(exchange, answer.get());
        }
    }

    private void freeze(HttpExchange exchange) {
        if (frozenCount.incrementAndGet() > MOST_FROZEN) {
            frozenCount.decrementAndGet();
            exchange.close();
            return;
        }
        frozen.add(exchange);
        releaseFrozen();
    }

    private void releaseFrozen() {
        while (behaviour.scenario() != Scenario.FREEZE) {
            HttpExchange exchange = frozen.poll();
            if (exchange == null) {
                return;
            }
            frozenCount.decrementAndGet();
            later(Duration.ZERO, exchange, () -> new Answer(503, null));
        }
    }

    private static void write(HttpExchange exchange, Answer answer) {
        try (exchange) {
            if (answer.body == null) {
                exchange.sendResponseHeaders(answer.status, -1);
            } else {
                byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(answer.status, body.length);
                exchange.getResponseBody().write(body);
            }
        } catch (IOException e) {
            // The caller has gone; there is nobody to tell.
        }
    }

    private Answer callRpc(byte[] body) {
        return new Answer(200, rpc.answer(body));
    }

    private Answer quote(HttpExchange exchange) {
        long began = System.nanoTime();
        try {
            Map<String, Object> quote = market.quote(query(exchange.getRequestURI()), slots.slot());
            quote.put("timeTaken", (System.nanoTime() - began) / 1e9);
            return new Answer(200, json.writeValueAsString(quote));
        } catch (Market.QuoteError e) {
            return new Answer(400, json.writeValueAsString(e.body()));
        }
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        String raw = uri.getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&", 50)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private @Nullable RpcError illness() {
        return behaviour.scenario() == Scenario.UNHEALTHY ? RpcError.unhealthy(behaviour.slotsBehind()) : null;
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * The node as its operator sees it.
     *
     * @param requests HTTP requests received
     * @param transactions transactions executed, each signature once
     * @param duplicates transactions sent again
     * @param frozen requests that hang
     */
    public record Status(String scenario, long slot, long requests, long transactions, long duplicates, int frozen) {}

    private record Answer(int status, @Nullable String body) {}

    @FunctionalInterface
    private interface Action {

        Answer answer(byte[] body);
    }
}

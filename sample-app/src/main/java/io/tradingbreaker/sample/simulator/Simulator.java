package io.tradingbreaker.sample.simulator;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * A chain with two nodes (JSON-RPC) and two quote services (Jupiter's v1) on one loopback port, and the first node's gRPC
 * service on another. Each of the five is an endpoint with a {@link Scenario} of its own. Thread-safe.
 */
public final class Simulator implements AutoCloseable {

    /** The node that is traded with, at {@code /}. */
    public static final String NODE = "node";

    /** A second node, that tells how far the chain is, at {@code /node-b}. */
    public static final String NODE_B = "node-b";

    /** The first quote service, below {@code /quotes-a}. */
    public static final String QUOTES_A = "quotes-a";

    /** The second quote service, below {@code /quotes-b}. */
    public static final String QUOTES_B = "quotes-b";

    /** The slots of the first node over gRPC. */
    public static final String GEYSER = "geyser";

    static {
        // Head and body of an answer are two packets; without this each answer waits for a delayed ACK, about 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final JsonMapper json = new JsonMapper();
    private final SlotClock chain = new SlotClock(System::nanoTime);
    private final ExecutorService readers = Executors.newCachedThreadPool(threads("simulator-reader"));
    private final ExecutorService answers = Executors.newFixedThreadPool(4, threads("simulator-answer"));
    private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    private final Ledger ledger;
    private final HttpServer server;
    private final GeyserServer geyser;

    public Simulator(SimulatorProperties properties) throws IOException {
        ledger = new Ledger(properties.validSlots());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), properties.port()), 1024);
        server.setExecutor(readers);
        QuoteApi quotes = new QuoteApi(json, new Market(), ledger);
        for (String name : List.of(NODE, NODE_B, QUOTES_A, QUOTES_B)) {
            Endpoint endpoint = new Endpoint(name, chain, properties.latencyMillis(), answers);
            endpoints.put(name, endpoint);
            if (name.startsWith(NODE)) {
                serveNode(endpoint, name.equals(NODE) ? "/" : "/" + name);
            } else {
                serveQuotes(endpoint, "/" + name + "/swap/v1/", quotes);
            }
        }
        geyser = new GeyserServer(chain, properties.grpcPort(), properties.grpcToken());
        server.start();
    }

    /** The addresses of the nodes. */
    public List<URI> nodes() {
        return List.of(uri(""), uri("/" + NODE_B));
    }

    /** The base addresses of the quote services. */
    public List<URI> quotes() {
        return List.of(uri("/" + QUOTES_A), uri("/" + QUOTES_B));
    }

    /** The address of the gRPC service. */
    public URI geyser() {
        return URI.create("http://127.0.0.1:" + geyser.port());
    }

    public List<String> endpoints() {
        return Stream.concat(endpoints.keySet().stream(), Stream.of(GEYSER)).toList();
    }

    /** Behaves so from now on, at all endpoints but the second node. */
    public void play(Scenario scenario) {
        play(Behaviour.of(scenario));
    }

    /** Behaves so from now on, at all endpoints that can but the second node; the gRPC service is well if it cannot. */
    public void play(Behaviour behaviour) {
        if (behaviour.scenario().isOfStreams()) {
            geyser.play(behaviour.scenario());
            return;
        }
        List.of(NODE, QUOTES_A, QUOTES_B).forEach(name -> play(name, behaviour));
        geyser.play(Scenario.NORMAL);
    }

    /**
     * Behaves so from now on, at one endpoint.
     *
     * @throws IllegalArgumentException if there is no such endpoint, or it does not play that
     */
    public void play(String endpoint, Behaviour behaviour) {
        if (!playable(endpoint).contains(behaviour.scenario())) {
            throw new IllegalArgumentException("the endpoint does not play this scenario");
        }
        if (endpoint.equals(GEYSER)) {
            geyser.play(behaviour.scenario());
            return;
        }
        Endpoint found = endpoints.get(endpoint);
        if (found == null) {
            throw new IllegalArgumentException("there is no such endpoint");
        }
        found.play(behaviour);
    }

    /** What that endpoint can play. */
    public static List<Scenario> playable(String endpoint) {
        boolean isGeyser = endpoint.equals(GEYSER);
        return Arrays.stream(Scenario.values())
                .filter(scenario -> scenario.isOfStreams() == isGeyser || (isGeyser && scenario == Scenario.NORMAL))
                .toList();
    }

    public Status status() {
        Map<String, EndpointStatus> each = new LinkedHashMap<>();
        endpoints.forEach((name, endpoint) -> each.put(name, endpoint.status()));
        each.put(GEYSER, geyser.status());
        return new Status(
                chain.slot(),
                ledger.count(),
                ledger.duplicates(),
                each.values().stream().mapToInt(EndpointStatus::frozen).sum(),
                each);
    }

    @Override
    public void close() {
        geyser.close();
        server.stop(0);
        answers.shutdownNow();
        readers.shutdownNow();
    }

    private void serveNode(Endpoint endpoint, String path) {
        JsonRpc rpc = new JsonRpc(json, new Methods(endpoint, ledger).byName());
        server.createContext(
                path, exchange -> endpoint.receive(exchange, "POST", path, body -> Answer.ok(rpc.answer(body))));
    }

    private void serveQuotes(Endpoint endpoint, String base, QuoteApi quotes) {
        server.createContext(
                base + "quote",
                exchange -> endpoint.receive(
                        exchange,
                        "GET",
                        base + "quote",
                        body -> quotes.quote(exchange.getRequestURI(), endpoint.slot())));
        server.createContext(
                base + "swap",
                exchange ->
                        endpoint.receive(exchange, "POST", base + "swap", body -> quotes.swap(body, endpoint.slot())));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
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
     * The simulator as its operator sees it.
     *
     * @param slot the chain's
     * @param transactions transactions executed, each order once
     * @param duplicates transactions sent again, the same one or another for the same order
     * @param frozen requests that hang
     */
    public record Status(
            long slot, long transactions, long duplicates, int frozen, Map<String, EndpointStatus> endpoints) {

        /** What the endpoint of that name plays. */
        public String scenario(String endpoint) {
            EndpointStatus status = endpoints.get(endpoint);
            return status == null ? "" : status.scenario();
        }
    }
}

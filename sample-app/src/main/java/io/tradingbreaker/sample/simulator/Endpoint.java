package io.tradingbreaker.sample.simulator;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One address with a behaviour of its own.
 *
 * <p>An answer that waits holds no thread, so that a freeze can hold thousands of requests. A request is executed when it
 * is answered; one that was frozen is answered with 503 in the end and never executed. Thread-safe.
 */
final class Endpoint {

    private static final int LARGEST_BODY = 50 * 1024;
    private static final int MOST_FROZEN = 10_000;
    private static final int LAG = 40;
    private static final int CACHED_SLOTS = 5;

    private final String name;
    private final SlotClock chain;
    private final double medianMillis;
    private final Executor answers;
    private final Queue<HttpExchange> frozen = new ConcurrentLinkedQueue<>();
    private final AtomicInteger frozenCount = new AtomicInteger();
    private final AtomicLong requests = new AtomicLong();
    private volatile Play play;

    Endpoint(String name, SlotClock chain, double medianMillis, Executor answers) {
        this.name = name;
        this.chain = chain;
        this.medianMillis = medianMillis;
        this.answers = answers;
        play = started(Behaviour.of(Scenario.NORMAL));
    }

    String name() {
        return name;
    }

    /** Behaves so from now on; requests that hang are answered with 503, unless this is a freeze. */
    void play(Behaviour next) {
        play = started(next);
        releaseFrozen();
    }

    /** The slot that this endpoint is at. */
    long slot() {
        Play now = play;
        return switch (now.behaviour.scenario()) {
            case FROZEN_SLOT -> now.startSlot;
            case LAGGING -> chain.slot() - LAG;
            default -> chain.slot();
        };
    }

    /** What getSlot answers. */
    long shownSlot() {
        long slot = slot();
        return play.behaviour.scenario() == Scenario.CACHED_SLOT ? slot - slot % CACHED_SLOTS : slot;
    }

    /** What getHealth and sendTransaction answer; null while the node is well. */
    @Nullable
    RpcError illness() {
        Behaviour now = play.behaviour;
        return now.scenario() == Scenario.UNHEALTHY ? RpcError.unhealthy(now.slotsBehind()) : null;
    }

    EndpointStatus status() {
        return new EndpointStatus(play.behaviour.scenario().code(), slot(), requests.get(), frozenCount.get());
    }

    void receive(HttpExchange exchange, String method, String path, Action action) throws IOException {
        requests.incrementAndGet();
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (!exchange.getRequestURI().getPath().equals(path)) {
            Answer.status(404).writeTo(exchange);
        } else if (!exchange.getRequestMethod().equals(method)) {
            new Answer(405, null, Map.of("Allow", method)).writeTo(exchange);
        } else if (body.length > LARGEST_BODY) {
            Answer.status(413).writeTo(exchange);
        } else {
            later(play.latency.next(), exchange, () -> action.answer(body));
        }
    }

    private Play started(Behaviour next) {
        return new Play(next, next.latency(medianMillis), chain.slot(), System.nanoTime());
    }

    private void later(Duration delay, HttpExchange exchange, Supplier<Answer> answer) {
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, answers)
                .execute(() -> finish(exchange, answer));
    }

    private void finish(HttpExchange exchange, Supplier<Answer> answer) {
        Play now = play;
        switch (now.behaviour.scenario()) {
            case FREEZE -> freeze(exchange);
            case ERRORS -> Answer.status(500).writeTo(exchange);
            case RATE_LIMIT -> RateLimit.answer(now.startNanos, answer).writeTo(exchange);
            default -> answer.get().writeTo(exchange);
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
        while (play.behaviour.scenario() != Scenario.FREEZE) {
            HttpExchange exchange = frozen.poll();
            if (exchange == null) {
                return;
            }
            frozenCount.decrementAndGet();
            later(Duration.ZERO, exchange, () -> Answer.status(503));
        }
    }

    /** What is done with a request's body. */
    @FunctionalInterface
    interface Action {

        Answer answer(byte[] body);
    }

    /** A behaviour that has begun. */
    private record Play(Behaviour behaviour, LatencyModel latency, long startSlot, long startNanos) {}
}

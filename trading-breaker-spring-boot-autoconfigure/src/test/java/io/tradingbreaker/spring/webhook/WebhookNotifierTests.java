package io.tradingbreaker.spring.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Over real HTTP. */
@ExtendWith(OutputCaptureExtension.class)
class WebhookNotifierTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int HANG = -1;

    private final ManualScheduler time = new ManualScheduler();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final List<String> results = new CopyOnWriteArrayList<>();
    private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private HttpServer server;
    private WebhookNotifier webhook;
    private BreakerRegistry registry;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void close() {
        release.countDown();
        if (webhook != null) {
            webhook.close();
        }
        server.stop(0);
        workers.shutdownNow();
    }

    @Test
    void transition_isPostedAsJson() {
        start(server.getAddress().getPort(), 3, 10);
        registry.breaker("node").halt("fat \"finger\"", "alice");
        time.runDue();

        await().atMost(PATIENCE).until(() -> results.equals(List.of("node DELIVERED")));
        Map<String, Object> body = JsonParserFactory.getJsonParser().parseMap(bodies.get(0));
        assertThat(body.keySet())
                .containsExactly(
                        "breaker", "sequence", "at", "from", "to", "rule", "message", "observed", "limit", "actor");
        assertThat(body)
                .containsEntry("breaker", "node")
                .containsEntry("from", "CLOSED")
                .containsEntry("to", "HALTED")
                .containsEntry("rule", "halt")
                .containsEntry("message", "fat \"finger\"")
                .containsEntry("actor", "alice");
        assertThat(paths).containsExactly("/hook?key=hunter2");
        assertThat(authorizations).containsExactly("Basic dXNlcjpodW50ZXIy x-secret=hunter2");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429})
    void failureForTheMoment_isTriedAgainWithTheSameKey(int status) {
        statuses.addAll(List.of(status, status));
        start(server.getAddress().getPort(), 3, 10);
        halt("node");

        await().atMost(PATIENCE).until(() -> results.equals(List.of("node DELIVERED")));
        assertThat(bodies).hasSize(3);
        assertThat(Set.copyOf(keys)).hasSize(1);
    }

    @Test
    void noAnswer_isTriedAgain() {
        statuses.add(HANG);
        start(server.getAddress().getPort(), 20, 10, Duration.ofMillis(500));
        halt("node");

        await().atMost(PATIENCE).until(() -> results.equals(List.of("node DELIVERED")));
        assertThat(bodies).hasSizeBetween(2, 20);
        assertThat(Set.copyOf(keys)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 404})
    void refusalForGood_isNotTriedAgain(int status, CapturedOutput output) {
        statuses.add(status);
        start(server.getAddress().getPort(), 3, 10);
        halt("node");
        halt("other");

        await().atMost(PATIENCE).until(() -> results.equals(List.of("node FAILED", "other DELIVERED")));
        assertThat(bodies).as("no redirect is followed").hasSize(2);
        assertThat(Set.copyOf(keys)).hasSize(2);
        assertThat(output)
                .contains("http://127.0.0.1:" + server.getAddress().getPort() + " was not told")
                .contains("HTTP " + status + ", attempt 1")
                .doesNotContain("hunter2");
    }

    @Test
    void nobodyThere_givenUpAfterTheAttempts(CapturedOutput output) throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        start(closed, 2, 10);
        halt("node");

        await().atMost(PATIENCE).until(() -> results.equals(List.of("node FAILED")));
        assertThat(output)
                .contains("no answer (ConnectException), attempt 2")
                .doesNotContain("hunter2")
                .doesNotContain("\tat ");
    }

    @Test
    void stateThatIsNotNamed_isNotTold() {
        start(server.getAddress().getPort(), 3, 10);
        registry.breaker("node").trip("test", null);
        time.advance(Duration.ofSeconds(31));
        assertThat(registry.breaker("node").state()).isEqualTo(BreakerState.HALF_OPEN);
        registry.breaker("node").reset("test", null);
        time.runDue();

        await().atMost(PATIENCE).until(() -> results.size() == 2);
        assertThat(bodies).noneMatch(body -> body.contains("\"to\":\"HALF_OPEN\""));
    }

    @Test
    void tooManyWaiting_eldestGivesWay() {
        statuses.add(HANG);
        start(server.getAddress().getPort(), 3, 2);
        halt("a");
        await().atMost(PATIENCE).until(() -> bodies.size() == 1);
        halt("b");
        halt("c");
        halt("d");

        assertThat(results).containsExactly("b DROPPED");
        release.countDown();
        await().atMost(PATIENCE).until(() -> results.size() == 4);
        assertThat(results).containsExactly("b DROPPED", "a DELIVERED", "c DELIVERED", "d DELIVERED");
    }

    @Test
    void closing_sendsWhatWaitsAndDropsWhatIsLeft() {
        start(server.getAddress().getPort(), 3, 10);
        halt("a");
        halt("b");
        webhook.close();
        assertThat(results).containsExactly("a DELIVERED", "b DELIVERED");

        halt("late");
        assertThat(results).endsWith("late DROPPED");
    }

    @Test
    void closingWhileTheServerHangs_endsSoon() {
        statuses.addAll(List.of(HANG, HANG, HANG, HANG, HANG, HANG, HANG, HANG, HANG, HANG, HANG, HANG));
        start(server.getAddress().getPort(), 20, 10, Duration.ofMillis(500));
        halt("a");
        halt("b");
        await().atMost(PATIENCE).until(() -> !bodies.isEmpty());

        webhook.close();
        await().atMost(PATIENCE).until(() -> results.size() == 2);
        assertThat(results).containsExactlyInAnyOrder("a DROPPED", "b DROPPED");
    }

    private void start(int port, int attempts, int queueSize) {
        start(port, attempts, queueSize, Duration.ofSeconds(20));
    }

    private void start(int port, int attempts, int queueSize, Duration timeout) {
        WebhookSettings settings = new WebhookSettings(
                URI.create("http://user:hunter2@127.0.0.1:" + port + "/hook?key=hunter2"),
                timeout,
                attempts,
                queueSize,
                Map.of("X-Secret", "hunter2"),
                Set.of(BreakerState.OPEN, BreakerState.HALTED, BreakerState.CLOSED));
        assertThat(settings).hasToString("WebhookSettings[http://127.0.0.1:" + port + "]");
        webhook = new WebhookNotifier(settings, Duration.ofMillis(10));
        webhook.onResult((breaker, result) -> results.add(breaker + " " + result));
        registry = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .listeners(List.of(webhook))
                .build();
    }

    private void halt(String name) {
        registry.breaker(name).halt("test", null);
        time.runDue();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            authorizations.add(exchange.getRequestHeaders().getFirst("Authorization") + " x-secret="
                    + exchange.getRequestHeaders().getFirst("X-Secret"));
            paths.add(exchange.getRequestURI().toString());
            Integer status = statuses.poll();
            if (status != null && status == HANG) {
                release.await();
            }
            if (status != null && status == 302) {
                exchange.getResponseHeaders().set("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status == null || status == HANG ? 204 : status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.tradingbreaker.spring.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.spring.probe.ProbeSettings.Require;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against real servers on loopback. */
@Timeout(60)
class SolanaProbeTests {

    private final SettingsOf settings = new SettingsOf();
    private NodeServer node;

    @BeforeEach
    void start() throws Exception {
        node = new NodeServer();
        settings.type = "solana-rpc";
        // A machine that is busy should not make a node look slow.
        settings.latencyLimit = Duration.ofSeconds(5);
        settings.requestTimeout = Duration.ofSeconds(5);
        settings.timeout = Duration.ofSeconds(10);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private HealthStatus checked(URI... endpoints) throws Exception {
        try (ProbeBench bench = new ProbeBench(settings, List.of(), endpoints)) {
            return bench.check();
        }
    }

    private void assertUnhealthy(HealthStatus status, String details) {
        assertThat(status.healthy()).isFalse();
        assertThat(status.details()).contains(details).doesNotContain("hunter2");
    }

    @Test
    void liveNode_isHealthyWithSlotAndLatency() throws Exception {
        HealthStatus status = checked(node.uri("http", "/hunter2hunter2?api-key=hunter2"));

        assertThat(status.healthy()).isTrue();
        assertThat(status.latency()).isPositive().isLessThan(settings.latencyLimit);
        assertThat(status.details()).matches("http://127\\.0\\.0\\.1:\\d+ \\d+ ms, slot 250\\d{6}");
        assertThat(node.lastHeaders).startsWith("POST /hunter2hunter2?api-key=hunter2 ");
    }

    @Test
    void secrets_areSent() throws Exception {
        settings.token = "hunter2";
        settings.headers = Map.of("X-Api-Key", "hunter3");
        assertThat(checked(URI.create(node.uri().toString().replace("//", "//bob:hunter4@")))
                        .healthy())
                .isTrue();
        assertThat(node.lastHeaders)
                .containsIgnoringCase("x-token=[hunter2]")
                .containsIgnoringCase("x-api-key=[hunter3]")
                .containsIgnoringCase("authorization=[Basic Ym9iOmh1bnRlcjQ=]");
    }

    @Test
    void requiredSuccesses_areThatManyLooks() throws Exception {
        settings.requiredSuccesses = 4;
        HealthStatus status = checked(node.uri());
        assertThat(status.healthy()).as(status.details()).isTrue();
        assertThat(node.requests.get()).isGreaterThanOrEqualTo(2 * 4);
    }

    @Test
    void slowNode_isUnhealthy() throws Exception {
        settings.latencyLimit = Duration.ofMillis(200);
        node.slow(250);
        assertUnhealthy(checked(node.uri()), "the limit is 200 ms");
    }

    @Test
    void hungNode_isUnhealthyInTime() throws Exception {
        settings.requestTimeout = Duration.ofMillis(300);
        node.hang();
        long began = System.nanoTime();
        assertUnhealthy(checked(node.uri()), "no answer within 300 ms");
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }

    @Test
    void headersWithoutABody_areNoAnswer() throws Exception {
        settings.requestTimeout = Duration.ofMillis(300);
        node.hangAfterHeaders();
        assertUnhealthy(checked(node.uri()), "no answer within 300 ms");
    }

    @Test
    void endlessBody_isUnhealthyAndNotRead() throws Exception {
        node.endless();
        assertUnhealthy(checked(node.uri()), "getHealth: the answer is over 64 KiB");
    }

    @Test
    void refusedConnection_isUnhealthy() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertUnhealthy(checked(URI.create("http://127.0.0.1:" + port + "/hunter2")), "no connection");
    }

    @Test
    void nameThatDoesNotExist_isUnhealthy() throws Exception {
        settings.requestTimeout = Duration.ofSeconds(3);
        HealthStatus status = checked(URI.create("http://hunter3.invalid/hunter2"));
        assertUnhealthy(status, "http://hunter3.invalid ");
    }

    @Test
    void untrustedCertificate_isUnhealthy(@TempDir Path directory) throws Exception {
        settings.requestTimeout = Duration.ofSeconds(3);
        try (NodeServer https = NodeServer.withUntrustedCertificate(directory)) {
            assertUnhealthy(checked(https.uri()), "the TLS connection failed (SSLHandshakeException)");
        }
    }

    @Test
    void plainServerBehindHttps_isUnhealthy() throws Exception {
        settings.requestTimeout = Duration.ofSeconds(3);
        assertUnhealthy(checked(node.uri("https", "/hunter2")), "https://127.0.0.1:");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"code":-32005,"message":"Node is behind by 42 slots","data":{"numSlotsBehind":42}}  | the node is 42 slots behind
            {"code":-32005,"message":"Node is unhealthy","data":{"numSlotsBehind":null}}         | the node is unhealthy, its lag unknown
            {"code":-32005,"message":"Node is unhealthy"}                                        | the node is unhealthy, its lag unknown
            {"code":-32603,"message":"key hunter2hunter2\\nforged"}                              | error -32603, key ****** forged
            {"message":"x"}                                                                      | an error without a code
            "text"                                                                               | did not answer ok
            """)
    void rpcError_isUnhealthyInClearWords(String error, String words) throws Exception {
        node.error(error);
        settings.token = "hunter2hunter2";
        assertUnhealthy(checked(node.uri()), words);
    }

    @Test
    void secretThatIsCut_isNotShownInPart() throws Exception {
        settings.token = "hunter2".repeat(6);
        node.error("{\"code\":-1,\"message\":\"" + "x".repeat(120) + " " + settings.token + "\"}");
        assertUnhealthy(checked(node.uri()), "x ******");
    }

    @Test
    void credentialsThatTheServerRepeats_areNotShown() throws Exception {
        node.behaviour = (exchange, id, method) -> NodeServer.send(
                exchange,
                200,
                "{\"error\":{\"code\":-1,\"message\":\"refused "
                        + exchange.getRequestHeaders().getFirst("Authorization") + "\"}}");
        HealthStatus status = checked(URI.create(node.uri().toString().replace("//", "//bob:hunter4@")));
        assertUnhealthy(status, "error -1, refused Basic ******");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <html>hunter2</html>                                | no JSON object
            []                                                  | no JSON object
            {"jsonrpc":"2.0","result":"ok","id":999999}         | the answer is to another request
            {"jsonrpc":"2.0","result":"ok"}                     | the answer is to another request
            {"jsonrpc":"2.0","result":"ok","id":"1"}            | the answer is to another request
            """)
    void garbage_isUnhealthy(String body, String words) throws Exception {
        node.behaviour = (exchange, id, method) -> NodeServer.send(exchange, 200, body);
        assertUnhealthy(checked(node.uri()), words);
    }

    @Test
    void deepNesting_isNotParsed() throws Exception {
        node.behaviour = (exchange, id, method) -> NodeServer.send(exchange, 200, "{\"a\":" + "[".repeat(60_000));
        assertUnhealthy(checked(node.uri()), "nested too deeply");
    }

    @ParameterizedTest
    @CsvSource({"-1", "1.5", "18446744073709551615", "null", "'\"250000000\"'", "{}"})
    void slotThatIsNone_isUnhealthy(String slot) throws Exception {
        node.behaviour =
                (exchange, id, method) -> NodeServer.result(exchange, id, method.equals("getSlot") ? slot : "\"ok\"");
        assertUnhealthy(checked(node.uri()), "getSlot did not answer a slot");
    }

    @Test
    void errorStatus_isUnhealthy() throws Exception {
        node.status(503);
        assertUnhealthy(checked(node.uri()), "getHealth: HTTP 503");
    }

    @Test
    void redirect_isNotFollowed() throws Exception {
        try (NodeServer elsewhere = new NodeServer()) {
            node.behaviour = (exchange, id, method) -> {
                exchange.getResponseHeaders().add("Location", elsewhere.uri().toString());
                NodeServer.send(exchange, 307, "");
            };
            assertUnhealthy(checked(node.uri()), "HTTP 307");
            assertThat(elsewhere.requests).hasValue(0);
        }
    }

    @Test
    void frozenSlotBehindFastAnswers_isUnhealthy() throws Exception {
        node.slot = () -> 250_000_000;
        HealthStatus status = checked(node.uri());
        assertUnhealthy(status, "slot 250000000 has not advanced for ");
        assertThat(status.latency()).isLessThan(settings.latencyLimit);
    }

    @Test
    void cachedSlot_isUnhealthyOnceItIsTooOld() throws Exception {
        AtomicLong cached = new AtomicLong(250_000_000);
        node.slot = cached::get;
        settings.interval = Duration.ofMillis(50);
        settings.maxSlotAge = Duration.ofMillis(500);
        try (ProbeBench bench = new ProbeBench(settings, List.of(), node.uri())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> node.requests.get() > 4);
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                cached.incrementAndGet();
                return bench.check().healthy();
            });
            long last = cached.get();
            await().atMost(Duration.ofSeconds(30)).until(() -> !bench.check().healthy());
            assertUnhealthy(bench.check(), "slot " + last + " has not advanced for ");
            // What the cache then shows is as new as any other node's.
            cached.addAndGet(5);
            assertUnhealthy(bench.check(), "slot " + (last + 5) + " has not advanced for ");
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                cached.incrementAndGet();
                return bench.check().healthy();
            });
        }
    }

    @Test
    void laggingNode_isUnhealthyThoughItMoves() throws Exception {
        try (NodeServer lagging = new NodeServer()) {
            lagging.slot = () -> node.moving() - 1_000;
            assertUnhealthy(checked(lagging.uri(), node.uri()), " behind the best known");

            settings.require = Require.ANY;
            HealthStatus any = checked(lagging.uri(), node.uri());
            assertThat(any.healthy()).isTrue();
            assertThat(any.details())
                    .startsWith("http://127.0.0.1:" + node.uri().getPort() + " ");
        }
    }

    @Test
    void lagBehindASlotSource_isUnhealthy() throws Exception {
        SlotSource failing = () -> {
            throw new IllegalStateException();
        };
        SlotSource ahead = () -> node.moving() + 1_000;
        try (ProbeBench bench = new ProbeBench(settings, List.of(failing, ahead), node.uri())) {
            assertUnhealthy(bench.check(), " behind the best known");
        }
    }

    @Test
    void slotFromTheFuture_doesNotMakeTheOthersLag() throws Exception {
        try (NodeServer wrong = new NodeServer()) {
            wrong.slot = () -> Long.MAX_VALUE;
            settings.require = Require.ANY;
            settings.interval = Duration.ofMillis(50);
            settings.maxSlotAge = Duration.ofMillis(500);
            try (ProbeBench bench = new ProbeBench(settings, List.of(), wrong.uri(), node.uri())) {
                await().atMost(Duration.ofSeconds(30)).until(() -> bench.check().healthy());
            }
        }
    }

    @Test
    void hungEndpoint_holdsUpNoOther() throws Exception {
        settings.require = Require.ANY;
        settings.timeout = Duration.ofSeconds(20);
        settings.requestTimeout = Duration.ofSeconds(20);
        settings.latencyLimit = Duration.ofSeconds(20);
        try (NodeServer hung = new NodeServer()) {
            hung.hang();
            long began = System.nanoTime();
            assertThat(checked(hung.uri(), node.uri()).healthy()).isTrue();
            assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(15));
        }
    }

    @Test
    void allOfSeveral_needsEveryOne() throws Exception {
        try (NodeServer second = new NodeServer()) {
            HealthStatus both = checked(node.uri(), second.uri());
            assertThat(both.healthy()).isTrue();
            assertThat(both.details()).startsWith("2 endpoints, the slowest ");
            second.status(500);
            assertUnhealthy(
                    checked(node.uri(), second.uri()),
                    "127.0.0.1:" + second.uri().getPort() + " getHealth: HTTP 500");
        }
    }

    @Test
    void anyWithoutOne_isUnhealthy() throws Exception {
        settings.require = Require.ANY;
        node.status(500);
        assertUnhealthy(checked(node.uri(), node.uri("http", "/other")), "HTTP 500; http://");
    }

    @Test
    void interruptedCheck_endsAtOnce() throws Exception {
        settings.timeout = Duration.ofSeconds(50);
        settings.requestTimeout = Duration.ofSeconds(50);
        node.hang();
        try (ProbeBench bench = new ProbeBench(settings, List.of(), node.uri())) {
            CompletableFuture<Object> end = new CompletableFuture<>();
            Thread asking = new Thread(() -> {
                try {
                    end.complete(bench.check());
                } catch (Exception e) {
                    end.complete(e);
                }
            });
            asking.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> node.requests.get() == 1);
            asking.interrupt();
            assertThat(end.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void closedClient_leavesNoThread() throws Exception {
        assertThat(checked(node.uri()).healthy()).isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc(); // on Java 17, what ends an HTTP client
            return ProbeBench.threads("HttpClient-").isEmpty();
        });
    }

    @Test
    void closedProbe_isUnhealthy() throws Exception {
        ProbeBench bench = new ProbeBench(settings, List.of(), node.uri());
        bench.close();
        assertUnhealthy(bench.check(), "closed");
    }
}

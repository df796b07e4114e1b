package io.tradingbreaker.spring.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.InvalidConfigException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a real server on loopback. */
@Timeout(60)
class HttpProbeTests {

    private final SettingsOf settings = new SettingsOf();
    private NodeServer server;

    @BeforeEach
    void start() throws Exception {
        server = new NodeServer();
        settings.latencyLimit = Duration.ofSeconds(5);
        settings.requestTimeout = Duration.ofSeconds(5);
        settings.timeout = Duration.ofSeconds(10);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HealthStatus checked(URI endpoint) throws Exception {
        try (ProbeBench bench = new ProbeBench(settings, List.of(), endpoint)) {
            return bench.check();
        }
    }

    @Test
    void expectedStatus_isHealthy() throws Exception {
        settings.method = "HEAD";
        settings.expectedStatus = Set.of(200, 204);
        server.status(204);
        HealthStatus status = checked(server.uri("http", "/health?hunter2"));
        assertThat(status.healthy()).isTrue();
        assertThat(status.details()).matches("http://127\\.0\\.0\\.1:\\d+ \\d+ ms, HTTP 204");
        assertThat(server.lastHeaders).startsWith("HEAD /health?hunter2 ");
    }

    @Test
    void anotherStatus_isUnhealthy() throws Exception {
        server.status(204);
        HealthStatus status = checked(server.uri());
        assertThat(status.healthy()).isFalse();
        assertThat(status.details()).endsWith(" HTTP 204");
    }

    @Test
    void endlessBody_isUnhealthy() throws Exception {
        server.endless();
        assertThat(checked(server.uri()).details()).endsWith("the answer is over 64 KiB");
    }

    @Test
    void bodyThatNeverComes_isUnhealthy() throws Exception {
        settings.requestTimeout = Duration.ofMillis(300);
        server.hangAfterHeaders();
        assertThat(checked(server.uri()).details()).endsWith("no answer within 300 ms");
    }

    @Test
    void hungServer_isLookedAtOnceAtATime() throws Exception {
        settings.interval = Duration.ofMillis(50);
        settings.requestTimeout = Duration.ofMillis(500);
        server.hang();
        try (ProbeBench bench = new ProbeBench(settings, List.of(), server.uri())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> server.requests.get() >= 3);
            assertThat(bench.check().healthy()).isFalse();
            assertThat(ProbeBench.threads("trading-breaker-probe-look-")).hasSize(1);
        }
    }

    @Test
    void breakerMadeAfterTheProbesWereClosed_isNotLookedAt() throws Exception {
        settings.interval = Duration.ofMillis(50);
        try (ProbeBench bench = new ProbeBench(settings, List.of(), server.uri())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> server.requests.get() > 1);
            bench.probes.close();
            int before = requestsOnceTheLastIsIn();
            bench.makeLater("late");
            await().atMost(Duration.ofSeconds(30))
                    .during(Duration.ofMillis(300))
                    .until(() -> server.requests.get() == before);
        }
    }

    /** One may have been under way when the probes were closed. */
    private int requestsOnceTheLastIsIn() {
        AtomicInteger seen = new AtomicInteger(-1);
        await().atMost(Duration.ofSeconds(30)).during(Duration.ofMillis(200)).until(() -> {
            int now = server.requests.get();
            return seen.getAndSet(now) == now;
        });
        return seen.get();
    }

    @Test
    void headerThatTheClientSetsItself_isRefusedWithoutItsValue() {
        settings.headers = Map.of("Host", "hunter2");
        ProbeSettings merged = settings.at(List.of(server.uri()));
        assertThatThrownBy(() -> new HttpLooks(new ProbeHttp()).open(merged, server.uri()))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("probe.headers.host is ******")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void settings_showNoSecret() {
        settings.token = "hunter2";
        settings.headers = Map.of("X-Api-Key", "hunter2");
        ProbeSettings merged = settings.at(List.of(URI.create("https://bob:hunter2@node:8899/hunter2?k=hunter2")));
        assertThat(merged.toString()).contains("https://node:8899").doesNotContain("hunter2", "bob");
        assertThat(new OpenProbe(merged, List.of()).toString()).doesNotContain("hunter2");
    }
}

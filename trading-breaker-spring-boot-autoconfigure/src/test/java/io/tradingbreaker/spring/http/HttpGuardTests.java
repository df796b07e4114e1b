package io.tradingbreaker.spring.http;

import static io.tradingbreaker.spring.http.RawServer.sends;
import static io.tradingbreaker.spring.http.RawServer.status;
import static io.tradingbreaker.spring.http.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Intent;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.aop.GuardedCall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpMethod;

/** Each client against a real server that does what servers do. */
class HttpGuardTests {

    private static final Duration SHORT = Duration.ofMillis(300);

    private final Guarded guarded = new Guarded(Duration.ofSeconds(1));
    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        guarded.close();
    }

    @ParameterizedTest
    @EnumSource
    void answer_isSuccess(Client client) {
        assertThat(client.get(server.url("/quote"), guarded.guards)).isEqualTo("hello");
        guarded.assertEnded(1, 0, 0);
        assertThat(guarded.samples()).isOne();
        assertThat(guarded.slow()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void slowBody_isSlowCall(Client client) {
        server.answers((request, out) -> {
            write(out, status(200, "Content-Length: 5") + "he");
            guarded.time.advance(Duration.ofMillis(240));
            write(out, "llo");
        });
        assertThat(client.get(server.url("/quote"), guarded.guards)).isEqualTo("hello");
        guarded.assertEnded(1, 0, 0);
        assertThat(guarded.slow()).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void serverError_isFailure(Client client) {
        server.answers((request, out) -> write(out, status(503, "Content-Length: 4") + "busy"));
        assertFails(client, server.url("/quote"));
        guarded.assertEnded(0, 1, 0);
    }

    @ParameterizedTest
    @EnumSource
    void rateLimitBurst_neitherOutcomeNorSampleThoughSlow(Client client) {
        server.answers((request, out) -> {
            guarded.time.advance(Duration.ofMillis(240));
            write(out, status(429, "Content-Length: 4") + "slow");
        });
        for (int i = 0; i < 20; i++) {
            assertFails(client, server.url("/quote"));
        }
        guarded.assertEnded(0, 0, 20);
        assertThat(guarded.samples()).isZero();
        assertThat(guarded.slow()).isZero();
        assertThat(guarded.breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @ParameterizedTest
    @EnumSource
    void rateLimitWithBodyThatHangs_endsAtItsStatus(Client client) {
        server.answers((request, out) -> {
            write(out, status(429, "Content-Length: 4"));
            server.hang();
        });
        assertThatThrownBy(() -> client.send(HttpMethod.GET, server.url("/quote"), guarded.guards, SHORT))
                .isInstanceOf(RuntimeException.class);
        guarded.assertEnded(0, 0, 1);
        assertThat(guarded.samples()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void hungBeforeHeaders_isFailureOnceTimedOut(Client client) {
        server.answers((request, out) -> server.hang());
        assertThatThrownBy(() -> client.send(HttpMethod.GET, server.url("/quote"), guarded.guards, SHORT))
                .isInstanceOf(RuntimeException.class);
        guarded.assertEnded(0, 1, 0);
    }

    @ParameterizedTest
    @EnumSource
    void hungInBody_isFailureOnceTimedOut(Client client) {
        server.answers((request, out) -> {
            write(out, status(200, "Content-Length: 5") + "he");
            server.hang();
        });
        assertThatThrownBy(() -> client.send(HttpMethod.GET, server.url("/quote"), guarded.guards, SHORT))
                .isInstanceOf(RuntimeException.class);
        guarded.assertEnded(0, 1, 0);
    }

    @ParameterizedTest
    @EnumSource
    void hungCall_tripsWhileItHangs(Client client) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (Guarded watched = new Guarded(Duration.ofMillis(20))) {
            server.answers((request, out) -> {
                asked.countDown();
                assertThat(answer.await(30, TimeUnit.SECONDS)).isTrue();
                sends("late").answer(request, out);
            });
            Thread caller = new Thread(() -> client.get(server.url("/quote"), watched.guards));
            caller.start();
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            watched.time.advance(Duration.ofMillis(1_020));
            assertThat(watched.breaker.state()).isEqualTo(BreakerState.OPEN);
            answer.countDown();
            caller.join(30_000);
            watched.assertEnded(1, 0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectionRefused_isFailure(Client client) throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertFails(client, "http://127.0.0.1:" + port + "/quote");
        guarded.assertEnded(0, 1, 0);
    }

    @ParameterizedTest
    @EnumSource
    void tlsFailure_isFailure(Client client) {
        server.answers((request, out) -> write(out, "this is no handshake"));
        assertFails(client, "https://127.0.0.1:" + server.port() + "/quote");
        guarded.assertEnded(0, 1, 0);
    }

    @ParameterizedTest
    @EnumSource
    void garbage_isFailure(Client client) {
        server.answers((request, out) -> write(out, "\0\1\2 no HTTP at all\r\n\r\n"));
        assertFails(client, server.url("/quote"));
        guarded.assertEnded(0, 1, 0);
    }

    @ParameterizedTest
    @EnumSource
    void connectionClosedWithoutAnswer_isFailure(Client client) {
        server.answers((request, out) -> {});
        assertFails(client, server.url("/quote"));
        guarded.assertEnded(0, 1, 0);
    }

    @ParameterizedTest
    @EnumSource
    void truncatedBody_isFailure(Client client) {
        server.answers((request, out) -> write(out, status(200, "Content-Length: 100") + "he"));
        try {
            assertThat(client.get(server.url("/quote"), guarded.guards))
                    .as("HttpURLConnection sees nothing wrong")
                    .isEqualTo("he");
        } catch (RuntimeException expected) {
            // Of the other clients.
        }
        guarded.assertEnded(0, 1, 0);
    }

    @ParameterizedTest
    @EnumSource
    void truncatedChunks_areFailure(Client client) {
        server.answers((request, out) -> write(out, status(200, "Transfer-Encoding: chunked") + "64\r\nhe"));
        assertFails(client, server.url("/quote"));
        guarded.assertEnded(0, 1, 0);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEB_CLIENT")
    void bodyOfMegabytes_isReadAndSucceeds(Client client) {
        server.answers(sends("x".repeat(4 << 20)));
        assertThat(client.get(server.url("/quote"), guarded.guards)).hasSize(4 << 20);
        guarded.assertEnded(1, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void noContent_isSuccess(Client client) {
        server.answers((request, out) -> write(out, status(204)));
        assertThat(client.get(server.url("/quote"), guarded.guards)).isNull();
        server.answers(sends(200));
        assertThat(client.get(server.url("/quote"), guarded.guards)).isNullOrEmpty();
        server.answers((request, out) -> write(out, status(200, "Content-Length: 100")));
        client.send(HttpMethod.HEAD, server.url("/quote"), guarded.guards, Client.PATIENT);
        guarded.assertEnded(3, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void whileOpen_refusedUnwrappedAndNotSent(Client client) {
        guarded.breaker.trip("by hand", null);
        assertThatThrownBy(() -> client.get(server.url("/quote"), guarded.guards))
                .isInstanceOf(TradingPausedException.class);
        assertThat(server.requests()).isEmpty();
        assertThat(guarded.breaker.counters().rejected()).isOne();
        guarded.assertEnded(0, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void whileOpen_queriesPass(Client client) {
        guarded.breaker.trip("by hand", null);
        HttpGuards queries =
                new HttpGuards(List.of(HttpGuard.of("127.0.0.1").with(Intent.QUERY)), () -> guarded.registry);
        assertThat(client.get(server.url("/quote"), queries)).isEqualTo("hello");
        guarded.assertEnded(1, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void otherHost_isNotGuarded(Client client) {
        guarded.breaker.halt("stop", null);
        assertThat(client.get("http://localhost:" + server.port() + "/quote", guarded.guards))
                .isEqualTo("hello");
        guarded.assertEnded(0, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void callInsideGuardedCall_joinsIt(Client client) {
        Permit outer = guarded.breaker.acquire(Intent.OPEN_RISK);
        GuardedCall.enter(outer);
        try {
            assertThat(client.get(server.url("/quote"), guarded.guards)).isEqualTo("hello");
        } finally {
            GuardedCall.leave(null);
        }
        assertThat(guarded.breaker.counters().inFlight()).as("the outer call").isOne();
        outer.success();
        guarded.assertEnded(1, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void trialThatFails_opensAgain(Client client) {
        guarded.breaker.trip("by hand", null);
        guarded.time.advance(Duration.ofSeconds(30));
        assertThat(guarded.breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
        server.answers(sends(429));
        assertFails(client, server.url("/quote"));
        assertThat(guarded.breaker.state()).as("a slot given back").isEqualTo(BreakerState.HALF_OPEN);
        server.answers(sends(500));
        assertFails(client, server.url("/quote"));
        assertFails(client, server.url("/quote"));
        assertThat(guarded.breaker.state()).isEqualTo(BreakerState.OPEN);
        guarded.assertEnded(0, 2, 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT_SIMPLE", "REST_TEMPLATE"})
    void redirectThatIsFollowed_countsByItsLastStatus(Client client) {
        server.answers((request, out) -> {
            if (request.contains("/old")) {
                write(out, status(302, "Location: " + server.url("/new"), "Content-Length: 0"));
            } else {
                sends(500).answer(request, out);
            }
        });
        assertFails(client, server.url("/old"));
        guarded.assertEnded(0, 1, 0);
        assertThat(server.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"REST_CLIENT_JDK", "WEB_CLIENT"})
    void interruptedCall_isIgnored(Client client) throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        server.answers((request, out) -> {
            asked.countDown();
            server.hang();
        });
        Thread caller = new Thread(() -> {
            try {
                client.get(server.url("/quote"), guarded.guards);
            } catch (RuntimeException expected) {
                // Which one differs from client to client.
            }
        });
        caller.start();
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        // Before the headers: in a body, the JDK's client of Java 17 forgets an interrupt and reads on.
        caller.interrupt();
        caller.join(30_000);
        assertThat(caller.isAlive()).isFalse();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> guarded.breaker.counters().inFlight() == 0);
        guarded.assertEnded(0, 0, 1);
    }

    private void assertFails(Client client, String url) {
        assertThatThrownBy(() -> client.get(url, guarded.guards))
                .isInstanceOf(RuntimeException.class)
                .isNotInstanceOf(TradingPausedException.class);
    }
}

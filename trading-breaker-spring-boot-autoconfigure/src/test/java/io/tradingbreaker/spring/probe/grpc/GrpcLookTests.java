package io.tradingbreaker.spring.probe.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.spring.Line;
import io.tradingbreaker.spring.probe.Look;
import io.tradingbreaker.spring.probe.Sight;
import io.tradingbreaker.test.ManualScheduler;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a real server on loopback. */
class GrpcLookTests {

    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final YellowstoneLooks yellowstone = new YellowstoneLooks(BreakerClock.system());

    @AfterAll
    static void noThreadIsLeft() {
        Threads.awaitNoneLeft();
    }

    private Look lookAt(String address) {
        return yellowstone.open(Settings.plain(), URI.create(address));
    }

    @Test
    void slot_isSeenOverOneConnection() throws Exception {
        try (GeyserServer server = GeyserServer.answering(250_000_735, 250_000_737);
                Look look = lookAt(server.address())) {
            Sight first = look.look(PATIENT);
            assertThat(first.healthy()).isTrue();
            assertThat(first.slot()).isEqualTo(250_000_735);
            assertThat(first.latency()).isPositive().isLessThan(PATIENT);
            assertThat(look.look(PATIENT).slot()).isEqualTo(250_000_737);
            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void request_asksForTheSlotThatWasProcessed() throws Exception {
        try (GeyserServer server = GeyserServer.answering(1);
                Look look = lookAt(server.address())) {
            look.look(PATIENT);
            var commitment = Protocols.message("GetSlotRequest").findFieldByName("commitment");
            assertThat(server.requests.get(0).hasField(commitment)).isTrue();
            assertThat(server.requests.get(0).getField(commitment)).hasToString("PROCESSED");
        }
    }

    @Test
    void tokenAndHeaders_areSentAsMetadata_andTheTokenCounts() throws Exception {
        try (GeyserServer server = GeyserServer.answering(1);
                Look look = yellowstone.open(
                        Settings.of(Map.of("X-Token", "of-the-headers", "Authorization", "Bearer k"), "s3cret", ""),
                        URI.create(server.address() + "/"))) {
            assertThat(look.look(PATIENT).healthy()).isTrue();
            Metadata sent = server.metadata.get(0);
            assertThat(sent.getAll(Metadata.Key.of("x-token", Metadata.ASCII_STRING_MARSHALLER)))
                    .containsExactly("s3cret");
            assertThat(sent.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)))
                    .isEqualTo("Bearer k");
        }
    }

    @Test
    void latency_isTheRequests_withoutTheTimeToConnect() throws Exception {
        ManualScheduler time = new ManualScheduler();
        try (GeyserServer server = new GeyserServer((request, response) -> {
                    time.advance(Duration.ofMillis(150));
                    GeyserServer.answer(response, 1);
                });
                Line far = new Line(server.port(), () -> time.advance(Duration.ofSeconds(5)));
                Look look = new YellowstoneLooks(time.clock())
                        .open(Settings.plain(), URI.create("http://localhost:" + far.port()))) {
            assertThat(look.look(PATIENT).latency()).isEqualTo(Duration.ofMillis(150));
        }
    }

    @Test
    void hungServer_endsWithTheTimeout_andTheNextLookConnectsAnew() throws Exception {
        AtomicBoolean hangs = new AtomicBoolean(true);
        try (GeyserServer server = new GeyserServer((request, response) -> {
                    if (!hangs.getAndSet(false)) {
                        GeyserServer.answer(response, 1);
                    }
                });
                Look look = lookAt(server.address())) {
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> look.look(SHORT));
            assertThat(look.look(PATIENT).healthy()).isTrue();
            assertThat(server.connections).hasValue(2);
        }
    }

    @Test
    void serverThatHangsAfterItsMessage_hasNotAnswered() throws Exception {
        try (GeyserServer server = new GeyserServer((request, response) -> response.onNext(Protocols.slot(1)));
                Look look = lookAt(server.address())) {
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> look.look(SHORT));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UNAUTHENTICATED, 'UNAUTHENTICATED: token refused, or none sent'",
        "PERMISSION_DENIED, PERMISSION_DENIED: not allowed with this token",
        "UNIMPLEMENTED, UNIMPLEMENTED: the server does not offer this service",
        "RESOURCE_EXHAUSTED, RESOURCE_EXHAUSTED: slow down",
        "UNAVAILABLE, UNAVAILABLE: slow down",
        "INTERNAL, INTERNAL: slow down",
    })
    void refusal_isToldInOneLine(Status.Code code, String details) throws Exception {
        Status refusal = Status.fromCode(code).withDescription("slow down\nERROR forged");
        try (GeyserServer server = new GeyserServer((request, response) -> response.onError(refusal.asException()));
                Look look = lookAt(server.address())) {
            assertThat(look.look(PATIENT)).isEqualTo(Sight.unhealthy(details));
        }
    }

    @Test
    void longTextOfTheServer_isCut() throws Exception {
        Status refusal = Status.ABORTED.withDescription("🚀".repeat(500));
        try (GeyserServer server = new GeyserServer((request, response) -> response.onError(refusal.asException()));
                Look look = lookAt(server.address())) {
            assertThat(look.look(PATIENT).details()).isEqualTo("ABORTED: " + "🚀".repeat(100));
        }
    }

    @ParameterizedTest
    @CsvSource({"no such user: s3cret", "k3yk3y is over"})
    void textOfTheServerThatRepeatsASecret_isNotShown(String text) throws Exception {
        Status refusal = Status.INTERNAL.withDescription(text);
        try (GeyserServer server = new GeyserServer((request, response) -> response.onError(refusal.asException()));
                Look look = yellowstone.open(
                        Settings.of(Map.of("authorization", "Bearer k3yk3y"), "s3cret", ""),
                        URI.create(server.address()))) {
            assertThat(look.look(PATIENT)).isEqualTo(Sight.unhealthy("INTERNAL: no reason that can be shown"));
        }
    }

    @Test
    void interrupt_endsTheLookAndTheCall() throws Exception {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        try (GeyserServer server = new GeyserServer((request, response) -> {
                    response.setOnCancelHandler(() -> cancelled.complete(null));
                    arrived.complete(null);
                });
                Look look = lookAt(server.address())) {
            FutureTask<Sight> looking = new FutureTask<>(() -> look.look(Duration.ofMinutes(1)));
            Thread looker = new Thread(looking);
            looker.start();
            arrived.get(30, TimeUnit.SECONDS);
            looker.interrupt();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> looking.get(30, TimeUnit.SECONDS))
                    .withCauseInstanceOf(InterruptedException.class);
            cancelled.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void close_endsALookThatIsUnderWay_andAllLater() throws Exception {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        try (GeyserServer server = new GeyserServer((request, response) -> arrived.complete(null))) {
            Look look = lookAt(server.address());
            FutureTask<Sight> looking = new FutureTask<>(() -> look.look(Duration.ofMinutes(1)));
            new Thread(looking).start();
            arrived.get(30, TimeUnit.SECONDS);
            look.close();
            assertThat(looking.get(30, TimeUnit.SECONDS).healthy()).isFalse();
            assertThat(look.look(PATIENT)).isEqualTo(Sight.unhealthy("the probe is closed"));
            look.close();
        }
    }

    @Test
    void serverThatComesBack_isSeenByTheVeryNextLook() throws Exception {
        GeyserServer before = GeyserServer.answering(1);
        int port = before.port();
        try (Look look = lookAt(before.address())) {
            assertThat(look.look(PATIENT).slot()).isEqualTo(1);
            before.close();
            assertThat(isHealthy(look)).isFalse();
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> look.look(PATIENT)).hasRootCauseInstanceOf(ConnectException.class);
            }
            try (GeyserServer after =
                    new GeyserServer(port, null, (request, response) -> GeyserServer.answer(response, 2))) {
                assertThat(look.look(PATIENT).slot()).isEqualTo(2);
                assertThat(after.connections).hasValue(1);
            }
        }
    }

    /** A connection that ends is a refusal or an error, depending on who is faster. */
    private static boolean isHealthy(Look look) throws Exception {
        try {
            return look.look(PATIENT).healthy();
        } catch (StatusRuntimeException e) {
            return false;
        }
    }
}

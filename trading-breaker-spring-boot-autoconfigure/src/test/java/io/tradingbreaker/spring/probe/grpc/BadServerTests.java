package io.tradingbreaker.spring.probe.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.spring.probe.Look;
import io.tradingbreaker.spring.probe.Sight;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;

/** Looks at what is no Yellowstone server, or no longer one. */
class BadServerTests {

    private static final Duration PATIENT = Duration.ofSeconds(30);

    @AfterAll
    static void noThreadIsLeft() {
        Threads.awaitNoneLeft();
    }

    private static Sight lookAt(int port, Duration timeout) throws Exception {
        try (Look look = new YellowstoneLooks(BreakerClock.system())
                .open(Settings.plain(), URI.create("http://localhost:" + port))) {
            return look.look(timeout);
        }
    }

    private static Sight lookAtAnswer(DynamicMessage answer) throws Exception {
        try (GeyserServer server = new GeyserServer((request, response) -> {
            response.onNext(answer);
            response.onCompleted();
        })) {
            return lookAt(server.port(), PATIENT);
        }
    }

    private static DynamicMessage answerWith(int field, UnknownFieldSet.Field value) {
        return DynamicMessage.newBuilder(Protocols.message("GetSlotResponse"))
                .setUnknownFields(
                        UnknownFieldSet.newBuilder().addField(field, value).build())
                .build();
    }

    @Test
    void connectionRefused_isToldAtOnce() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThatThrownBy(() -> lookAt(free, PATIENT)).hasRootCauseInstanceOf(ConnectException.class);
    }

    @Test
    void serverThatAcceptsAndIsSilent_givesNoConnection() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> lookAt(silent.getLocalPort(), Duration.ofMillis(300)));
        }
    }

    @Test
    void unknownHost_isTold() throws Exception {
        try (Look look = new YellowstoneLooks(BreakerClock.system())
                .open(Settings.plain(), URI.create("http://node.invalid:10000"))) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> look.look(PATIENT)).hasRootCauseInstanceOf(UnknownHostException.class);
            }
        }
    }

    @Test
    void webServer_isNotHealthy() throws Exception {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.close();
        });
        web.start();
        try {
            assertThatThrownBy(() -> lookAt(web.getAddress().getPort(), PATIENT))
                    .isInstanceOf(StatusRuntimeException.class);
        } finally {
            web.stop(0);
        }
    }

    @Test
    void webServerThatSpeaksHttp2_isNotHealthy_andItsPageIsNotShown() throws Exception {
        DisposableServer web = reactor.netty.http.server.HttpServer.create()
                .host("localhost")
                .protocol(HttpProtocol.H2C)
                .handle((request, response) ->
                        response.header("content-type", "text/html").sendString(Mono.just("<html>cookie=k3y</html>")))
                .bindNow();
        try {
            assertThat(lookAt(web.port(), PATIENT)).isEqualTo(Sight.unhealthy("UNKNOWN: HTTP status code 200"));
        } finally {
            web.disposeNow();
        }
    }

    @Test
    void bytesThatAreNoHttp2_areNotHealthy() throws Exception {
        try (ServerSocket garbage = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread talking = new Thread(() -> {
                try (Socket socket = garbage.accept()) {
                    socket.getOutputStream()
                            .write("\u0000\u0007ERROR forged\n".repeat(1_000).getBytes(StandardCharsets.UTF_8));
                    socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                } catch (java.io.IOException e) {
                    // The other side has closed.
                }
            });
            talking.setDaemon(true);
            talking.start();
            assertThatThrownBy(() -> lookAt(garbage.getLocalPort(), PATIENT))
                    .isInstanceOf(StatusRuntimeException.class);
        }
    }

    @Test
    void otherService_isToldFromAnOutage() throws Exception {
        try (HealthServer server = new HealthServer()) {
            assertThat(lookAt(server.port(), PATIENT))
                    .isEqualTo(Sight.unhealthy("UNIMPLEMENTED: the server does not offer this service"));
        }
    }

    @Test
    void answerWithoutASlot_isNotHealthy() throws Exception {
        Sight noSlot = Sight.unhealthy("an answer without a slot");
        assertThat(lookAtAnswer(Protocols.slot(0)))
                .usingRecursiveComparison()
                .ignoringFields("latency")
                .isEqualTo(noSlot);
        assertThat(lookAtAnswer(Protocols.slot(-1)).details()).isEqualTo(noSlot.details());
    }

    @Test
    void answerThatCannotBeRead_isNotHealthy() throws Exception {
        assertThat(lookAtAnswer(answerWith(
                        5,
                        UnknownFieldSet.Field.newBuilder()
                                .addGroup(UnknownFieldSet.getDefaultInstance())
                                .build())))
                .isEqualTo(Sight.unhealthy("an answer that is none"));
    }

    @Test
    void oversizedAnswer_isNotRead() throws Exception {
        Sight sight = lookAtAnswer(answerWith(
                5,
                UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(ByteString.copyFrom(new byte[64 * 1024]))
                        .build()));
        assertThat(sight.healthy()).isFalse();
        assertThat(sight.details()).startsWith("RESOURCE_EXHAUSTED: gRPC message exceeds maximum size 65536");
    }

    @Test
    void largestAnswer_isRead() throws Exception {
        DynamicMessage large = answerWith(
                        5,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(new byte[64 * 1024 - 100]))
                                .build())
                .toBuilder()
                .mergeFrom(Protocols.slot(7))
                .build();
        assertThat(lookAtAnswer(large).slot()).isEqualTo(7);
    }

    @Test
    void oversizedTrailers_areNotHealthy() throws Exception {
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of("more", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(100_000));
        try (GeyserServer server =
                new GeyserServer((request, response) -> response.onError(Status.INTERNAL.asException(trailers)))) {
            assertThatThrownBy(() -> lookAt(server.port(), PATIENT)).isInstanceOf(StatusRuntimeException.class);
        }
    }
}

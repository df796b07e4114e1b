package io.tradingbreaker.spring.probe.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.spring.probe.Look;
import io.tradingbreaker.spring.probe.Sight;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JVM's trust store decides whom to trust. */
class TlsTests {

    @TempDir
    static Path directory;

    private static Certificate localhost;

    @BeforeAll
    static void makeCertificate() throws Exception {
        localhost = Certificate.of("localhost", directory);
    }

    @AfterAll
    static void noThreadIsLeft() {
        Threads.awaitNoneLeft();
    }

    @AfterEach
    void trustNobody() {
        System.clearProperty("javax.net.ssl.trustStore");
        System.clearProperty("javax.net.ssl.trustStorePassword");
    }

    private static void trust(Certificate certificate) {
        System.setProperty("javax.net.ssl.trustStore", certificate.store().toString());
        System.setProperty("javax.net.ssl.trustStorePassword", Certificate.PASSWORD);
    }

    private static Sight lookAt(String scheme, Certificate certificate) throws Exception {
        try (GeyserServer server = new GeyserServer(
                        0,
                        certificate == null ? null : certificate.forServer(),
                        (request, response) -> GeyserServer.answer(response, 7));
                Look look = new YellowstoneLooks(BreakerClock.system())
                        .open(
                                Settings.of(Map.of(), "s3cret", ""),
                                URI.create(scheme + "://localhost:" + server.port()))) {
            Sight sight = look.look(Duration.ofSeconds(10));
            assertThat(server.requests).hasSize(sight.healthy() ? 1 : 0);
            return sight;
        }
    }

    @Test
    void trustedServer_isAsked() throws Exception {
        trust(localhost);
        assertThat(lookAt("https", localhost).slot()).isEqualTo(7);
    }

    @Test
    void serverThatNobodyVouchesFor_isNotAsked() {
        assertThatThrownBy(() -> lookAt("https", localhost)).hasStackTraceContaining("SSLHandshakeException");
    }

    @Test
    void trustedServerOfAnotherName_isNotAsked() throws Exception {
        Certificate other = Certificate.of("other.example", directory);
        trust(other);
        assertThatThrownBy(() -> lookAt("https", other)).rootCause().hasMessageContaining("localhost");
    }

    @Test
    void serverWithoutTls_isNotAsked() {
        assertThatThrownBy(() -> lookAt("https", null)).hasRootCauseInstanceOf(SSLException.class);
    }

    @Test
    void serverWithTls_isNotAskedWithout() throws Exception {
        Sight sight;
        try {
            sight = lookAt("http", localhost);
        } catch (StatusRuntimeException e) {
            return; // the connection was reset, and not closed
        }
        assertThat(sight.details()).startsWith("UNAVAILABLE: ");
    }
}

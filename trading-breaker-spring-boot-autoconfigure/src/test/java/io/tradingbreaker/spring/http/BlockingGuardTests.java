package io.tradingbreaker.spring.http;

import static io.tradingbreaker.spring.http.RawServer.sends;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;

/** What callers of a {@code RestClient} do to the answer, and what interceptors do to the call. */
class BlockingGuardTests {

    private final Guarded guarded = new Guarded(Duration.ofSeconds(1));
    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer();
        server.answers(sends("x".repeat(100_000)));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        guarded.close();
    }

    @Test
    void bodyClosedUnread_isSuccess() {
        client().get().uri(server.url("/quote")).retrieve().toBodilessEntity();
        guarded.assertEnded(1, 0, 0);
    }

    @Test
    void bodyKeptOpen_isInFlightUntilReadToItsEnd() throws IOException {
        InputStream body = open();
        assertThat(guarded.breaker.counters().inFlight()).isOne();
        assertThat(body.skip(10)).isPositive();
        body.readNBytes(1_000);
        assertThat(guarded.breaker.counters().inFlight()).isOne();
        body.readAllBytes();
        guarded.assertEnded(1, 0, 0);
        body.close();
        guarded.assertEnded(1, 0, 0);
    }

    @Test
    void bodyKeptOpen_isInFlightUntilClosed() throws IOException {
        InputStream body = open();
        assertThat(body.read()).isEqualTo('x');
        body.close();
        guarded.assertEnded(1, 0, 0);
    }

    @Test
    void callerThatFailsOnTheBody_isSuccess() {
        assertThatThrownBy(() -> client().get().uri(server.url("/quote")).exchange((request, response) -> {
                    throw new IllegalStateException("cannot read this");
                }))
                .isInstanceOf(IllegalStateException.class);
        guarded.assertEnded(1, 0, 0);
    }

    @Test
    void interceptorThatThrows_isFailure() {
        RestClient broken = builder()
                .requestInterceptor((request, body, execution) -> {
                    throw new IOException("no token");
                })
                .build();
        assertThatThrownBy(
                        () -> broken.get().uri(server.url("/quote")).retrieve().body(String.class))
                .hasRootCauseMessage("no token");
        guarded.assertEnded(0, 1, 0);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void callMadeByAnInterceptorInside_joins() {
        ClientHttpRequestInterceptor login = (request, body, execution) -> {
            builder().build().get().uri(server.url("/token")).retrieve().toBodilessEntity();
            return execution.execute(request, body);
        };
        builder()
                .requestInterceptor(login)
                .build()
                .get()
                .uri(server.url("/quote"))
                .retrieve()
                .toBodilessEntity();
        assertThat(server.requests()).hasSize(2);
        guarded.assertEnded(1, 0, 0);
    }

    private InputStream open() {
        return client().get().uri(server.url("/quote")).exchange((request, response) -> response.getBody(), false);
    }

    private RestClient client() {
        return builder().build();
    }

    private RestClient.Builder builder() {
        return Client.restClient(Client.jdk(Client.PATIENT), guarded.guards);
    }
}

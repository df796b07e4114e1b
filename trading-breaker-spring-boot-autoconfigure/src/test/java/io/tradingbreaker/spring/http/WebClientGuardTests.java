package io.tradingbreaker.spring.http;

import static io.tradingbreaker.spring.http.RawServer.sends;
import static io.tradingbreaker.spring.http.RawServer.status;
import static io.tradingbreaker.spring.http.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.reactive.ReactiveBreaker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What only reactive clients can do to a call. */
class WebClientGuardTests {

    private static final Duration PATIENT = Client.PATIENT;

    private final Guarded guarded = new Guarded(Duration.ofSeconds(1));
    private final WebClient client = Client.webClient(guarded.guards, PATIENT);
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

    @Test
    void notSubscribed_nothingHappens() {
        Mono<String> quote = quote();
        assertThat(quote).isNotNull();
        guarded.assertEnded(0, 0, 0);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void subscribedTwice_eachIsACall() {
        Mono<String> quote = quote();
        assertThat(quote.block(PATIENT)).isEqualTo("hello");
        assertThat(quote.block(PATIENT)).isEqualTo("hello");
        guarded.assertEnded(2, 0, 0);
        guarded.breaker.trip("by hand", null);
        assertThatThrownBy(() -> quote.block(PATIENT)).isInstanceOf(TradingPausedException.class);
        assertThat(server.requests()).hasSize(2);
        guarded.assertEnded(2, 0, 0);
    }

    @Test
    void inGuardedPublisherOnAnotherThread_joinsIt() {
        Mono<String> order = ReactiveBreaker.of(guarded.breaker)
                .mono(Mono.just(1)
                        .publishOn(Schedulers.parallel())
                        .flatMap(i -> quote().subscribeOn(Schedulers.boundedElastic())));
        assertThat(order.block(PATIENT)).isEqualTo("hello");
        guarded.assertEnded(1, 0, 0);
    }

    @Test
    void refused_requestBodyIsNotAskedFor() {
        guarded.breaker.trip("by hand", null);
        CountDownLatch asked = new CountDownLatch(1);
        Flux<DataBuffer> body = Flux.defer(() -> {
            asked.countDown();
            return Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(new byte[1]));
        });
        assertThatThrownBy(() -> client.post()
                        .uri(server.url("/swap"))
                        .body(body, DataBuffer.class)
                        .retrieve()
                        .toBodilessEntity()
                        .block(PATIENT))
                .isInstanceOf(TradingPausedException.class);
        assertThat(asked.getCount()).as("not asked").isOne();
    }

    @Test
    void disposedBeforeHeaders_isIgnored() throws InterruptedException {
        disposedAfter("");
        guarded.assertEnded(0, 0, 1);
    }

    @Test
    void disposedInBody_isIgnored() throws InterruptedException {
        disposedAfter(status(200, "Content-Length: 5") + "he");
        guarded.assertEnded(0, 0, 1);
    }

    @Test
    void disposedInBodyOfServerError_isFailure() throws InterruptedException {
        CountDownLatch seen = new CountDownLatch(1);
        server.answers((request, out) -> {
            write(out, status(500, "Content-Length: 5") + "he");
            server.hang();
        });
        Disposable call = client.get()
                .uri(server.url("/quote"))
                .exchangeToFlux(response -> response.bodyToFlux(DataBuffer.class))
                .subscribe(buffer -> {
                    DataBufferUtils.release(buffer);
                    seen.countDown();
                });
        assertThat(seen.await(30, TimeUnit.SECONDS)).isTrue();
        call.dispose();
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> guarded.assertEnded(0, 1, 0));
    }

    @Test
    void timeoutOperator_cancelsAndIsIgnored() {
        server.answers((request, out) -> server.hang());
        assertThatThrownBy(() -> quote().timeout(Duration.ofMillis(300)).block(PATIENT))
                .hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> guarded.assertEnded(0, 0, 1));
    }

    @Test
    void timeoutOperatorOnSlowCall_isStillASample() {
        CompletableFuture<String> arrived = new CompletableFuture<>();
        server.answers((request, out) -> {
            guarded.time.advance(Duration.ofMillis(240));
            arrived.complete("");
            server.hang();
        });
        assertThatThrownBy(() -> quote().timeout(Mono.fromFuture(arrived)).block(PATIENT))
                .hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> guarded.assertEnded(0, 0, 1));
        assertThat(guarded.slow()).isOne();
    }

    @Test
    void bodyThatNobodyAsksFor_isReleasedAndEndsTheCall() {
        server.answers(sends("x".repeat(100_000)));
        Integer status = client.get()
                .uri(server.url("/quote"))
                .exchangeToMono(response -> Mono.just(response.statusCode().value()))
                .block(PATIENT);
        assertThat(status).isEqualTo(200);
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> guarded.assertEnded(1, 0, 0));
    }

    @Test
    void bodyThatIsReleased_endsTheCall() {
        server.answers(sends("x".repeat(100_000)));
        client.get().uri(server.url("/quote")).retrieve().toBodilessEntity().block(PATIENT);
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> guarded.assertEnded(1, 0, 0));
    }

    @Test
    void consumerThatFailsBeforeTheBody_endsTheCall() {
        server.answers(sends("x".repeat(100_000)));
        assertThatThrownBy(() -> client.get()
                        .uri(server.url("/quote"))
                        .exchangeToMono(response -> Mono.error(new IllegalStateException("no")))
                        .block(PATIENT))
                .hasMessage("no");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(guarded.breaker.counters().inFlight()).isZero());
    }

    @Test
    void bodyOverTheCodecsLimit_isIgnored() {
        server.answers(sends("x".repeat(4 << 20)));
        assertThatThrownBy(() -> quote().block(PATIENT)).hasMessageContaining("limit");
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> guarded.assertEnded(0, 0, 1));
    }

    @Test
    void partOfABody_isIgnored() {
        server.answers((request, out) -> {
            write(out, status(200, "Content-Length: 5") + "he");
            server.hang();
        });
        client.get()
                .uri(server.url("/quote"))
                .retrieve()
                .bodyToFlux(DataBuffer.class)
                .take(1)
                .doOnNext(DataBufferUtils::release)
                .blockLast(PATIENT);
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> guarded.assertEnded(0, 0, 1));
    }

    @Test
    void filterThatThrowsOrAnswersNothing_endsTheCall() {
        WebClient broken = WebClient.builder()
                .filter(new HttpGuardFilter(guarded.guards))
                .filter((request, next) -> {
                    if (request.url().getPath().equals("/throws")) {
                        throw new IllegalStateException("no");
                    }
                    return Mono.<ClientResponse>empty();
                })
                .build();
        for (String path : new String[] {"/throws", "/empty"}) {
            assertThatThrownBy(() -> broken.get()
                            .uri(server.url(path))
                            .retrieve()
                            .toBodilessEntity()
                            .block(PATIENT))
                    .isInstanceOf(IllegalStateException.class);
        }
        guarded.assertEnded(0, 1, 1);
    }

    @Test
    void cancelledBurst_leavesNothingInFlight() {
        server.answers((request, out) -> {
            write(out, status(200, "Content-Length: 5") + "he");
            write(out, "llo");
        });
        Flux.range(0, 200)
                .flatMap(i -> quote().timeout(Duration.ofMillis(1 + i % 20)).onErrorResume(e -> Mono.empty()), 20)
                .blockLast(PATIENT);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(guarded.breaker.counters().inFlight()).isZero());
        assertThat(guarded.breaker.counters().failed()).isZero();
        assertThat(guarded.breaker.counters().permitted()).isEqualTo(200);
    }

    private void disposedAfter(String begun) throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        server.answers((request, out) -> {
            write(out, begun);
            asked.countDown();
            server.hang();
        });
        Disposable call = quote().subscribe();
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        call.dispose();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> guarded.breaker.counters().inFlight() == 0);
    }

    private Mono<String> quote() {
        return client.get().uri(server.url("/quote")).retrieve().bodyToMono(String.class);
    }
}

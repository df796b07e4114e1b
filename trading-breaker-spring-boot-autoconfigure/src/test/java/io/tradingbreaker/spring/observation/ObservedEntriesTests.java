package io.tradingbreaker.spring.observation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.tradingbreaker.Intent;
import io.tradingbreaker.spring.http.HttpGuard;
import io.tradingbreaker.spring.http.HttpGuardFilter;
import io.tradingbreaker.spring.http.HttpGuardInterceptor;
import io.tradingbreaker.spring.http.HttpGuards;
import io.tradingbreaker.spring.reactive.ReactiveBreaker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Reactive streams and HTTP clients: one observation for each subscription or request, in the trace of who makes it. */
class ObservedEntriesTests {

    private static final Duration PATIENT = Duration.ofSeconds(20);

    private final Observed observed = new Observed();
    private final ReactiveBreaker reactive = ReactiveBreaker.of(observed.node);

    @AfterEach
    void close() {
        observed.close();
    }

    @Test
    void subscription_hasItsParentFromTheContext_andIsItToWhatIsUpstream() {
        Observation request = Observation.start("request", observed.observations);
        Mono<String> guarded = reactive.mono(Mono.deferContextual(context -> {
                    Observation client = Observation.createNotStarted("client", observed.observations)
                            .parentObservation(context.get(ObservationThreadLocalAccessor.KEY));
                    client.start();
                    client.stop();
                    return Mono.just("149.20");
                })
                .subscribeOn(Schedulers.parallel()));

        guarded.contextWrite(context -> context.put(ObservationThreadLocalAccessor.KEY, request))
                .block(PATIENT);
        guarded.contextWrite(context -> context.put(ObservationThreadLocalAccessor.KEY, request))
                .block(PATIENT);
        request.stop();

        assertThat(observed.stopped)
                .map(Observation.Context::getName)
                .containsExactly("client", "trading.breaker.call", "client", "trading.breaker.call", "request");
        assertThat(parentOf(0)).isSameAs(observed.stopped.get(1));
        assertThat(parentOf(1)).isSameAs(request.getContext());
        assertThat(parentOf(3)).isSameAs(request.getContext());
    }

    @Test
    void streamsEnds_areOutcomes_andJoinedSubscriptionsAreNotObserved() {
        reactive.flux(Flux.range(0, 3)).blockLast(PATIENT);
        reactive.mono(Mono.error(new IllegalStateException("down")))
                .onErrorComplete()
                .block(PATIENT);
        reactive.mono(Mono.never()).subscribe().dispose();
        reactive.mono(reactive.mono(Mono.just(1))).block(PATIENT);
        observed.node.halt("stop", null);
        reactive.mono(Mono.just(1)).onErrorComplete().block(PATIENT);

        assertThat(observed.stopped.stream()
                        .map(context ->
                                context.getLowCardinalityKeyValue("outcome").getValue()))
                .containsExactly("success", "failure", "ignored", "success", "rejected");
        observed.assertNothingIsLeft();
    }

    @Test
    void requestsOfBothClients_areObservedInsideTheClientsOwn() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = "149.20".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        HttpGuard guard = new HttpGuard("127.0.0.1", "node", Set.of(), Intent.QUERY, List.of("5xx"), List.of("4xx"));
        HttpGuards guards = new HttpGuards(List.of(guard), () -> observed.registry);
        String uri = "http://127.0.0.1:" + server.getAddress().getPort() + "/quote";
        JdkClientHttpRequestFactory connections = new JdkClientHttpRequestFactory(HttpClient.newHttpClient());
        connections.setReadTimeout(PATIENT);
        try {
            String blocking = RestClient.builder()
                    .requestFactory(connections)
                    .observationRegistry(observed.observations)
                    .requestInterceptor(new HttpGuardInterceptor(guards))
                    .build()
                    .get()
                    .uri(uri)
                    .retrieve()
                    .body(String.class);
            String reactive = WebClient.builder()
                    .observationRegistry(observed.observations)
                    .filter(new HttpGuardFilter(guards))
                    .build()
                    .get()
                    .uri(uri)
                    .retrieve()
                    .bodyToMono(String.class)
                    .block(PATIENT);
            assertThat(List.of(blocking, reactive)).containsOnly("149.20");
        } finally {
            server.stop(0);
        }

        assertThat(observed.seen().stream().filter(line -> line.startsWith("trading.breaker.call")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("breaker=node intent=query outcome=success"));
        assertThat(observed.stopped.stream()
                        .filter(BreakerCallContext.class::isInstance)
                        .map(call -> Objects.requireNonNull(call.getParentObservation())
                                .getContextView()
                                .getName()))
                .containsExactly("http.client.requests", "http.client.requests");
        assertThat(observed.observations.getCurrentObservationScope()).isNull();
    }

    private Observation.ContextView parentOf(int stopped) {
        return Objects.requireNonNull(observed.stopped.get(stopped).getParentObservation())
                .getContextView();
    }
}

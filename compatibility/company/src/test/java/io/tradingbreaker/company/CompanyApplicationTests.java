package io.tradingbreaker.company;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.tradingbreaker.BreakerRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.cloud.circuitbreaker.resilience4j.Resilience4JCircuitBreakerFactory;
import org.springframework.cloud.client.circuitbreaker.CircuitBreakerFactory;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Resilience4j, Spring Cloud CircuitBreaker and ours in one application: all start, and all can be seen. */
@CompanyTest
class CompanyApplicationTests {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @LocalServerPort
    int port;

    @Autowired
    ApplicationContext context;

    @Autowired
    BreakerRegistry breakers;

    @Autowired
    CircuitBreakerRegistry resilience4j;

    @Autowired
    CircuitBreakerFactory<?, ?> springCloud;

    @Autowired
    Orders orders;

    @Autowired
    Venue venue;

    @BeforeEach
    void calm() {
        venue.answers(() -> "done");
        breakers.reset("test", null);
        resilience4j.getAllCircuitBreakers().forEach(breaker -> breaker.reset());
    }

    @Test
    void allThree_areThere() {
        assertThat(breakers.isDeclared("node")).isTrue();
        assertThat(resilience4j.find("node")).isPresent();
        assertThat(springCloud).isInstanceOf(Resilience4JCircuitBreakerFactory.class);
    }

    @Test
    void beansNamedAlike_doNotClash() {
        assertThat(context.getBean("tradingBreakerEndpoint").getClass().getName())
                .isEqualTo("io.tradingbreaker.spring.actuate.CircuitBreakerEndpoint");
        assertThat(context.getBean("circuitBreakerEndpoint").getClass().getName())
                .startsWith("io.github.resilience4j.");
    }

    @Test
    void bothEndpoints_answer() throws Exception {
        orders.broken();
        JsonNode ours = get("/actuator/circuitbreaker");
        assertThat(ours.at("/breakers/node/state").asString()).isEqualTo("CLOSED");
        JsonNode theirs = get("/actuator/circuitbreakers");
        assertThat(theirs.at("/circuitBreakers/node/state").asString()).isEqualTo("CLOSED");
    }

    @Test
    void writes_reachTheOneThatIsMeant() throws Exception {
        post("/actuator/circuitbreaker/node", "{\"action\": \"trip\", \"reason\": \"test\"}");
        assertThat(state("/actuator/circuitbreaker", "/breakers/node/state")).isEqualTo("OPEN");
        assertThat(state("/actuator/circuitbreakers", "/circuitBreakers/node/state"))
                .isEqualTo("CLOSED");

        post("/actuator/circuitbreakers/node", "{\"updateState\": \"FORCE_OPEN\"}");
        post("/actuator/circuitbreaker/node", "{\"action\": \"reset\", \"reason\": \"test\"}");
        assertThat(state("/actuator/circuitbreaker", "/breakers/node/state")).isEqualTo("CLOSED");
        assertThat(state("/actuator/circuitbreakers", "/circuitBreakers/node/state"))
                .isEqualTo("FORCED_OPEN");
    }

    @Test
    void bothHealthContributors_show() throws Exception {
        breakers.breaker("node").trip("test", null);
        JsonNode health = get("/actuator/health");
        assertThat(health.at("/components/tradingBreaker/status").asString()).isEqualTo("UP");
        assertThat(health.at("/components/tradingBreaker/details/node").toString())
                .contains("OPEN");
        assertThat(health.at("/components/circuitBreakers/status").asString()).isEqualTo("UP");
        assertThat(health.at("/components/circuitBreakers/details/node/details/state")
                        .asString())
                .isEqualTo("CLOSED");
    }

    @Test
    void bothFamiliesOfMeters_areScraped() throws Exception {
        orders.broken();
        String meters = send(request("/actuator/prometheus").GET());
        assertThat(meters)
                .contains("trading_breaker_state{name=\"node\",state=\"closed\"} 1.0")
                .containsPattern(
                        "resilience4j_circuitbreaker_state\\{[^}]*name=\"node\",[^}]*state=\"closed\"[^}]*} 1.0");
    }

    @Test
    void springCloudsBreaker_runsAGuardedCall() {
        assertThat(springCloud.create("cloud").<String>run(orders::plain)).isEqualTo("done");
        breakers.breaker("node").trip("test", null);
        assertThat(springCloud.create("cloud").<String>run(orders::plain, refusal -> "instead"))
                .isEqualTo("instead");
    }

    private String state(String path, String pointer) throws Exception {
        return get(path).at(pointer).asString();
    }

    private JsonNode get(String path) throws Exception {
        return JSON.readTree(send(request(path).GET()));
    }

    private void post(String path, String json) throws Exception {
        send(request(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }

    private static String send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}

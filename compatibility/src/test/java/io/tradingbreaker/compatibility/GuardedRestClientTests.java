package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import java.net.http.HttpClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/** A {@code RestClient} that is guarded by property and asks the application itself. */
@RunningApplication(
        properties = {
            "trading-breaker.http.guards[0].uri=http://127.0.0.1/actuator/**",
            "trading-breaker.http.guards[0].breaker=venue"
        })
class GuardedRestClientTests {

    @Autowired
    private BreakerRegistry registry;

    @Autowired
    private RestClient.Builder builder;

    @Value("${local.server.port}")
    private int port;

    @Test
    void answersCountAndAHaltRefuses() {
        TradingBreaker venue = registry.breaker("venue");
        JdkClientHttpRequestFactory connections = new JdkClientHttpRequestFactory(HttpClient.newHttpClient());
        connections.setReadTimeout(Duration.ofSeconds(30));
        RestClient client = builder.baseUrl("http://127.0.0.1:" + port)
                .requestFactory(connections)
                .build();

        assertThat(client.get().uri("/actuator/health").retrieve().body(String.class))
                .contains("UP");
        assertThatThrownBy(() -> client.get().uri("/actuator/none").retrieve().body(String.class))
                .isInstanceOf(HttpClientErrorException.class);

        assertThat(venue.counters().successful()).isOne();
        assertThat(venue.counters().ignored()).isOne();
        assertThat(venue.counters().inFlight()).isZero();

        venue.halt("stop", null);
        assertThatThrownBy(() -> client.get().uri("/actuator/health").retrieve().body(String.class))
                .isInstanceOf(TradingPausedException.class);
        assertThat(client.get().uri("/buy/SOL").retrieve().body(String.class)).isEqualTo("filled");
    }
}

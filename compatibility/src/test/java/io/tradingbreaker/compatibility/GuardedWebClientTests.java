package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;

/** A {@code WebClient} that is guarded by property and asks the application itself. */
@RunningApplication(
        properties = {
            "trading-breaker.http.guards[0].uri=http://127.0.0.1/actuator/**",
            "trading-breaker.http.guards[0].breaker=venue"
        })
class GuardedWebClientTests {

    @Autowired
    private BreakerRegistry registry;

    @Autowired
    private WebClient.Builder builder;

    @Value("${local.server.port}")
    private int port;

    @Test
    void answersCountAndAHaltRefuses() {
        TradingBreaker venue = registry.breaker("venue");

        assertThat(get("/actuator/health")).contains("UP");
        assertThatThrownBy(() -> get("/actuator/none")).isInstanceOf(WebClientResponseException.class);

        assertThat(venue.counters().successful()).isOne();
        assertThat(venue.counters().ignored()).isOne();
        assertThat(venue.counters().inFlight()).isZero();

        venue.halt("stop", null);
        assertThatThrownBy(() -> get("/actuator/health")).isInstanceOf(TradingPausedException.class);
        assertThat(get("/buy/SOL")).isEqualTo("filled");
    }

    private String get(String path) {
        return builder.build()
                .get()
                .uri("http://127.0.0.1:" + port + path)
                .retrieve()
                .bodyToMono(String.class)
                .block(Duration.ofSeconds(30));
    }
}

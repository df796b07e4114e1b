package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** A status of the application's own, with its place in the order and its HTTP code. */
@RunningApplication(
        properties = {
            "trading-breaker.health.affects-status=true",
            "trading-breaker.health.open-status=paused",
            "management.endpoint.health.status.order=down,out-of-service,paused,unknown,up",
            "management.endpoint.health.status.http-mapping.paused=429",
            "management.endpoint.health.status.http-mapping.down=503"
        })
class OwnHealthStatusTests {

    @Autowired
    private BreakerRegistry registry;

    @Value("${local.server.port}")
    private int port;

    @Test
    void pausedTrading_hasTheOwnStatusAndCode() throws Exception {
        assertThat(Answer.get(port, "/actuator/health").status()).isEqualTo(200);
        registry.breaker("node").halt("stop", null);

        Answer whole = Answer.get(port, "/actuator/health");
        Answer ours = Answer.get(port, "/actuator/health/tradingBreaker");

        assertThat(whole.status()).isEqualTo(429);
        assertThat(whole.map()).containsEntry("status", "PAUSED");
        assertThat(ours.status()).isEqualTo(429);
        assertThat(ours.map()).containsEntry("status", "PAUSED").containsKey("details");
    }
}

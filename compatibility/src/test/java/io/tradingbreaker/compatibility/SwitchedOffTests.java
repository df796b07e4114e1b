package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import org.junit.jupiter.api.Test;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;

/** An application with {@code trading-breaker.enabled: false}. */
@RunningApplication(properties = "trading-breaker.enabled=false")
class SwitchedOffTests {

    @Autowired
    @Qualifier("tradingBreaker")
    private TradingBreaker breaker;

    @Autowired
    private TradingDesk desk;

    @Value("${local.server.port}")
    private int port;

    @Test
    void breakers_passEveryCall() throws Exception {
        assertThat(AopUtils.isAopProxy(desk)).isFalse();
        assertThat(breaker.call(() -> "passed")).isEqualTo("passed");
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(Answer.get(port, "/buy/SOL").body()).isEqualTo("filled");
    }

    @Test
    void endpointHealthAndMeters_areNotThere() throws Exception {
        assertThat(Answer.get(port, "/actuator/circuitbreaker").status()).isEqualTo(404);
        Answer health = Answer.get(port, "/actuator/health");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.map("components")).doesNotContainKey("tradingBreaker").isNotEmpty();
        Answer meters = Answer.get(port, "/actuator/prometheus");
        assertThat(meters.body()).contains("jvm_").doesNotContain("trading_breaker");
    }
}

package io.tradingbreaker.company;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.tradingbreaker.TradingPausedException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Import;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** What happens to those who move the advice of others outside ours and tell it nothing of pauses. */
@SpringBootTest(
        classes = MovedOrderTests.Application.class,
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "spring.config.name=defaults",
            "spring.datasource.generate-unique-name=true",
            "resilience4j.retry.retry-aspect-order=1",
            "resilience4j.retry.configs.default.wait-duration=1ms",
            "resilience4j.circuitbreaker.circuit-breaker-aspect-order=2",
            "resilience4j.circuitbreaker.configs.default.sliding-window-size=2",
            "resilience4j.circuitbreaker.configs.default.minimum-number-of-calls=2"
        })
class MovedOrderTests extends AbstractOrdersTests {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableAsync
    @EnableResilientMethods
    @EnableCaching
    @EnableTransactionManagement(order = 3)
    @Import(Floor.class)
    static class Application {}

    @Test
    void chain_fromOutsideToInside() {
        assertThat(Chain.of(orders))
                .containsExactly(
                        "@Async",
                        "@Retryable",
                        "@Retry",
                        "@CircuitBreaker",
                        "@Transactional",
                        "@LatencyGuarded",
                        "@Cacheable");
    }

    @Test
    void resilience4jRetry_hammersAPausedBreaker() {
        pause();
        assertThatThrownBy(orders::retriedByResilience4j).isInstanceOf(TradingPausedException.class);
        assertThat(rejected()).isEqualTo(3);
    }

    @Test
    void resilience4jCircuitBreaker_countsPauses_andStaysOpenAfterTheResume() {
        pause();
        for (int call = 1; call <= 2; call++) {
            assertThatThrownBy(orders::broken).isInstanceOf(TradingPausedException.class);
        }
        assertThat(resilience4j.circuitBreaker("node").getState()).isEqualTo(State.OPEN);
        breakers.reset("test", null);
        assertThatThrownBy(orders::broken).isInstanceOf(CallNotPermittedException.class);
        assertThat(venue.entered).hasValue(0);
    }

    @Test
    void resilience4jFallback_answersAPause() {
        pause();
        assertThat(orders.brokenWithFallback()).isEqualTo("instead of TradingPausedException");
    }

    @Test
    void transaction_isBegunForACallThatIsRefused() {
        pause();
        assertThatThrownBy(orders::booked).isInstanceOf(TradingPausedException.class);
        assertThat(transactions.begun).hasValue(1);
    }

    @Test
    void slowCommit_isNotSeen() {
        transactions.onCommit(() -> passes(300));
        orders.booked();
        assertThat(permitted()).isEqualTo(1);
        assertThat(slow()).isZero();
    }
}

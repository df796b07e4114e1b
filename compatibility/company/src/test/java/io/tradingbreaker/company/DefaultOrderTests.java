package io.tradingbreaker.company;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingPausedException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Import;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.scheduling.annotation.EnableAsync;

/** What happens where nobody has set anything: the dangers that the recommended configuration takes away. */
@SpringBootTest(
        classes = DefaultOrderTests.Application.class,
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        properties = {
            "spring.config.name=defaults",
            "spring.task.execution.pool.core-size=1",
            "spring.datasource.generate-unique-name=true",
            "resilience4j.retry.configs.default.wait-duration=1ms",
            // Not the second of real time that Spring Cloud allows: a first call on a busy machine may need it.
            "resilience4j.timelimiter.configs.default.timeout-duration=1m",
            "resilience4j.timelimiter.instances.cloud.timeout-duration=1m"
        })
class DefaultOrderTests extends AbstractOrdersTests {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableAsync
    @EnableResilientMethods
    @EnableCaching
    @Import(Floor.class)
    static class Application {}

    @Test
    void chain_fromOutsideToInside() {
        assertThat(Chain.of(orders))
                .startsWith("@Async", "@Retryable", "@LatencyGuarded", "@Retry", "@CircuitBreaker")
                .containsOnly(
                        "@Async",
                        "@Retryable",
                        "@LatencyGuarded",
                        "@Retry",
                        "@CircuitBreaker",
                        "@Cacheable",
                        "@Transactional");
    }

    @Test
    void retryable_hammersAPausedBreaker() {
        pause();
        assertThatThrownBy(orders::retried).isInstanceOf(TradingPausedException.class);
        assertThat(rejected()).isEqualTo(4);
        assertThat(venue.entered).hasValue(0);
    }

    @Test
    void resilience4jRetry_isInside_soThatAPauseIsNotRetried() {
        pause();
        assertThatThrownBy(orders::retriedByResilience4j).isInstanceOf(TradingPausedException.class);
        assertThat(rejected()).isEqualTo(1);
    }

    @Test
    void resilience4jRetry_isInside_soThatTwoFastAttemptsAreOneSlowCallAndTheFailureIsHidden() {
        venueFailsOnce();
        assertThat(orders.retriedByResilience4j()).isEqualTo("done");
        assertThat(venue.entered).hasValue(2);
        assertThat(permitted()).isEqualTo(1);
        assertThat(failed()).isZero();
        assertThat(slow()).isEqualTo(1);
    }

    @Test
    void resilience4jCircuitBreaker_isInside_andDoesNotSeeAPause() {
        pause();
        assertThatThrownBy(orders::broken).isInstanceOf(TradingPausedException.class);
        assertThat(resilience4j("node").getNumberOfBufferedCalls()).isZero();
        assertThat(resilience4j("node").getNumberOfNotPermittedCalls()).isZero();
    }

    @Test
    void resilience4jFallback_isInside_andDoesNotAnswerAPause() {
        pause();
        assertThatThrownBy(orders::brokenWithFallback).isInstanceOf(TradingPausedException.class);
    }

    @Test
    void refusalsOfResilience4j_countAsFailures_andTripOurs() {
        resilience4j.circuitBreaker("node").transitionToForcedOpenState();
        for (int call = 1; call <= 5; call++) {
            assertThatThrownBy(orders::broken).isInstanceOf(CallNotPermittedException.class);
        }
        assertThat(failed()).isEqualTo(5);
        assertThat(node().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void springCloudAroundOurs_countsAPauseAsAFailure() {
        pause();
        assertThat(throughSpringCloud()).hasRootCauseInstanceOf(TradingPausedException.class);
        assertThat(resilience4j("cloud").getNumberOfFailedCalls()).isEqualTo(1);
    }

    @Test
    void cacheHit_asksTheBreaker_andIsRefusedWhilePaused() {
        assertThat(orders.quote("SOL")).isEqualTo("SOL done");
        pause();
        assertThatThrownBy(() -> orders.quote("SOL")).isInstanceOf(TradingPausedException.class);
    }

    @Test
    void cacheHit_isAFastSampleThatHidesTheNode() {
        orders.quote("SOL");
        orders.quote("SOL");
        assertThat(venue.entered).hasValue(1);
        assertThat(successful()).isEqualTo(2);
        assertThat(node().latencyMonitor().statistics().count()).isEqualTo(2);
    }

    @Test
    void fallback_isOutsideTheCache_andIsNotStored() {
        pause();
        assertThat(orders.quoteOrStale("SOL")).isEqualTo("SOL stale");
        breakers.reset("test", null);
        assertThat(orders.quoteOrStale("SOL")).isEqualTo("SOL done");
    }
}

package io.tradingbreaker.company;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingPausedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

/** Retries, breakers and caches around and inside ours, with the configuration that the README recommends. */
@CompanyTest
class RecommendedOrderTests extends AbstractOrdersTests {

    @Test
    void configuration_isTheReadmesWordForWord() throws IOException {
        String readme = Files.readString(Path.of("../../README.md"));
        String section = readme.substring(readme.indexOf("## Together with other annotations"));
        String yaml = section.substring(section.indexOf("```yaml\n") + 8);
        assertThat(new ClassPathResource("application.yml").getContentAsString(StandardCharsets.UTF_8))
                .endsWith("\n" + yaml.substring(0, yaml.indexOf("```")));
    }

    @Test
    void chain_fromOutsideToInside() {
        assertThat(Chain.of(orders))
                .containsExactly(
                        "@Async",
                        "@Retryable",
                        "@Retry",
                        "@Cacheable",
                        "@LatencyGuarded",
                        "@CircuitBreaker",
                        "@Transactional");
    }

    @Test
    void retryableThatExcludesPauses_asksOnce() {
        pause();
        assertThatThrownBy(orders::retriedUnlessPaused).isInstanceOf(TradingPausedException.class);
        assertThat(rejected()).isEqualTo(1);
        assertThat(venue.entered).hasValue(0);
    }

    @Test
    void retryableThatExcludesPauses_retriesFailures_eachAttemptACallOfItsOwn() {
        venueFailsOnce();
        assertThat(orders.retriedUnlessPaused()).isEqualTo("done");
        assertThat(permitted()).isEqualTo(2);
        assertThat(failed()).isEqualTo(1);
        assertThat(successful()).isEqualTo(1);
        assertThat(slow()).isZero();
    }

    @Test
    void retryableThatExcludesPauses_stopsWhenItsOwnFailuresTrip() {
        venue.answers(() -> {
            if (venue.entered.get() == 2) {
                pause();
            }
            throw new IllegalStateException("busy");
        });
        assertThatThrownBy(orders::retriedUnlessPaused).isInstanceOf(TradingPausedException.class);
        assertThat(venue.entered).hasValue(2);
        assertThat(rejected()).isEqualTo(1);
    }

    @Test
    void resilience4jRetry_asksAPausedBreakerOnce() {
        pause();
        assertThatThrownBy(orders::retriedByResilience4j).isInstanceOf(TradingPausedException.class);
        assertThat(rejected()).isEqualTo(1);
        assertThat(venue.entered).hasValue(0);
    }

    @Test
    void resilience4jRetry_isOutside_soThatEachAttemptIsACallOfItsOwn() {
        venueFailsOnce();
        assertThat(orders.retriedByResilience4j()).isEqualTo("done");
        assertThat(permitted()).isEqualTo(2);
        assertThat(failed()).isEqualTo(1);
        assertThat(successful()).isEqualTo(1);
        assertThat(slow()).isZero();
    }

    @Test
    void resilience4jCircuitBreaker_isInside_andDoesNotSeeAPause() {
        pause();
        assertThatThrownBy(orders::broken).isInstanceOf(TradingPausedException.class);
        assertThat(resilience4j("node").getNumberOfBufferedCalls()).isZero();
    }

    @Test
    void refusalsOfResilience4j_areIgnored_andDoNotTripOurs() {
        resilience4j.circuitBreaker("node").transitionToForcedOpenState();
        for (int call = 1; call <= 5; call++) {
            assertThatThrownBy(orders::broken).isInstanceOf(CallNotPermittedException.class);
        }
        assertThat(ignored()).isEqualTo(5);
        assertThat(failed()).isZero();
        assertThat(node().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void springCloudAroundOurs_doesNotCountAPause() {
        pause();
        assertThat(throughSpringCloud()).hasRootCauseInstanceOf(TradingPausedException.class);
        assertThat(resilience4j("cloud").getNumberOfBufferedCalls()).isZero();
    }

    @Test
    void springCloudAroundOurs_countsWhatTheNodeDoes_andSoDoWe() {
        venue.answers(() -> {
            throw new IllegalStateException("busy");
        });
        assertThat(throughSpringCloud()).hasRootCauseMessage("busy");
        assertThat(resilience4j("cloud").getNumberOfFailedCalls()).isEqualTo(1);
        assertThat(failed()).isEqualTo(1);
    }

    @Test
    void cacheHit_isAnsweredWhilePaused_andAMissIsRefused() {
        assertThat(orders.quote("SOL")).isEqualTo("SOL done");
        pause();
        assertThat(orders.quote("SOL")).isEqualTo("SOL done");
        assertThatThrownBy(() -> orders.quote("JUP")).isInstanceOf(TradingPausedException.class);
        assertThat(rejected()).isEqualTo(1);
    }

    @Test
    void cacheHit_isNoSample() {
        orders.quote("SOL");
        orders.quote("SOL");
        assertThat(permitted()).isEqualTo(1);
        assertThat(node().latencyMonitor().statistics().count()).isEqualTo(1);
    }

    @Test
    void refusal_isNotCached() {
        pause();
        assertThatThrownBy(() -> orders.quote("SOL")).isInstanceOf(TradingPausedException.class);
        breakers.reset("test", null);
        assertThat(orders.quote("SOL")).isEqualTo("SOL done");
    }

    @Test
    void fallback_isInsideTheCache_andIsStored() {
        pause();
        assertThat(orders.quoteOrStale("SOL")).isEqualTo("SOL stale");
        breakers.reset("test", null);
        assertThat(orders.quoteOrStale("SOL")).isEqualTo("SOL stale");
    }
}

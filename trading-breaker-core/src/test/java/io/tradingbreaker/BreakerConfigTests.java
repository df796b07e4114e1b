package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not allowed is said in the YAML's words. */
class BreakerConfigTests {

    static Stream<Arguments> badValues() {
        return Stream.of(
                bad("p99-threshold is -1ms", c -> c.p99Threshold(Duration.ofMillis(-1))),
                bad("latency-threshold is 0", c -> c.latencyThreshold(Duration.ZERO)),
                bad(
                        "latency-threshold is unset, but must be set where p99-threshold is 0",
                        c -> c.p99Threshold(Duration.ZERO)),
                bad("percentile is 0.0", c -> c.percentile(0)),
                bad("percentile is 100.1", c -> c.percentile(100.1)),
                bad("percentile is 99.99999", c -> c.percentile(99.99999)),
                bad("percentile is NaN", c -> c.percentile(Double.NaN)),
                bad("window-size is 0", c -> c.windowSize(0)),
                bad("window-size is 100001", c -> c.windowSize(100_001)),
                bad("minimum-samples is 300, but must be from 1 to window-size (100)", c -> c.windowSize(100)),
                bad(
                        "window-age is 60ms, but must be from 1s to 1d (a number without a unit",
                        c -> c.windowAge(Duration.ofMillis(60))),
                bad("confidence is 1.0", c -> c.confidence(1.0)),
                bad("failure-threshold is -1", c -> c.failureThreshold(-1)),
                bad("error-rate-threshold is 1.1", c -> c.errorRateThreshold(1.1)),
                bad("local-pause-limit is 50ms, but must be 0 (off)", c -> c.localPauseLimit(Duration.ofMillis(50))),
                bad("stream-silence is 99ms, but must be 0 (off)", c -> c.streamSilence(Duration.ofMillis(99))),
                bad("stream-silence is 61m", c -> c.streamSilence(Duration.ofMinutes(61))),
                bad("permit-timeout is 2h", c -> c.permitTimeout(Duration.ofHours(2))),
                bad(
                        "permit-timeout is 2s, but must be at least",
                        c -> c.permitTimeout(Duration.ofSeconds(2)).p99Threshold(Duration.ofSeconds(3))),
                bad("recovery-timeout is 30ms", c -> c.recoveryTimeout(Duration.ofMillis(30))),
                bad("half-open-requests is 0", c -> c.halfOpenRequests(0)),
                bad(
                        "half-open-successes is 4, but must be from 1 to half-open-requests (3)",
                        c -> c.halfOpenSuccesses(4)),
                bad("half-open-timeout is 1ms", c -> c.halfOpenTimeout(Duration.ofMillis(1))),
                bad("sampling-rate is -0.1", c -> c.samplingRate(-0.1)),
                bad("pass is OPEN_RISK", c -> c.pass(Set.of(Intent.OPEN_RISK))),
                bad("probe.timeout is 1ms", c -> c.probeTimeout(Duration.ofMillis(1))),
                bad(
                        "recovery.base-delay is 1ms",
                        c -> c.recovery(new RecoveryPolicy(Duration.ofMillis(1), Duration.ofMinutes(1), 2, 0))),
                bad(
                        "recovery.max-delay is 1s, but must be at least recovery.base-delay (2s)",
                        c -> c.recovery(new RecoveryPolicy(Duration.ofSeconds(2), Duration.ofSeconds(1), 2, 0))),
                bad(
                        "recovery.multiplier is 0.5",
                        c -> c.recovery(new RecoveryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(2), 0.5, 0))),
                bad(
                        "recovery.jitter-factor is 2.0",
                        c -> c.recovery(new RecoveryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(2), 2, 2))));
    }

    private static Arguments bad(String message, Consumer<BreakerConfigBuilder> change) {
        return arguments(message, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badValues")
    void badValue_isRefused(String message, Consumer<BreakerConfigBuilder> change) {
        assertThatThrownBy(() -> BreakerConfig.DEFAULT.with(change))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void latencyThreshold_followsThePercentilesUnlessSet() {
        BreakerConfig changed = BreakerConfig.DEFAULT.with(c -> c.p99Threshold(Duration.ofMillis(300)));
        assertThat(changed.latencyThreshold()).isEqualTo(Duration.ofMillis(300));
        assertThat(changed.with(c -> c.p99Threshold(Duration.ofMillis(100))).latencyThreshold())
                .isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void builtInLimits_areTheDocumentedOnes() {
        BreakerConfig c = BreakerConfig.DEFAULT;
        assertThat(c.p99Threshold()).isEqualTo(Duration.ofMillis(200));
        assertThat(c.latencyThreshold()).isEqualTo(Duration.ofMillis(200));
        assertThat(c.windowSize()).isEqualTo(1000);
        assertThat(c.minimumSamples()).isEqualTo(300);
        assertThat(c.confidence()).isNull();
        assertThat(c.streamSilence()).isZero();
        assertThat(c.recoveryTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(c.pass()).containsExactlyInAnyOrder(Intent.REDUCE, Intent.CANCEL, Intent.QUERY);
    }

    @Test
    void badNamesAndParents_areRefused() {
        assertThatThrownBy(() -> new Desk().breaker("Node", c -> {}).registry()).hasMessageContaining("must match");
        assertThatThrownBy(() -> new Desk().breaker("x".repeat(64), c -> {}).registry())
                .hasMessageContaining("must match");
        assertThatThrownBy(() -> new Desk().registry().breaker("a\nb")).hasMessageContaining("breakers is a b, but");
        assertThatThrownBy(() -> new Desk()
                        .breaker("a-b", c -> {})
                        .breaker("ab", c -> {})
                        .registry())
                .hasMessageContaining("dashes");
        assertThatThrownBy(() -> Desk.of(c -> c.parent("nobody")).registry())
                .hasMessage("breaker 'trading': parent is nobody, but must be one of the breakers declared: [trading]");
        assertThatThrownBy(() -> new Desk()
                        .breaker("a", c -> c.parent("b"))
                        .breaker("b", c -> c.parent("c"))
                        .breaker("c", c -> c.parent("a"))
                        .registry())
                .hasMessage("breaker 'c': parent is a, but must not lead back to itself: a → b → c → a");
    }

    @Test
    void durationsBeyondAnyClock_areRefusedAsOthers() {
        assertThatThrownBy(() -> BreakerConfig.DEFAULT.with(
                        c -> c.recoveryTimeout(Duration.ofSeconds(Long.MAX_VALUE, 500_000_000))))
                .isInstanceOf(InvalidConfigException.class);
        assertThatThrownBy(() -> BreakerConfig.DEFAULT.with(c -> c.p99Threshold(Duration.ofSeconds(Long.MIN_VALUE, 1))))
                .isInstanceOf(InvalidConfigException.class);
    }

    @Test
    void undeclaredNames_areMadeOrRefused() {
        assertThat(new Desk().registry().find("new")).isNull();
        assertThat(new Desk().breaker("new").config().windowSize()).isEqualTo(1000);
        try (BreakerRegistry strict =
                BreakerRegistry.builder().refuseUndeclared().build()) {
            assertThatThrownBy(() -> strict.breaker("typo"))
                    .hasMessage("breakers is typo, but must be one of those declared: [trading]");
            assertThat(strict.breaker("trading")).isNotNull();
            assertThat(strict.find("typo")).isNull();
        }
    }

    @Test
    void valuesAtTheEdges_areAllowed() {
        Duration second = Duration.ofSeconds(1);
        Duration hour = Duration.ofHours(1);
        Duration day = Duration.ofDays(1);
        BreakerConfig least = BreakerConfig.DEFAULT.with(c -> c.p99Threshold(Duration.ofMillis(1))
                .percentile(0.001)
                .windowSize(1)
                .windowAge(second)
                .minimumSamples(1)
                .confidence(0.5)
                .localPauseLimit(Duration.ofMillis(100))
                .streamSilence(Duration.ofMillis(100))
                .permitTimeout(second)
                .recoveryTimeout(Duration.ofMillis(100))
                .halfOpenRequests(1)
                .halfOpenSuccesses(1)
                .halfOpenTimeout(Duration.ofMillis(100))
                .probeTimeout(Duration.ofMillis(10))
                .recovery(new RecoveryPolicy(Duration.ofMillis(100), Duration.ofMillis(100), 1, 1)));
        assertThat(least.latencyThreshold()).isEqualTo(Duration.ofMillis(1));
        BreakerConfig most = BreakerConfig.DEFAULT.with(c -> c.p99Threshold(hour)
                .percentile(100)
                .windowSize(100_000)
                .windowAge(day)
                .minimumSamples(100_000)
                .failureThreshold(1_000_000)
                .localPauseLimit(Duration.ofSeconds(10))
                .streamSilence(hour)
                .permitTimeout(hour)
                .recoveryTimeout(day)
                .halfOpenRequests(10_000)
                .halfOpenSuccesses(10_000)
                .halfOpenTimeout(day)
                .probeTimeout(Duration.ofMinutes(5))
                .recovery(new RecoveryPolicy(day, day, 100, 0)));
        assertThat(most.permitTimeout()).isEqualTo(hour);
    }

    @Test
    void badValue_isGivenWithItsPropertyAndWhatIsAllowed() {
        assertThatThrownBy(() -> BreakerConfig.DEFAULT.with(c -> c.windowSize(0)))
                .isInstanceOfSatisfying(InvalidConfigException.class, e -> {
                    assertThat(e.property()).isEqualTo("window-size");
                    assertThat(e.value()).isEqualTo("0");
                    assertThat(e.allowed()).isEqualTo("must be from 1 to 100000");
                });
        assertThatThrownBy(() -> BreakerConfig.DEFAULT.with(c -> c.windowAge(Duration.ofHours(25))))
                .hasMessage("window-age is 25h, but must be from 1s to 1d");
        assertThatThrownBy(() -> BreakerConfig.DEFAULT.with(c -> c.latencyThreshold(Duration.ofNanos(1_500))))
                .hasMessageStartingWith("latency-threshold is 0.002ms, but must be from 1ms to 1h");
        assertThatThrownBy(() -> BreakerConfig.DEFAULT.with(
                        c -> c.permitTimeout(Duration.ofSeconds(2)).latencyThreshold(Duration.ofSeconds(90))))
                .hasMessage("permit-timeout is 2s, but must be at least p99-threshold and latency-threshold (90s)");
        assertThatThrownBy(() -> new RecoveryPolicy(Duration.ofSeconds(1), Duration.ofDays(2), 2, 0))
                .hasMessage("recovery.max-delay is 2d, but must be from 100ms to 1d");
    }

    @Test
    void settingsOfUndeclaredBreakers_mayNameAParent_whichIsOffForTheRunOfFailuresAndNotItsOwn() {
        BreakerConfig undeclared = BreakerConfig.DEFAULT.with(c -> c.parent("trading"));
        try (BreakerRegistry registry =
                BreakerRegistry.builder().undeclared(undeclared).build()) {
            assertThat(registry.breaker("node").parent()).isSameAs(registry.breaker("trading"));
            assertThat(registry.breaker("trading").parent()).isNull();
            assertThat(registry.breaker("trading").config().failureThreshold()).isZero();
            assertThat(registry.breaker("node").config().failureThreshold()).isEqualTo(5);
        }
        assertThatThrownBy(() -> BreakerRegistry.builder()
                        .undeclared(undeclared.with(c -> c.parent("nobody")))
                        .build())
                .hasMessageStartingWith("parent is nobody");
    }
}

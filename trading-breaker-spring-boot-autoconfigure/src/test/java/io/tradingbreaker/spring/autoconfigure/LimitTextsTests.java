package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.RecoveryPolicy;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.actuate.CircuitBreakerEndpoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.actuate.endpoint.SecurityContext;

/** That no limit was forgotten where limits are listed by hand. */
class LimitTextsTests {

    /** With a value for each that is not the built-in one; the limits of a policy go with it. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("mode", "observe"),
            Map.entry("p99-threshold", "300ms"),
            Map.entry("latency-threshold", "1s"),
            Map.entry("percentile", "95"),
            Map.entry("window-size", "500"),
            Map.entry("max-keys", "50"),
            Map.entry("when-keys-full", "refuse"),
            Map.entry("key-idle-timeout", "5m"),
            Map.entry("window-age", "30s"),
            Map.entry("minimum-samples", "100"),
            Map.entry("confidence", "0.999"),
            Map.entry("failure-threshold", "7"),
            Map.entry("error-rate-threshold", "0.25"),
            Map.entry("local-pause-limit", "3s"),
            Map.entry("stream-silence", "2s"),
            Map.entry("permit-timeout", "1m"),
            Map.entry("recovery-timeout", "10s"),
            Map.entry("half-open-requests", "5"),
            Map.entry("half-open-successes", "1"),
            Map.entry("half-open-timeout", "20s"),
            Map.entry("sampling-rate", "0.5"),
            Map.entry("pass", "cancel"),
            Map.entry("recovery.base-delay", "2s"),
            Map.entry("recovery.max-delay", "10m"),
            Map.entry("recovery.multiplier", "3"),
            Map.entry("recovery.jitter-factor", "0.2"),
            Map.entry("resume.policy", "limited"),
            Map.entry("resume.limit", "5"),
            Map.entry("resume.period", "1h"),
            Map.entry("probe.timeout", "2s"));

    private final LimitTexts texts = new LimitTexts();

    static List<String> keys() {
        return new LimitTexts().keys();
    }

    @Test
    void everyKeyOfABreaker_canChangeOrSaysWhyNot() {
        assertThat(texts.keys()).containsExactlyInAnyOrderElementsOf(OTHERS.keySet());
        assertThat(PropertyKeys.ofABreaker())
                .containsAll(texts.keys())
                .filteredOn(key -> !texts.keys().contains(key))
                .contains("parent", "ignore-exceptions", "record-exceptions", "probe.type", "probe.token")
                .allMatch(key -> texts.whyFixed(key) != null);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyKey_changesItsLimitAndNoOther(String key) {
        BreakerConfig changed = put(BreakerConfig.DEFAULT, key);

        assertThat(changed).isNotEqualTo(BreakerConfig.DEFAULT);
        for (String other : keys()) {
            if (!isTied(key, other)) {
                assertThat(put(changed, other)).as(other).isNotEqualTo(changed);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void changeOfEveryKey_isCarriedOver(String key) {
        BreakerConfig changed = put(BreakerConfig.DEFAULT, key);

        assertThat(carried(BreakerConfig.DEFAULT, changed, BreakerConfig.DEFAULT))
                .isEqualTo(changed);
        assertThat(carried(changed, BreakerConfig.DEFAULT, changed)).isEqualTo(BreakerConfig.DEFAULT);
        assertThat(carried(changed, changed, BreakerConfig.DEFAULT)).isEqualTo(BreakerConfig.DEFAULT);
    }

    @Test
    void latencyThresholdOfAHand_survivesAChangeOfTheP99Threshold() {
        BreakerConfig byHand = put(BreakerConfig.DEFAULT, "latency-threshold");
        BreakerConfig after = put(BreakerConfig.DEFAULT, "p99-threshold");

        BreakerConfig carried = carried(BreakerConfig.DEFAULT, after, byHand);
        assertThat(carried.p99Threshold()).hasMillis(300);
        assertThat(carried.latencyThreshold()).hasSeconds(1);
    }

    private BreakerConfig put(BreakerConfig present, String key) {
        Map<String, String> limits = key.startsWith("resume.") ? resume(key) : Map.of(key, OTHERS.get(key));
        return present.with(builder -> texts.read(limits).accept(present, builder));
    }

    private static Map<String, String> resume(String key) {
        Map<String, String> limits = new HashMap<>(Map.of("resume.policy", "limited"));
        limits.put(key, OTHERS.get(key));
        return limits;
    }

    private static BreakerConfig carried(BreakerConfig before, BreakerConfig after, BreakerConfig present) {
        return present.with(builder -> new ChangedLimits(before, after).putOver(present, builder));
    }

    /** Whether a change of the one makes the other what it would become. */
    private static boolean isTied(String key, String other) {
        return key.equals(other) || (key.startsWith("resume.") && other.equals("resume.policy"));
    }

    @Test
    void restOfAPolicy_thatASingleKeysBreakerHasByItself_stays() {
        BreakerRegistry registry = BreakerRegistry.builder().build();
        try (registry) {
            TradingBreaker own = registry.keyed("trading").of("fra1");
            own.retune(
                    limits -> limits.recovery(new RecoveryPolicy(Duration.ofSeconds(1), Duration.ofMinutes(2), 3, 0)),
                    "",
                    null);
            CircuitBreakerEndpoint endpoint =
                    new CircuitBreakerEndpoint(registry, name -> null, name -> List.of(), null, texts);

            endpoint.actOn(
                    SecurityContext.NONE,
                    new String[] {"trading"},
                    "retune",
                    "",
                    null,
                    null,
                    null,
                    null,
                    Map.of("recovery.base-delay", "2s"));
            assertThat(own.config().recovery())
                    .isEqualTo(new RecoveryPolicy(Duration.ofSeconds(2), Duration.ofMinutes(2), 3, 0));

            endpoint.actOnAll(SecurityContext.NONE, "retune", "", null, null, Map.of("recovery.base-delay", "3s"));
            assertThat(own.config().recovery())
                    .isEqualTo(new RecoveryPolicy(Duration.ofSeconds(3), Duration.ofMinutes(2), 3, 0));
            assertThat(registry.breaker("trading").config().recovery().maxDelay())
                    .hasMinutes(5);
        }
    }
}

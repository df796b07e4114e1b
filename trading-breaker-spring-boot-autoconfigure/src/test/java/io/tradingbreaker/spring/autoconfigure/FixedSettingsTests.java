package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradingbreaker.InvalidConfigException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.mock.env.MockEnvironment;

/** Settings that were fixed ahead of time. */
class FixedSettingsTests {

    @ParameterizedTest
    @CsvSource({
        "http.guards[0].uri,   http://node/**,  set,   unset",
        "http.enabled,         false,           false, true",
        "grpc.guards[0].method, a.B/*,          set,   unset",
        "store.path,           halts,           file,  none",
        "store.type,           jdbc,            jdbc,  none",
        "webhook.url,          http://desk/,    set,   unset",
        "dashboard.enabled,    no,              false, true",
        "metrics.enabled,      false,           false, true",
        "audit.enabled,        false,           false, true",
        "web.enabled,          false,           false, true",
        "observation.enabled,  true,            true,  false",
    })
    void settingThatChoosesBeans_mustBeAsItWas(String property, String value, String now, String then) {
        MockEnvironment built = new MockEnvironment();
        MockEnvironment started = with("trading-breaker." + property, value);

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> new FixedSettings(FixedSettings.of(built), started).check())
                .satisfies(refused -> {
                    assertThat(refused.value()).isEqualTo(now);
                    assertThat(refused.allowed()).startsWith("must be " + then + ", as it was when");
                });
        assertThatCode(() -> new FixedSettings(FixedSettings.of(started), started).check())
                .doesNotThrowAnyException();
    }

    @Test
    void switchedOnLater_isRefused() {
        MockEnvironment built = with("trading-breaker.enabled", "false");

        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> new FixedSettings(FixedSettings.of(built), new MockEnvironment()).check())
                .withMessageContaining("must be false");
    }

    @Test
    void otherSettings_areFree() {
        MockEnvironment built = with("trading-breaker.http.guards[0].uri", "http://a/**");
        MockEnvironment started = with("trading-breaker.http.guards[0].uri", "http://b/**");
        started.setProperty("trading-breaker.breakers.node.p99-threshold", "100ms");

        assertThatCode(() -> new FixedSettings(FixedSettings.of(built), started).check())
                .doesNotThrowAnyException();
    }

    @Test
    void switchedOff_mayAlwaysBe() {
        MockEnvironment started = with("trading-breaker.enabled", "false");
        started.setProperty("trading-breaker.store.path", "halts");

        assertThatCode(() -> new FixedSettings(FixedSettings.of(new MockEnvironment()), started).check())
                .doesNotThrowAnyException();
    }

    @Test
    void plainStart_isAsItIs() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TradingBreakerAutoConfiguration.class))
                .withPropertyValues("spring.main.lazy-initialization=true", "trading-breaker.dashboard.enabled=false")
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(FixedSettings.class);
                    assertThat(FixedSettings.of(context.getEnvironment()))
                            .containsAllEntriesOf(Map.of("dashboard.enabled", "false", "store.type", "none"));
                });
    }

    @Test
    void plainStart_takesPropertiesThatComeLate() {
        MockEnvironment late = with("trading-breaker.webhook.url", "http://desk/");

        assertThatCode(() -> new FixedSettings(FixedSettings.of(new MockEnvironment()), late).afterPropertiesSet())
                .doesNotThrowAnyException();
    }

    private static MockEnvironment with(String property, String value) {
        return new MockEnvironment().withProperty(property, value);
    }
}

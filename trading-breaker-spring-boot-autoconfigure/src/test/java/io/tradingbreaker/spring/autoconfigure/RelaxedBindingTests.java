package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Every spelling and every place that Spring Boot accepts, from real files; a later file beats an earlier one. */
class RelaxedBindingTests {

    @TempDir
    Path directory;

    private final List<String> arguments = new ArrayList<>();
    private final StandardEnvironment environment = new StandardEnvironment();

    @ParameterizedTest
    @ValueSource(strings = {"p99-threshold", "p99Threshold", "p99_threshold", "P99-THRESHOLD"})
    void spellingOfKey_doesNotMatter(String key) throws IOException {
        start(
                registry -> assertThat(p99(registry, "node")).isEqualTo(Duration.ofMillis(90)),
                "trading-breaker: { breakers: { node: { " + key + ": 90ms } } }");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trading-breaker", "tradingBreaker", "trading_breaker"})
    void spellingOfPrefix_doesNotMatter(String prefix) throws IOException {
        start(
                registry -> assertThat(p99(registry, "node")).isEqualTo(Duration.ofMillis(90)),
                prefix + ": { breakers: { node: { p99-threshold: 90ms } } }");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--trading-breaker.breakers.node.p99-threshold=90ms",
                "--trading-breaker.breakers.node.p99Threshold=90ms",
                "--spring.application.json={\"trading-breaker\":{\"breakers\":{\"node\":{\"p99-threshold\":\"90ms\"}}}}"
            })
    void argument_beatsFile(String argument) throws IOException {
        arguments.add(argument);
        start(
                registry -> assertThat(p99(registry, "node")).isEqualTo(Duration.ofMillis(90)),
                "trading-breaker: { breakers: { node: { p99-threshold: 150ms } } }");
    }

    @Test
    void systemProperty_beatsFile() throws IOException {
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
                        new MapPropertySource(
                                StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
                                Map.of("trading-breaker.breakers.node.p99Threshold", "90ms")));
        start(
                registry -> assertThat(p99(registry, "node")).isEqualTo(Duration.ofMillis(90)),
                "trading-breaker: { breakers: { node: { p99-threshold: 150ms } } }");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trading-breaker:",
                "trading-breaker: { defaults: , breakers: }",
                "trading-breaker: { breakers: { node: } }",
                "trading-breaker: { breakers: { node: {} } }",
                "trading-breaker: { breakers: { node: { recovery: , probe: } } }",
                "trading-breaker: { breakers: { node: { recovery: { max-delay: } } } }"
            })
    void blankBlock_leavesLowerSource(String blank) throws IOException {
        start(
                registry -> {
                    BreakerConfig node = registry.find("node").config();
                    assertThat(node.windowSize()).isEqualTo(500);
                    assertThat(node.recovery().baseDelay()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(node.probeTimeout()).isEqualTo(Duration.ofSeconds(4));
                    assertThat(node.windowAge()).isEqualTo(Duration.ofSeconds(20));
                },
                """
                trading-breaker:
                  defaults: { window-age: 20s }
                  breakers:
                    node: { window-size: 500, recovery: { base-delay: 3s }, probe: { timeout: 4s } }
                """,
                blank);
    }

    @Test
    void blankValues_countAsUnset() throws IOException {
        start(
                registry -> {
                    assertThat(registry.find("trading").config())
                            .isEqualTo(BreakerConfig.DEFAULT.with(c -> c.failureThreshold(5)));
                    assertThat(registry.isDeclared("node")).isTrue();
                },
                """
                trading-breaker:
                  enabled:
                  undeclared:
                  defaults: { latency-threshold: , parent: , window-size: , mode: }
                  breakers: { node: }
                """);
    }

    @Test
    void blankBlock_hidesTextInItsPlace() throws IOException {
        start(
                registry ->
                        assertThat(registry.find("node").config().windowSize()).isEqualTo(500),
                "trading-breaker: { breakers: { node: { window-size: 500 } } }",
                "trading-breaker: { breakers: { node: fast } }",
                "trading-breaker: { breakers: { node: } }");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trading-breaker: { breakers: { node: fast } }",
                "trading-breaker: { breakers: fast }",
                "trading-breaker: { breakers: { node: { recovery: fast } } }"
            })
    void textForBlock_refusedThoughLowerSourceHasTheBlock(String text) {
        assertThatThrownBy(() -> start(
                        registry -> {},
                        "trading-breaker: { breakers: { node: { recovery: { base-delay: 3s } } } }",
                        text))
                .hasRootCauseMessage("text in the place of a block")
                .hasStackTraceContaining(BindException.class.getName());
    }

    private void start(Consumer<BreakerRegistry> check, String... files) throws IOException {
        List<String> locations = new ArrayList<>();
        for (String file : files) {
            Path written = directory.resolve(locations.size() + ".yml");
            locations.add(Files.writeString(written, file).toUri().toString());
        }
        arguments.add("--spring.config.location=" + String.join(",", locations));
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .environment(environment)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .run(arguments.toArray(String[]::new))) {
            check.accept(context.getBean(BreakerRegistry.class));
        }
    }

    private static Duration p99(BreakerRegistry registry, String breaker) {
        return registry.find(breaker).config().p99Threshold();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(TradingBreakerAutoConfiguration.class)
    static class Application {}
}

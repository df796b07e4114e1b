package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.aop.LatencyGuardedAdvisor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Breakers {@code node} and {@code jupiter-quote} are configured; variables tune them, or fail to. */
@ExtendWith(OutputCaptureExtension.class)
class EnvironmentVariablesTests {

    private ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TradingBreakerAutoConfiguration.class))
            .withPropertyValues(
                    "trading-breaker.breakers.node.window-size=500",
                    "trading-breaker.breakers.jupiter-quote.window-size=600");

    @ParameterizedTest
    @CsvSource({
        "TRADINGBREAKER_BREAKERS_NODE_P99THRESHOLD, 90ms, node, PT0.09S",
        "TRADINGBREAKER_BREAKERS_NODE_P99THRESHOLD, '', node, PT0.2S",
        "TRADINGBREAKER_BREAKERS_NODE_RECOVERY_BASEDELAY, 2s, node, PT2S",
        "TRADINGBREAKER_BREAKERS_NODE_PROBE_TIMEOUT, 3s, node, PT3S",
        "TRADINGBREAKER_BREAKERS_NODE_MODE, observe, node, OBSERVE",
        "TRADINGBREAKER_BREAKERS_NODE_PASS, 'query,cancel', node, '[CANCEL, QUERY]'",
        "TRADINGBREAKER_BREAKERS_NODE_PASS_0, query, node, [QUERY]",
        "TRADINGBREAKER_BREAKERS_NODE_RECORDEXCEPTIONS_0_, java.io.IOException, node, java.io.IOException",
        "TRADINGBREAKER_DEFAULTS_P99THRESHOLD, 90ms, trading, PT0.09S",
        "TRADINGBREAKER_BREAKERS_TRADING_P99THRESHOLD, 90ms, trading, PT0.09S",
        "TRADINGBREAKER_BREAKERS_JUPITERQUOTE_P99THRESHOLD, 90ms, jupiter-quote, PT0.09S",
        "TRADINGBREAKER_BREAKERS_JUPITERQUOTE, '', jupiter-quote, PT0.2S",
        // Boot's older form: every dash as an underscore.
        "TRADINGBREAKER_BREAKERS_NODE_P99_THRESHOLD, 90ms, node, PT0.09S",
        "TRADING_BREAKER_BREAKERS_NODE_P99_THRESHOLD, 90ms, node, PT0.09S",
        "TRADING_BREAKER_BREAKERS_JUPITER_QUOTE_P99_THRESHOLD, 90ms, jupiter-quote, PT0.09S",
        "TRADING_BREAKER_DEFAULTS_RECOVERY_BASE_DELAY, 2s, node, PT2S",
        // Names that a shell cannot set, but a container can.
        "trading-breaker.breakers.node.p99-threshold, 90ms, node, PT0.09S"
    })
    void formThatBinds_tunesWithoutWarning(
            String variable, String value, String breaker, String effect, CapturedOutput output) {
        run(Map.of(variable, value), context -> {
            BreakerConfig config =
                    context.getBean(BreakerRegistry.class).find(breaker).config();
            assertThat(effects(config)).contains(effect);
            assertThat(breakers(context)).containsExactlyInAnyOrder("jupiter-quote", "node", "trading");
            assertThat(output).doesNotContain("WARN");
        });
    }

    @Test
    void olderFormBesideTheOther_isLostAndReported(CapturedOutput output) {
        run(
                Map.of(
                        "TRADINGBREAKER_BREAKERS_NODE_MODE", "observe",
                        "TRADING_BREAKER_BREAKERS_NODE_P99_THRESHOLD", "90ms"),
                context -> {
                    assertThat(effects(context.getBean(BreakerRegistry.class)
                                    .find("node")
                                    .config()))
                            .contains("OBSERVE", "PT0.2S");
                    assertThat(warnings(output))
                            .singleElement()
                            .asString()
                            .endsWith("Environment variable TRADING_BREAKER_BREAKERS_NODE_P99_THRESHOLD has no effect:"
                                    + " write TRADINGBREAKER_BREAKERS_NODE_P99THRESHOLD");
                });
    }

    @Test
    void nameWithoutItsDashes_keepsLimitsOfFile() {
        run(
                Map.of("TRADINGBREAKER_BREAKERS_JUPITERQUOTE_P99THRESHOLD", "90ms"),
                context -> assertThat(context.getBean(BreakerRegistry.class)
                                .find("jupiter-quote")
                                .config()
                                .windowSize())
                        .isEqualTo(600));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    TRADINGBREAKER_BREAKERS_NODE_P99THRESHOLDD          | there is no such property or breaker; the nearest is TRADINGBREAKER_BREAKERS_NODE_P99THRESHOLD
                    TRADINGBREAKER_BREAKERS_JUPITER_QUOTE_P99THRESHOLD  | write TRADINGBREAKER_BREAKERS_JUPITERQUOTE_P99THRESHOLD
                    TRADING_BREAKER_BREAKERS_NODE_P99THRESHOLD          | write TRADINGBREAKER_BREAKERS_NODE_P99THRESHOLD
                    TRADING_BREAKER_STALLCHECKINTERVAL                  | write TRADINGBREAKER_STALLCHECKINTERVAL
                    TRADING_BREAKER_BREAKERS_VENUE_MODE                 | there is no such property or breaker; the form is TRADINGBREAKER_BREAKERS_<NAME>_<KEY>, without dashes
                    TRADINGBREAKER_ENABLE                               | there is no such property or breaker; the nearest is TRADINGBREAKER_ENABLED
                    TRADING_BREAKER_WEB                                 | there is no such property or breaker; the form is TRADINGBREAKER_BREAKERS_<NAME>_<KEY>, without dashes
                    TRADINGBREAKER_BREAKERS_NODE_SERVICE_HOST           | there is no such property or breaker; the form is TRADINGBREAKER_BREAKERS_<NAME>_<KEY>, without dashes
                    TRADINGBREAKER_DEFAULTS_P99THRESHOLD_0              | there is no such property or breaker; the nearest is TRADINGBREAKER_DEFAULTS_P99THRESHOLD
                    """)
    void formThatDoesNotBind_isReportedWithoutItsValue(String variable, String remedy, CapturedOutput output) {
        run(Map.of(variable, "my-secret"), context -> {
            assertThat(context).hasNotFailed();
            assertThat(warnings(output))
                    .singleElement()
                    .asString()
                    .endsWith("Environment variable " + variable + " has no effect: " + remedy);
            assertThat(output).doesNotContain("my-secret");
            assertThat(breakers(context)).containsExactlyInAnyOrder("jupiter-quote", "node", "trading");
        });
    }

    @Test
    void breakerInVariablesAlone_isMadeAndReported(CapturedOutput output) {
        run(
                Map.of(
                        "TRADINGBREAKER_BREAKERS_NODEE_P99THRESHOLD", "93ms",
                        "TRADINGBREAKER_BREAKERS_NODEE_MODE", "observe"),
                context -> {
                    assertThat(breakers(context)).contains("nodee");
                    assertThat(warnings(output))
                            .singleElement()
                            .asString()
                            .endsWith("Breaker 'nodee' is configured by environment variables alone:"
                                    + " TRADINGBREAKER_BREAKERS_NODEE_MODE, TRADINGBREAKER_BREAKERS_NODEE_P99THRESHOLD."
                                    + " If there should be one of that name, declare it in a file too, if only by"
                                    + " 'nodee:'. Configured elsewhere are [jupiter-quote, node, trading].");
                    assertThat(output).doesNotContain("93ms");
                });
    }

    @Test
    void misspeltSystemProperty_isReported(CapturedOutput output) {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
                                new MapPropertySource(
                                        StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
                                        Map.of(
                                                "trading-breaker.breakers.node.p98-threshold", "my-secret",
                                                "trading-breaker.breakers.node.windowAge", "30s"))))
                .run(context -> {
                    assertThat(warnings(output))
                            .singleElement()
                            .asString()
                            .endsWith("System property trading-breaker.breakers.node.p98-threshold has no effect: there"
                                    + " is no such property or breaker; the nearest is"
                                    + " trading-breaker.breakers.node.p99-threshold");
                    assertThat(output).doesNotContain("my-secret");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRADING_BREAKER_SERVICE_HOST",
                "TRADING_BREAKER_SERVICE_PORT_HTTP",
                "TRADINGBREAKER_PORT",
                "TRADING_BREAKER_PORT_8080_TCP_ADDR",
                "TRADING_BREAKER_DASHBOARD_SERVICE_HOST",
                "TRADING_BREAKER_DASHBOARD_SERVICE_PORT_HTTP",
                "TRADING_BREAKER_DASHBOARD_PORT",
                "TRADING_BREAKER_DASHBOARD_PORT_80_TCP_ADDR",
                "TRADING_BREAKER",
                "TRADINGBREAKER",
                "MY_TRADING_BREAKER_HOME",
                "TRADINGBREAKERS"
            })
    void variableOfOthers_isLeftAlone(String variable, CapturedOutput output) {
        run(Map.of(variable, "x"), context -> {
            assertThat(context).hasNotFailed();
            assertThat(output).doesNotContain("WARN");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ASPECT", "WEB", "HEALTH", "METRICS"})
    void variableNamedAsBlock_leavesTheBlock(String block) {
        runner = runner.withConfiguration(AutoConfigurations.of(LatencyGuardedAutoConfiguration.class))
                .withPropertyValues("trading-breaker.web.enabled=false", "trading-breaker.aspect.order= ");
        run(Map.of("TRADING_BREAKER_" + block, "http://sibling"), context -> {
            TradingBreakerProperties properties = context.getBean(TradingBreakerProperties.class);
            assertThat(properties.web().enabled()).isFalse();
            assertThat(properties.health().openStatus()).isEqualTo("OUT_OF_SERVICE");
            assertThat(properties.metrics().enabled()).isTrue();
            assertThat(context.getBean(LatencyGuardedAdvisor.class).getOrder())
                    .isEqualTo(properties.aspect().order());
        });
    }

    @Test
    void manyBreakersInVariablesAlone_areReportedUpToTwenty(CapturedOutput output) {
        Map<String, Object> many = IntStream.range(0, 100)
                .boxed()
                .collect(Collectors.toMap("TRADINGBREAKER_BREAKERS_N%02d_P99THRESHOLD"::formatted, i -> "93ms"));
        run(many, context -> {
            assertThat(breakers(context)).hasSize(103);
            assertThat(warnings(output)).hasSize(21);
            assertThat(output)
                    .contains("Breaker 'n19' is configured by environment variables alone")
                    .contains("80 more breakers are configured by environment variables alone")
                    .doesNotContain("'n20'");
        });
    }

    @Test
    void hostileNames_areMadeSafeAndBounded(CapturedOutput output) {
        Map<String, Object> hostile = IntStream.range(0, 100)
                .mapToObj(i -> "TRADING_BREAKER_X%02d\n2026 ERROR forged %s".formatted(i, "x".repeat(1000)))
                .collect(Collectors.toMap(Function.identity(), name -> "x"));
        run(hostile, context -> {
            assertThat(warnings(output)).hasSize(21).allMatch(line -> line.length() < 1000);
            assertThat(output).contains("80 more of that kind have no effect either");
            assertThat(output.toString().lines()).noneMatch(line -> line.startsWith("2026 ERROR"));
        });
    }

    private void run(Map<String, ?> variables, ContextConsumer<AssertableApplicationContext> check) {
        runner.withInitializer(context -> {
                    MutablePropertySources sources = context.getEnvironment().getPropertySources();
                    sources.remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
                    sources.addFirst(new SystemEnvironmentPropertySource(
                            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.copyOf(variables)));
                })
                .run(check);
    }

    private static List<String> effects(BreakerConfig config) {
        return List.of(
                config.p99Threshold().toString(),
                config.recovery().baseDelay().toString(),
                config.probeTimeout().toString(),
                config.mode().toString(),
                config.pass().stream().map(Intent::toString).sorted().toList().toString(),
                config.recordExceptions().get(0).getName());
    }

    private static List<String> breakers(AssertableApplicationContext context) {
        return context.getBean(BreakerRegistry.class).breakers().stream()
                .map(TradingBreaker::name)
                .toList();
    }

    private static List<String> warnings(CapturedOutput output) {
        return output.toString().lines().filter(line -> line.contains("WARN")).toList();
    }
}

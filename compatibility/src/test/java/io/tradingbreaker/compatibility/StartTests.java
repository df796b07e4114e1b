package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.spring.aop.LatencyGuarded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts that fail, and starts of applications that lack something. */
@ExtendWith(OutputCaptureExtension.class)
class StartTests {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    half-open-successes: 9 | Value: "9"    | 4:28 | it must be from 1 to half-open-requests (3)
                    p98-threshold: 1s      | Value: "1s"   | 4:22 | p98-threshold
                    mode: watch            | Value: "watch"| 4:13 | watch
                    """)
    void badProperty_stopsTheStartWithItsLine(
            String line, String value, String position, String allowed, CapturedOutput output) throws IOException {
        Path yaml = Files.writeString(directory.resolve("bad.yml"), """
                trading-breaker:
                  breakers:
                    node:
                      %s
                """.formatted(line));

        assertThatThrownBy(() -> start("--spring.config.additional-location=" + yaml.toUri()))
                .isNotNull();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Property: trading-breaker.breakers.node." + line.substring(0, line.indexOf(':')))
                .contains(value)
                .contains("bad.yml] - " + position)
                .contains(allowed)
                .doesNotContain("\tat ");
    }

    @Test
    void badGuard_stopsTheStartWithItsPlace(CapturedOutput output) {
        assertThatThrownBy(() -> start("", BadDesk.class)).isNotNull();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains(BadDesk.class.getName() + ".buy")
                .contains("fallback = \"gone\"")
                .doesNotContain("\tat ");
    }

    @Test
    void healthSwitchedOff_thereIsNone() {
        try (ConfigurableApplicationContext context = start("--management.health.trading-breaker.enabled=false")) {
            assertThat(context.containsBean("tradingBreaker")).isTrue();
            assertThat(context.containsBean("tradingBreakerHealthIndicator")).isFalse();
        }
    }

    @Test
    void withoutAWebStackAndMeterRegistry_startsGuardsAndEnds() throws Exception {
        Path log = directory.resolve("without-web.log");
        Process application = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        ClassPath.without(
                                "spring-web-", "spring-webmvc-", "spring-webflux-", "tomcat-", "reactor-", "prometheus-",
                                "micrometer-registry-", "spring-boot-starter-web", "spring-boot-web",
                                "spring-boot-tomcat-", "spring-boot-servlet-", "jakarta.servlet"),
                        WithoutWeb.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(application.waitFor(60, TimeUnit.SECONDS)).as("ended by itself").isTrue();
        } finally {
            application.destroyForcibly();
        }
        assertThat(Files.readString(log, StandardCharsets.UTF_8))
                .contains(WithoutWeb.PRINTED)
                .contains("Breaker 'node' pauses at P99 over 150ms")
                .doesNotContain("\tat ");
        assertThat(application.exitValue()).isZero();
    }

    private static ConfigurableApplicationContext start(String argument, Class<?>... more) {
        return new SpringApplicationBuilder(TradingApplication.class)
                .sources(more)
                .web(WebApplicationType.NONE)
                .run(argument);
    }

    static class BadDesk {

        @LatencyGuarded(value = "node", fallback = "gone")
        public String buy(String symbol) {
            return symbol;
        }
    }
}

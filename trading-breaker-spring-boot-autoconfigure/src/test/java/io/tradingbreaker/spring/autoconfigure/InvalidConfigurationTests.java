package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starts real applications with bad input and reads what they print. */
@ExtendWith(OutputCaptureExtension.class)
class InvalidConfigurationTests {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    p99-threshold: -1ms         | must be 0 (off) or from 1ms to 1h
                    p99-threshold: 2h           | must be 0 (off) or from 1ms to 1h
                    latency-threshold: 0        | must be from 1ms to 1h
                    percentile: 0               | must be over 0, at most 100, with at most 3 decimals
                    percentile: 100.1           | must be over 0, at most 100, with at most 3 decimals
                    percentile: 99.99999        | must be over 0, at most 100, with at most 3 decimals
                    window-size: 0              | must be from 1 to 100000
                    window-age: 60              | must be from 1s to 1d (a number without a unit means milliseconds)
                    minimum-samples: 0          | must be from 1 to window-size (1000)
                    minimum-samples: 2000       | must be from 1 to window-size (1000)
                    confidence: 1               | must be from 0.5 to below 1, or unset
                    failure-threshold: -1       | must be from 0 to 1000000
                    error-rate-threshold: 1.5   | must be from 0 to 1
                    local-pause-limit: 1m       | must be 0 (off) or from 100ms to 10s
                    permit-timeout: 10ms        | must be from 1s to 1h
                    recovery-timeout: 60        | must be from 100ms to 1d
                    half-open-requests: 0       | must be from 1 to 10000
                    half-open-successes: 4      | must be from 1 to half-open-requests (3)
                    half-open-timeout: -5s      | must be from 100ms to 1d
                    sampling-rate: 2            | must be from 0 to 1
                    pass: open-risk             | must be of QUERY, CANCEL, REDUCE
                    record-exceptions: com.acme.Gone | must be the full name of an exception class
                    ignore-exceptions: java.lang.String | must be the full name of an exception class
                    """)
    void valueOutOfRange_namedWithValueLineAndAllowed(String line, String allowed, CapturedOutput output)
            throws IOException {
        String property = line.substring(0, line.indexOf(':'));
        String value = line.substring(line.indexOf(':') + 1).strip();

        fail("""
                trading-breaker:
                  breakers:
                    node:
                      %s
                """.formatted(line));

        assertThat(output)
                .contains("The configuration of breaker 'node' is not valid")
                .contains("Property: trading-breaker.breakers.node." + property)
                .contains("Value: \"" + value + "\"")
                .contains("application.yml] - 4:" + (9 + property.length()))
                .contains("Change trading-breaker.breakers.node." + property + ": it " + allowed);
        assertNoStackTrace(output);
    }

    @ParameterizedTest
    @CsvSource({
        "base-delay, 50ms, must be from 100ms to 1d",
        "max-delay, 10ms, must be from 100ms to 1d",
        "multiplier, 0.5, must be from 1 to 100",
        "jitter-factor, 7, must be from 0 to 1"
    })
    void recoveryOutOfRange_namedInFull(String property, String value, String allowed, CapturedOutput output)
            throws IOException {
        fail("""
                trading-breaker:
                  breakers:
                    node:
                      recovery: { %s: %s }
                """.formatted(property, value));

        assertThat(output)
                .contains("Property: trading-breaker.breakers.node.recovery." + property)
                .contains("Value: \"" + value + "\"")
                .contains("application.yml] - 4:")
                .contains(allowed);
        assertNoStackTrace(output);
    }

    @Test
    void badDefaults_namedAsDefaults(CapturedOutput output) throws IOException {
        fail("""
                trading-breaker:
                  defaults:
                    recovery-timeout: 60
                  breakers:
                    node:
                      mode: observe
                """);

        assertThat(output)
                .contains("Property: trading-breaker.defaults.recovery-timeout")
                .contains("Value: \"60\"")
                .contains("application.yml] - 3:23")
                .contains("recovery-timeout is 60ms, but must be from 100ms to 1d");
        assertNoStackTrace(output);
    }

    @Test
    void customizerAtFault_isBlamed_notTheLineThatItOverrides(CapturedOutput output) throws IOException {
        fail("""
                trading-breaker:
                  breakers:
                    node:
                      window-size: 700
                """, SetsANegativeWindow.class);

        assertThat(output)
                .contains("Property: trading-breaker.breakers.node.window-size")
                .contains("Value: \"-5\"")
                .contains("Origin: set in code, by a BreakerConfigCustomizer")
                .doesNotContain("application.yml]");
        assertNoStackTrace(output);
    }

    @Test
    void builtInValueInConflict_namesWhatWasSet(CapturedOutput output) throws IOException {
        fail("""
                trading-breaker:
                  breakers:
                    node:
                      window-size: 100
                """);

        assertThat(output)
                .contains("Property: trading-breaker.breakers.node.minimum-samples")
                .contains("Value: \"300\"")
                .contains("Origin: not set; this is the built-in value")
                .contains("It is limited by:")
                .contains("Property: trading-breaker.breakers.node.window-size")
                .contains("application.yml] - 4:20")
                .contains("must be from 1 to window-size (100), or change trading-breaker.breakers.node.window-size.");
        assertNoStackTrace(output);
    }

    @Test
    void stallCheckInterval_global(CapturedOutput output) throws IOException {
        fail("""
                trading-breaker:
                  stall-check-interval: 1ms
                """);

        assertThat(output)
                .contains("Property: trading-breaker.stall-check-interval")
                .contains("application.yml] - 2:25")
                .contains("must be from 5ms to 1s");
        assertNoStackTrace(output);
    }

    @Test
    void unknownParent_namedWhereItStands(CapturedOutput output) throws IOException {
        fail("""
                trading-breaker:
                  breakers:
                    node:
                      parent: venu
                    venue:
                      mode: enforce
                """);

        assertThat(output)
                .contains("Property: trading-breaker.breakers.node.parent")
                .contains("Value: \"venu\"")
                .contains("application.yml] - 4:15")
                .contains("must be one of the breakers declared: [node, trading, venue]");
        assertNoStackTrace(output);
    }

    @Test
    void parentsInCircle_pathShown(CapturedOutput output) throws IOException {
        fail("""
                trading-breaker:
                  breakers:
                    one:
                      parent: two
                    two:
                      parent: one
                """);

        assertThat(output).containsPattern("Property: trading-breaker.breakers.(one|two).parent");
        assertThat(output).contains("must not lead back to itself");
        assertNoStackTrace(output);
    }

    @ParameterizedTest
    @CsvSource({"Node_1, names must match", "9node, names must match"})
    void malformedName_namedWithLine(String name, String allowed, CapturedOutput output) throws IOException {
        fail("""
                trading-breaker:
                  breakers:
                    "[%s]":
                      mode: observe
                """.formatted(name));

        assertThat(output)
                .contains("The name of a breaker is not valid")
                .contains("Value: \"" + name + "\"")
                .contains("application.yml] - 4:13")
                .contains(allowed);
        assertNoStackTrace(output);
    }

    @Test
    void unknownProperty_refused(CapturedOutput output) throws IOException {
        fail("""
                trading-breaker:
                  breakers:
                    node:
                      p98-threshold: 1s
                """);

        assertThat(output)
                .contains("trading-breaker.breakers.node.p98-threshold")
                .contains("application.yml] - 4:22");
        assertNoStackTrace(output);
    }

    @Test
    void wrongType_valueAndChoicesShown(CapturedOutput output) throws IOException {
        fail("""
                trading-breaker:
                  defaults:
                    mode: watch
                """);

        assertThat(output)
                .contains("trading-breaker.defaults.mode")
                .contains("watch")
                .contains("application.yml] - 3:11")
                .contains("OBSERVE");
        assertNoStackTrace(output);
    }

    @Test
    void textForBreaker_refused(CapturedOutput output) throws IOException {
        fail("""
                trading-breaker:
                  breakers:
                    node: fast
                """);

        assertThat(output).contains("trading-breaker.breakers.node").contains("application.yml] - 3:11");
        assertNoStackTrace(output);
    }

    @Test
    void undeclaredRefused_methodAndChoicesShown(CapturedOutput output) throws IOException {
        fail("""
                trading-breaker:
                  undeclared: refuse
                  breakers:
                    node:
                """, Typo.class);

        assertThat(output)
                .contains("Place: " + Typo.class.getName() + ".buy()")
                .contains("Annotation: @LatencyGuarded(\"nodee\")")
                .contains("must be one of those declared: [node, trading]")
                .contains("Correct the name, or configure the breaker under trading-breaker.breakers.");
        assertNoStackTrace(output);
    }

    @Test
    void badFallback_signaturesShown(CapturedOutput output) throws IOException {
        fail("", BadFallback.class);

        assertThat(output)
                .contains("Place: " + BadFallback.class.getName() + ".buy(String)")
                .contains("Annotation: @LatencyGuarded(fallback = \"later\")")
                .contains("there is [String later(Integer)]")
                .contains("Add the method 'String later(String)' or 'String later(String, TradingPausedException)'");
        assertNoStackTrace(output);
    }

    @Test
    void undeclaredAskedForInCode_explained(CapturedOutput output) throws IOException {
        fail("""
                trading-breaker:
                  undeclared: refuse
                """, AsksInCode.class);

        assertThat(output).contains("Value: \"typo\"").contains("must be one of those declared: [trading]");
        assertNoStackTrace(output);
    }

    private void fail(String yaml, Class<?>... sources) throws IOException {
        Path file = Files.writeString(directory.resolve("application.yml"), yaml);
        SpringApplication application = new SpringApplicationBuilder(Application.class)
                .sources(sources)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .build();
        Throwable failure = catchThrowable(() -> application
                .run("--spring.config.location=" + file.toUri(), "--spring.main.register-shutdown-hook=false")
                .close());
        assertThat(failure).as("the start fails").isNotNull();
    }

    private static void assertNoStackTrace(CapturedOutput output) {
        assertThat(output).contains("APPLICATION FAILED TO START").contains("Action:");
        assertThat(output.toString().lines().filter(line -> line.startsWith("\tat ")))
                .isEmpty();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    static class SetsANegativeWindow {
        @Bean
        BreakerConfigCustomizer negativeWindow() {
            return (name, builder) -> {
                if (name.equals("node")) {
                    builder.windowSize(-5);
                }
            };
        }
    }

    static class Typo {
        @LatencyGuarded("nodee")
        public void buy() {}
    }

    static class BadFallback {
        @LatencyGuarded(fallback = "later")
        public String buy(String what) {
            return what;
        }

        @SuppressWarnings("unused")
        private String later(Integer other) {
            throw new IllegalStateException(String.valueOf(other));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class AsksInCode {
        @Bean
        Object client(BreakerRegistry registry) {
            return registry.breaker("typo");
        }
    }
}

package io.tradingbreaker.spring.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.HealthChecker;
import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.actuate.CircuitBreakerEndpoint;
import io.tradingbreaker.spring.autoconfigure.ProbeAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties;
import io.tradingbreaker.spring.autoconfigure.actuate.CircuitBreakerEndpointAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.actuate.TradingBreakerHealthAutoConfiguration;
import io.tradingbreaker.spring.health.TradingBreakerHealthIndicator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Probes as an application has them. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ConfiguredProbesTests {

    private static final String NODE = "trading-breaker.breakers.node.probe.";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TradingBreakerAutoConfiguration.class,
                    ProbeAutoConfiguration.class,
                    CircuitBreakerEndpointAutoConfiguration.class,
                    TradingBreakerHealthAutoConfiguration.class))
            .withPropertyValues("management.endpoints.web.exposure.include=*");

    private static boolean hasProbe(ApplicationContext context, String breaker) {
        return context.getBean(ConfiguredProbes.class).checkers().stream().anyMatch(probe -> probe.supports(breaker));
    }

    private static Object shown(ApplicationContext context, String breaker) {
        Object view =
                context.getBean(CircuitBreakerEndpoint.class).breaker(breaker).getBody();
        return ((Map<?, ?>) ((Map<?, ?>) view).get("config")).get("probe");
    }

    @Test
    void withoutAType_noBreakerIsSupported() {
        runner.withPropertyValues(NODE + "timeout=2s").run(context -> {
            assertThat(hasProbe(context, "node")).isFalse();
            assertThat(shown(context, "node")).isEqualTo(Map.of("timeout", "2s"));
            ProbeBench.awaitNoThread("trading-breaker-probe-look-");
        });
    }

    @Test
    void settings_areMergedKeyByKeyAndShownWithoutSecrets() {
        runner.withPropertyValues(
                        "trading-breaker.defaults.probe.type=http",
                        "trading-breaker.defaults.probe.endpoints=http://shared:1",
                        "trading-breaker.defaults.probe.required-successes=2",
                        "trading-breaker.defaults.probe.headers.x-shared=hunter2",
                        NODE + "type=solana-rpc",
                        NODE + "endpoints=https://bob:hunter2@one:8899/hunter2, https://two/?k=hunter2",
                        NODE + "require=any",
                        NODE + "interval=500ms",
                        NODE + "token=hunter2",
                        NODE + "headers.X-Own=hunter2",
                        "trading-breaker.breakers.quote.probe.type=none",
                        "trading-breaker.breakers.fast.probe.timeout=100ms")
                .run(context -> {
                    assertThat(hasProbe(context, "node")).isTrue();
                    assertThat(hasProbe(context, "trading")).isTrue();
                    assertThat(hasProbe(context, "quote")).isFalse();
                    assertThat(String.valueOf(shown(context, "node")))
                            .isEqualTo("{timeout=1s, type=solana-rpc, endpoints=[https://one:8899, https://two],"
                                    + " require=any, required-successes=2, interval=500ms, request-timeout=400ms,"
                                    + " max-slot-age=1s, max-slot-lag=20, method=GET, expected-status=[200],"
                                    + " headers=[X-Own], service=}");
                    assertThat(String.valueOf(shown(context, "fast")))
                            .contains("endpoints=[http://shared:1]", "request-timeout=100ms", "headers=[x-shared]");
                    assertThat(context.getBean(TradingBreakerProperties.class).toString())
                            .doesNotContain("hunter2");
                });
    }

    @Test
    void breakerMadeLater_hasTheProbeOfTheDefaults() {
        runner.withPropertyValues(
                        "trading-breaker.defaults.probe.type=http",
                        "trading-breaker.defaults.probe.endpoints=http://127.0.0.1:1")
                .run(context -> {
                    assertThat(hasProbe(context, "late")).isFalse();
                    context.getBean(BreakerRegistry.class).breaker("late");
                    assertThat(hasProbe(context, "late")).isTrue();
                });
    }

    @Test
    void disabled_noProbes() {
        runner.withPropertyValues("trading-breaker.enabled=false", NODE + "type=http", NODE + "endpoints=http://node")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("configuredProbes"));
    }

    @Test
    void ownBeanOfThatName_isKept() {
        HealthChecker own = () -> HealthStatus.unhealthy("own");
        runner.withBean("configuredProbes", HealthChecker.class, () -> own)
                .withPropertyValues(NODE + "type=http", NODE + "endpoints=http://node")
                .run(context -> {
                    assertThat(context).doesNotHaveBean(ConfiguredProbes.class);
                    assertThat(context.getBean(HealthChecker.class)).isSameAs(own);
                    assertThat(shown(context, "node")).isEqualTo(Map.of("timeout", "1s"));
                });
    }

    @Test
    void ownHealthChecker_isTheOnlyBeanOfItsType() {
        runner.withBean("nodeHealth", HealthChecker.class, () -> () -> HealthStatus.unhealthy("own"))
                .run(context -> assertThat(context).hasSingleBean(HealthChecker.class));
    }

    @Test
    void ownLookFactory_isAType() {
        runner.withBean(LookFactory.class, OwnLooks::new)
                .withPropertyValues(NODE + "type=own", NODE + "endpoints=own://node")
                .run(context -> assertThat(context.getBean(ConfiguredProbes.class)
                                .checkers()
                                .get(0)
                                .check()
                                .details())
                        .isEqualTo("own://node 7 ms, seen"));
    }

    @Test
    void retunedLimits_areTheProbesToo() {
        runner.withBean(LookFactory.class, OwnLooks::new)
                .withPropertyValues(
                        NODE + "type=own",
                        NODE + "endpoints=own://node",
                        "trading-breaker.breakers.node.latency-threshold=5ms")
                .run(context -> {
                    HealthChecker probe =
                            context.getBean(ConfiguredProbes.class).checkers().get(0);
                    assertThat(probe.check().details()).isEqualTo("own://node took 7 ms, the limit is 5 ms");

                    context.getBean(BreakerRegistry.class)
                            .breaker("node")
                            .retune(
                                    limits -> limits.latencyThreshold(Duration.ofMillis(10))
                                            .probeTimeout(Duration.ofSeconds(3)),
                                    "",
                                    null);

                    assertThat(probe.check().healthy()).isTrue();
                    assertThat(String.valueOf(shown(context, "node"))).contains("timeout=3s");
                });
    }

    @Test
    void trippedBreaker_recoversOnceItsProbeIsHealthyAndShowsNoSecret(CapturedOutput output) throws Exception {
        try (NodeServer node = new NodeServer()) {
            node.error("{\"code\":-32603,\"message\":\"bad key hunter2hunter2\"}");
            runner.withPropertyValues(
                            "trading-breaker.breakers.node.recovery-timeout=100ms",
                            "trading-breaker.breakers.node.recovery.base-delay=100ms",
                            "trading-breaker.breakers.node.recovery.max-delay=100ms",
                            "trading-breaker.breakers.node.latency-threshold=5s",
                            NODE + "type=solana-rpc",
                            NODE + "endpoints=" + node.uri("http", "/hunter2hunter2"),
                            NODE + "interval=50ms",
                            NODE + "timeout=5s",
                            NODE + "request-timeout=2s",
                            NODE + "token=hunter2hunter2")
                    .run(context -> {
                        TradingBreaker breaker =
                                context.getBean(BreakerRegistry.class).find("node");
                        breaker.trip("test", null);
                        await().atMost(Duration.ofSeconds(30))
                                .until(() -> breaker.snapshot().recovery().lastProbe() != null);
                        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
                        assertThat(breaker.snapshot().recovery().lastProbe().details())
                                .contains("error -32603, bad key ******");
                        await().atMost(Duration.ofSeconds(30))
                                .until(() -> health(context).contains("unhealthy; P99 "));
                        node.behaviour = node.live();
                        await().atMost(Duration.ofSeconds(30)).until(() -> breaker.state() == BreakerState.HALF_OPEN);
                        assertThat(breaker.snapshot().recovery().lastProbe().details())
                                .contains("slot 250", "; P99 ");
                        await().atMost(Duration.ofSeconds(30))
                                .until(() -> health(context).contains("healthy; P99 "));
                        Object view =
                                context.getBean(CircuitBreakerEndpoint.class).breakers();
                        assertThat(view + health(context)).doesNotContain("hunter2");
                    });
            ProbeBench.awaitNoThread("trading-breaker-");
        }
        assertThat(output).contains("The probe of breaker 'node' is unhealthy: http://127.0.0.1:");
        assertThat(output).doesNotContain("hunter2");
    }

    private static String health(ApplicationContext context) {
        return context.getBean(TradingBreakerHealthIndicator.class)
                .health()
                .getDetails()
                .toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-uri/hunter2", "ftp://hunter2@node/hunter2", "http://no de/hunter2"})
    void badEndpoint_stopsStartWithoutShowingIt(String endpoint, CapturedOutput output) {
        runner.withPropertyValues(NODE + "type=http", NODE + "endpoints=" + endpoint)
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(context.getStartupFailure()).hasStackTraceContaining("probe.endpoints");
                    assertThat(stackTrace(context.getStartupFailure())).doesNotContain("hunter2");
                });
        assertThat(output).doesNotContain("hunter2");
        ProbeBench.awaitNoThread("trading-breaker-probe-");
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void variables_setHeadersAndTokenWithoutWarning(CapturedOutput output) {
        Map<String, Object> variables = Map.of(
                "TRADINGBREAKER_BREAKERS_NODE_PROBE_TYPE", "http",
                "TRADINGBREAKER_BREAKERS_NODE_PROBE_ENDPOINTS", "http://127.0.0.1:1",
                "TRADINGBREAKER_BREAKERS_NODE_PROBE_TOKEN", "hunter2",
                "TRADINGBREAKER_BREAKERS_NODE_PROBE_HEADERS_AUTHORIZATION", "Bearer hunter2");
        runner.withPropertyValues(NODE + "max-slot-lag=1")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                new SystemEnvironmentPropertySource(
                                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables)))
                .run(context -> {
                    assertThat(String.valueOf(shown(context, "node"))).contains("headers=[authorization]");
                    assertThat(output).doesNotContain("WARN").doesNotContain("hunter2");
                });
    }

    /** Of an application. */
    private static final class OwnLooks implements LookFactory {

        @Override
        public String type() {
            return "own";
        }

        @Override
        public Look open(ProbeSettings settings, URI endpoint) {
            return new Look() {

                @Override
                public Sight look(Duration timeout) {
                    return new Sight(true, Duration.ofMillis(7), null, "seen");
                }

                @Override
                public void close() {}
            };
        }
    }
}

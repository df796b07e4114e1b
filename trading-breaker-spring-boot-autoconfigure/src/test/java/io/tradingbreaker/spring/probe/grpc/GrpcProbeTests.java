package io.tradingbreaker.spring.probe.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.autoconfigure.GrpcProbeAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.ProbeAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import io.tradingbreaker.spring.probe.ConfiguredProbes;
import io.tradingbreaker.spring.probe.LookFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Probes over gRPC as an application has them: set by property, under the rules of all probes. */
class GrpcProbeTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TradingBreakerAutoConfiguration.class,
                    ProbeAutoConfiguration.class,
                    GrpcProbeAutoConfiguration.class))
            // Generous where a busy machine could be slow.
            .withPropertyValues(
                    "trading-breaker.breakers.node.p99-threshold=5s",
                    "trading-breaker.breakers.node.recovery-timeout=100ms",
                    "trading-breaker.breakers.node.recovery.base-delay=100ms",
                    "trading-breaker.breakers.node.recovery.max-delay=100ms",
                    "trading-breaker.breakers.node.probe.timeout=10s",
                    "trading-breaker.breakers.node.probe.request-timeout=5s",
                    "trading-breaker.breakers.node.probe.max-slot-age=500ms");

    @AfterAll
    static void noThreadIsLeft() {
        Threads.awaitNoneLeft();
    }

    private ApplicationContextRunner probe(String type, String endpoint) {
        return runner.withPropertyValues(
                "trading-breaker.breakers.node.probe.type=" + type,
                "trading-breaker.breakers.node.probe.endpoints=" + endpoint);
    }

    private static GeyserServer serverAt(AtomicLong slot, long step) {
        return new GeyserServer((request, response) -> GeyserServer.answer(response, slot.getAndAdd(step)));
    }

    @Test
    void slotThatAdvances_isHealthy() {
        try (GeyserServer server = serverAt(new AtomicLong(250_000_735), 1)) {
            probe("yellowstone", server.address()).run(context -> {
                HealthStatus status = context.getBean(ConfiguredProbes.class)
                        .checkers()
                        .get(0)
                        .check();
                assertThat(status.healthy()).as(status.details()).isTrue();
                assertThat(status.details()).contains("slot 250000736");
            });
        }
    }

    @Test
    void frozenSlotBehindFastAnswers_isNotHealthy() {
        try (GeyserServer server = serverAt(new AtomicLong(250_000_735), 0)) {
            probe("yellowstone", server.address()).run(context -> {
                HealthStatus status = context.getBean(ConfiguredProbes.class)
                        .checkers()
                        .get(0)
                        .check();
                assertThat(status.healthy()).isFalse();
                assertThat(status.details()).contains("slot 250000735 has not advanced");
            });
        }
    }

    @Test
    void refusedToken_isNotHealthy_andNotShown() {
        try (GeyserServer server = new GeyserServer(
                (request, response) -> response.onError(io.grpc.Status.UNAUTHENTICATED.asException()))) {
            probe("yellowstone", server.address())
                    .withPropertyValues("trading-breaker.breakers.node.probe.token=hunter2hunter2")
                    .run(context -> assertThat(context.getBean(ConfiguredProbes.class)
                                    .checkers()
                                    .get(0)
                                    .check()
                                    .details())
                            .contains("UNAUTHENTICATED: token refused")
                            .doesNotContain("hunter2"));
        }
    }

    @Test
    void pausedBreaker_waitsForTheSlotToAdvance() {
        AtomicLong slot = new AtomicLong(250_000_735);
        AtomicLong step = new AtomicLong();
        try (GeyserServer server =
                new GeyserServer((request, response) -> GeyserServer.answer(response, slot.addAndGet(step.get())))) {
            probe("yellowstone", server.address()).run(context -> {
                TradingBreaker node = context.getBean(BreakerRegistry.class).breaker("node");
                node.trip("drill", "tester");
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> node.snapshot().recovery().lastProbe() != null);
                assertThat(node.snapshot().recovery().lastProbe().healthy()).isFalse();
                assertThat(node.state()).isEqualTo(BreakerState.OPEN);
                step.set(1);
                await().atMost(Duration.ofSeconds(30)).until(() -> node.state() == BreakerState.HALF_OPEN);
            });
        }
    }

    @Test
    void healthService_isAskedForTheServiceThatIsSet() throws Exception {
        try (HealthServer server = new HealthServer()) {
            probe("grpc-health", "http://localhost:" + server.port())
                    .run(context -> assertThat(context.getBean(ConfiguredProbes.class)
                                    .checkers()
                                    .get(0)
                                    .check()
                                    .healthy())
                            .isTrue());
            probe("grpc-health", "http://localhost:" + server.port())
                    .withPropertyValues("trading-breaker.breakers.node.probe.service=no.Such")
                    .run(context -> assertThat(context.getBean(ConfiguredProbes.class)
                                    .checkers()
                                    .get(0)
                                    .check()
                                    .details())
                            .contains("NOT_FOUND"));
        }
    }

    @Test
    void endpointWithAPath_stopsTheStart() {
        probe("yellowstone", "https://node:10000/hunter2")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("probe.endpoints is https://node:10000, but must be http:// or https://")
                        .message()
                        .doesNotContain("hunter2"));
    }

    @Test
    void withoutGrpc_theReportSaysWhy_andATypeOverItStopsTheStart() {
        FilteredClassLoader without = new FilteredClassLoader("io.grpc");
        runner.withClassLoader(without).run(context -> {
            assertThat(context.getBeansOfType(LookFactory.class).values())
                    .extracting(LookFactory::type)
                    .containsExactlyInAnyOrder("http", "solana-rpc");
            assertThat(ConditionEvaluationReport.get(context.getBeanFactory())
                            .getConditionAndOutcomesBySource()
                            .get(GrpcProbeAutoConfiguration.class.getName()))
                    .anySatisfy(condition -> assertThat(condition.getOutcome().getMessage())
                            .contains("did not find required class")
                            .contains("io.grpc.ManagedChannel"));
        });
        probe("yellowstone", "https://node:10000")
                .withClassLoader(without)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("add io.grpc:grpc-netty and io.grpc:grpc-stub to the class path"));
    }

    @Test
    void switchedOff_thereAreNone() {
        runner.withPropertyValues("trading-breaker.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(LookFactory.class));
    }
}

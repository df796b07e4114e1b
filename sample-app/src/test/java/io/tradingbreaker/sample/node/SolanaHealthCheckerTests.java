package io.tradingbreaker.sample.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.sample.simulator.Behaviour;
import io.tradingbreaker.sample.simulator.Scenario;
import io.tradingbreaker.sample.simulator.Simulator;
import io.tradingbreaker.sample.simulator.SimulatorProperties;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.RestClient;

class SolanaHealthCheckerTests {

    private final NodeProperties.Health strict =
            new NodeProperties.Health(Duration.ofMillis(400), Duration.ofMillis(200), Duration.ofMillis(900), 10);

    // Where latency is not the question, a busy machine may take its time.
    private final NodeProperties.Health patient =
            new NodeProperties.Health(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(900), 10);

    private Simulator node;
    private SolanaHealthChecker checker;

    @BeforeEach
    void start() throws Exception {
        node = new Simulator(new SimulatorProperties(0, 35, 150, null));
        checker = checker(patient);
        node.play(Scenario.FROZEN_SLOT);
        checker(new NodeProperties.Health(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(60), 10))
                .check(); // loads classes, so that no test measures that
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void normal_isHealthyWithTheSlowestLatency() throws Exception {
        node.play(Scenario.NORMAL);

        HealthStatus status = checker.check();

        assertThat(status.healthy()).as(status.details()).isTrue();
        assertThat(status.latency()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(2));
        assertThat(status.details()).contains("slot ");
    }

    @Test
    void frozenSlotBehindFastAnswers_isUnhealthyAtTheFirstLookAndLater() throws Exception {
        node.play(Scenario.NORMAL);
        assertHealthy();
        node.play(Scenario.FROZEN_SLOT);

        assertThat(checker(patient).check().details()).contains("stood still");
        // The slot is far ahead of what this checker saw before; that it stands still now is what counts.
        HealthStatus status = checker.check();
        assertThat(status.healthy()).isFalse();
        assertThat(status.details()).contains("stood still");

        node.play(Scenario.NORMAL);
        assertHealthy();
    }

    @Test
    void spike_isUnhealthyForItsLatency() throws Exception {
        node.play(Scenario.SPIKE);

        HealthStatus status = checker(strict).check();

        assertThat(status.healthy()).isFalse();
        assertThat(status.details()).contains("getHealth took 3").contains("limit is 200 ms");
    }

    @Test
    void freeze_isUnhealthyWithinItsTimeout() throws Exception {
        node.play(Scenario.FREEZE);
        long began = System.nanoTime();

        HealthStatus status = checker(strict).check();

        assertThat(status.healthy()).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void unhealthy_saysHowFarBehindIfTheNodeDoes() throws Exception {
        node.play(Scenario.UNHEALTHY);
        assertThat(checker.check().details()).isEqualTo("the node is 42 slots behind");
        assertThat(checker.check().healthy()).isFalse();

        node.play(Behaviour.unhealthy(null));
        assertThat(checker.check().details()).contains("does not say how far");
    }

    @Test
    void errors_isUnhealthy() throws Exception {
        node.play(Scenario.ERRORS);

        assertThat(checker.check().healthy()).isFalse();
    }

    @Test
    void noNode_isUnhealthy() throws Exception {
        node.close();

        assertThat(checker.check().healthy()).isFalse();
    }

    @Test
    void otherBreakers_areNotItsBusiness() {
        assertThat(checker.supports("node")).isTrue();
        assertThat(checker.supports("trading")).isFalse();
    }

    @Test
    void cachedSlot_isUnhealthyWhetherItStandsOrJumps() throws Exception {
        node.play(Scenario.CACHED_SLOT);

        for (int i = 0; i < 4; i++) {
            HealthStatus status = checker.check();

            assertThat(status.healthy()).as(status.details()).isFalse();
            assertThat(status.details()).contains("stood still");
        }
    }

    @Test
    void laggingNode_isUnhealthyBesideAnotherAndNotSeenAlone() throws Exception {
        node.play(Scenario.LAGGING);
        assertThat(checker.check().details()).containsPattern("is (39|40|41) behind another node's");

        node.play(Simulator.NODE_B, Behaviour.of(Scenario.ERRORS));
        assertHealthy();
    }

    private void assertHealthy() throws Exception {
        HealthStatus status = checker.check();
        assertThat(status.healthy()).as(status.details()).isTrue();
    }

    private SolanaHealthChecker checker(NodeProperties.Health health) {
        HttpClients clients = new HttpClients(RestClient::builder);
        List<RpcClient> nodes = node.nodes().stream()
                .map(url -> new RpcClient(clients.client(url, health.timeout(), health.timeout()), 2))
                .toList();
        return new SolanaHealthChecker(nodes, health, BreakerClock.system());
    }
}

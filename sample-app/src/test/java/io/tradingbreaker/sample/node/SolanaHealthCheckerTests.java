package io.tradingbreaker.sample.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.sample.simulator.Scenario;
import io.tradingbreaker.sample.simulator.SimulatedNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SolanaHealthCheckerTests {

    private final NodeProperties.Health limits =
            new NodeProperties.Health(Duration.ofMillis(400), Duration.ofMillis(200), Duration.ofMillis(900));
    private SimulatedNode node;
    private SolanaHealthChecker checker;

    @BeforeEach
    void start() throws Exception {
        node = new SimulatedNode(0);
        checker = checker(limits);
        node.play(Scenario.FROZEN_SLOT);
        checker(new NodeProperties.Health(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(60)))
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
        assertThat(status.latency()).isBetween(Duration.ofMillis(1), Duration.ofMillis(200));
        assertThat(status.details()).contains("slot ");
    }

    @Test
    void frozenSlotBehindFastAnswers_isUnhealthyAtTheFirstLookAndLater() throws Exception {
        node.play(Scenario.NORMAL);
        assertThat(checker.check().healthy()).isTrue();
        node.play(Scenario.FROZEN_SLOT);

        assertThat(checker(limits).check().details()).contains("stood still");
        // The slot is far ahead of what this checker saw before; that it stands still now is what counts.
        HealthStatus status = checker.check();
        assertThat(status.healthy()).isFalse();
        assertThat(status.details()).contains("stood still");

        node.play(Scenario.NORMAL);
        assertThat(checker.check().healthy()).isTrue();
    }

    @Test
    void spike_isUnhealthyForItsLatency() throws Exception {
        node.play(Scenario.SPIKE);

        HealthStatus status = checker.check();

        assertThat(status.healthy()).isFalse();
        assertThat(status.details()).contains("getHealth took 3").contains("limit is 200 ms");
    }

    @Test
    void freeze_isUnhealthyWithinItsTimeout() throws Exception {
        node.play(Scenario.FREEZE);
        long began = System.nanoTime();

        HealthStatus status = checker.check();

        assertThat(status.healthy()).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void unhealthy_saysHowFarBehindIfTheNodeDoes() throws Exception {
        node.play(Scenario.UNHEALTHY);
        assertThat(checker.check().details()).isEqualTo("the node is 42 slots behind");
        assertThat(checker.check().healthy()).isFalse();

        node.playUnhealthy(null);
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

    private SolanaHealthChecker checker(NodeProperties.Health health) {
        NodeHttp http = new NodeHttp(node.uri(), health.timeout(), health.timeout(), 2);
        return new SolanaHealthChecker(http, health, BreakerClock.system());
    }
}

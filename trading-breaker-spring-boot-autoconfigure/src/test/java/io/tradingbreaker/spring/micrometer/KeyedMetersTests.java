package io.tradingbreaker.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.KeyedBreakers;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.Transition;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import io.tradingbreaker.spring.desk.PauseHooks;
import io.tradingbreaker.spring.webhook.WebhookNotifier;
import io.tradingbreaker.spring.webhook.WebhookSettings;
import io.tradingbreaker.test.ManualScheduler;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Breakers of keys come and go, and so do their meters. */
class KeyedMetersTests {

    private static final Duration IDLE = Duration.ofMinutes(30);

    private final ManualScheduler time = new ManualScheduler();
    private final List<Transition> transitions = new ArrayList<>();
    private final WebhookNotifier webhook = new WebhookNotifier(new WebhookSettings(
            URI.create("http://127.0.0.1"), Duration.ofSeconds(1), 1, 1, Map.of(), Set.of(BreakerState.OPEN)));
    private BreakerRegistry breakers;
    private PauseHooks hooks;
    private KeyedBreakers node;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    KeyedMetersTests() {
        webhook.close(); // so that it drops what it is told
        hooks = new PauseHooks(
                () -> Map.of("cancelOrders", transition -> {}),
                name -> breakers.find(name) == null ? null : breakers.find(name).mode(),
                time.clock());
        breakers = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .listeners(List.<StateChangeListener>of(hooks, webhook, transitions::add))
                .build();
        breakers.onEachBreaker(made -> {}, gone -> hooks.forget(gone.name()));
        node = breakers.keyed("node");
        new TradingBreakerMeters(breakers).bindTo(meters);
        new DeskMeters(breakers, hooks, webhook).bindTo(meters);
    }

    @AfterEach
    void close() {
        hooks.close();
        breakers.close();
    }

    @Test
    void goneBreaker_takesItsMetersAlong_andComesBackWithFreshOnes() {
        int before = meters.getMeters().size();
        node.of("fra1").tryAcquire().success();
        assertThat(rejectedOf("node:fra1")).isOne();

        time.advance(IDLE);
        assertThat(breakers.find("node:fra1")).isNull();
        assertThat(meters.getMeters()).hasSize(before);

        node.of("fra1").tryAcquire().success();
        assertThat(meters.get("trading.breaker.calls")
                        .tags("name", "node:fra1", "outcome", "successful")
                        .functionTimer()
                        .count())
                .isOne();
    }

    @Test
    void goneBreaker_takesItsMetersOutOfEveryRegistry_whateverFiltersMakeOfTheirNames() {
        SimpleMeterRegistry plain = new SimpleMeterRegistry();
        SimpleMeterRegistry renaming = new SimpleMeterRegistry();
        renaming.config().commonTags("region", "eu").meterFilter(MeterFilter.renameTag("trading", "name", "breaker"));
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        CompositeMeterRegistry all = new CompositeMeterRegistry();
        all.config().commonTags("host", "a");
        List<MeterRegistry> registries = List.of(all, plain, renaming, prometheus);
        all.add(plain).add(renaming);
        new TradingBreakerMeters(breakers).bindTo(all);
        new DeskMeters(breakers, hooks, webhook).bindTo(all);
        node.of("fra1").tryAcquire().success();
        // One that comes late gets what is there.
        all.add(prometheus);
        assertThat(prometheus.scrape()).contains("name=\"node:fra1\"");
        assertThat(renaming.find("trading.breaker.rejected")
                        .tags("breaker", "node:fra1", "region", "eu")
                        .functionCounters())
                .isNotEmpty();
        time.advance(IDLE);

        assertThat(registries)
                .allSatisfy(registry -> assertThat(registry.getMeters())
                        .isNotEmpty()
                        .noneMatch(meter -> meter.getId().toString().contains("fra1")));
        assertThat(prometheus.scrape()).contains("name=\"node\"").doesNotContain("fra1");
    }

    @Test
    void goneBreaker_leavesTheMetersThatAFilterLetsItShare() {
        SimpleMeterRegistry sharing = new SimpleMeterRegistry();
        sharing.config().meterFilter(MeterFilter.replaceTagValues("name", KeyedBreakers::templateOf));
        new TradingBreakerMeters(breakers).bindTo(sharing);
        new DeskMeters(breakers, null, webhook).bindTo(sharing);
        tripAndReset(node.template());
        int before = sharing.getMeters().size();
        node.template().tryAcquire().success();
        node.of("fra1").tryAcquire().success();
        node.of("ams2").tryAcquire().success();
        tripAndReset(node.of("ams2"));
        assertThat(sharing.getMeters()).hasSize(before);
        time.advance(IDLE);

        assertThat(node.breakers()).isEmpty();
        assertThat(sharing.getMeters()).hasSize(before);
        assertThat(sharing.get("trading.breaker.webhook").counter().count()).isEqualTo(2);
        assertThat(sharing.get("trading.breaker.calls")
                        .tags("name", "node", "outcome", "successful")
                        .functionTimer()
                        .count())
                .isOne();
    }

    private void tripAndReset(TradingBreaker breaker) {
        breaker.trip("test", null);
        breaker.reset("test", null);
        time.runDue();
    }

    @Test
    void metersOfHooksAndWebhook_goToo_andLateResultsBeginNone() {
        int before = meters.getMeters().size();
        node.of("fra1").trip("test", null);
        time.runDue();
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(meters.find("trading.breaker.hook")
                                .tag("name", "node:fra1")
                                .functionTimers())
                        .isNotEmpty());
        assertThat(meters.find("trading.breaker.webhook")
                        .tag("name", "node:fra1")
                        .counters())
                .isNotEmpty();
        assertThat(hooks.last("node:fra1")).isNotEmpty();

        node.of("fra1").reset("test", null);
        time.advance(IDLE);
        assertThat(breakers.find("node:fra1")).isNull();
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(meters.getMeters()).hasSize(before));
        assertThat(hooks.last("node:fra1")).isEmpty();

        webhook.onStateChange(transitions.get(0));
        hooks.onStateChange(transitions.get(0));
        hooks.close();
        assertThat(meters.getMeters()).hasSize(before);
        assertThat(hooks.last("node:fra1")).isEmpty();
    }

    @Test
    void millionKeysThroughAGuardedMethod_boundedMetersAndScrape() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AopAutoConfiguration.class,
                        TradingBreakerAutoConfiguration.class,
                        LatencyGuardedAutoConfiguration.class))
                .withUserConfiguration(VirtualTime.class, Desk.class)
                .run(context -> {
                    BreakerRegistry registry = context.getBean(BreakerRegistry.class);
                    PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
                    new TradingBreakerMeters(registry).bindTo(prometheus);
                    int shared = 1;
                    int ofOne = (prometheus.getMeters().size() - shared)
                            / registry.breakers().size();
                    Desk desk = context.getBean(Desk.class);
                    for (int i = 0; i < 1_000_000; i++) {
                        desk.quote("host" + i);
                    }

                    assertThat(registry.breakers()).hasSize(102);
                    assertThat(registry.find("node").counters().successful())
                            .as("those without room share the template")
                            .isEqualTo(999_900);
                    assertThat(prometheus.getMeters()).hasSize(shared + 102 * ofOne);
                    assertThat(prometheus.scrape().length()).isBetween(100_000, 1_500_000);

                    context.getBean(ManualScheduler.class).advance(IDLE);
                    assertThat(registry.breakers()).hasSize(2);
                    assertThat(prometheus.getMeters()).hasSize(shared + 2 * ofOne);
                });
    }

    static class Desk {
        @LatencyGuarded(value = "node", key = "#host")
        public void quote(String host) {}
    }

    private int rejectedOf(String name) {
        return meters.find("trading.breaker.rejected")
                .tag("name", name)
                .functionCounters()
                .size();
    }
}

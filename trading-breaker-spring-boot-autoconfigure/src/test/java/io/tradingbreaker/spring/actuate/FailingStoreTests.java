package io.tradingbreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.SwitchPositions;
import io.tradingbreaker.SwitchStore;
import io.tradingbreaker.SwitchStoreException;
import io.tradingbreaker.spring.audit.AuditEntry;
import io.tradingbreaker.spring.audit.AuditTrail;
import io.tradingbreaker.spring.health.TradingBreakerHealth;
import io.tradingbreaker.spring.micrometer.TradingBreakerMeters;
import io.tradingbreaker.test.ManualScheduler;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** What endpoint, health and meters say of a store of halts that fails. */
class FailingStoreTests {

    private final Store store = new Store();
    private final ManualScheduler time = new ManualScheduler();
    private final BreakerRegistry registry = BreakerRegistry.builder()
            .clock(time.clock())
            .scheduler(time)
            .store(store)
            .build();
    private final CircuitBreakerEndpoint endpoint = new CircuitBreakerEndpoint(registry);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void haltThatIsNotStored_isAnsweredWith503_andShown() {
        new TradingBreakerMeters(registry).bindTo(meters);
        assertThat(view()).containsEntry("stored", true);
        assertThat(store()).containsEntry("state", "ok").containsEntry("pending", false);

        store.broken = true;
        WebEndpointResponse<Object> answer = act("halt");

        assertThat(answer.getStatus()).isEqualTo(503);
        Map<?, ?> body = (Map<?, ?>) answer.getBody();
        assertThat((String) body.get("error")).startsWith("halted, but not stored: disk full. The halt is in force");
        assertThat(body.get("allowed")).isEqualTo(List.of("halt", "resume", "reset"));
        assertThat(registry.breaker("trading").state()).isEqualTo(BreakerState.HALTED);
        assertThat(view()).containsEntry("state", "HALTED").containsEntry("stored", false);
        assertThat(store()).containsEntry("pending", true).containsEntry("store", "a test's store");
        assertThat((String) store().get("state"))
                .startsWith("failing since 2026-01-01T")
                .endsWith("Z: disk full");
        assertThat(TradingBreakerHealth.of(registry, "UP", name -> null).details())
                .containsEntry("haltStore", store());
        assertThat(meters.get("trading.breaker.store.failures")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("trading.breaker.store.pending").gauge().value()).isEqualTo(1);
        assertThat(meters.getMeters())
                .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank());

        assertThat(act("resume").getStatus()).isEqualTo(503);
        assertThat(registry.breaker("trading").state()).isEqualTo(BreakerState.HALTED);
        store.broken = false;
        assertThat(act("resume").getStatus()).isEqualTo(200);
        assertThat(registry.breaker("trading").state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void haltThatIsNotStored_isNoRefusalInTheTrail() {
        AuditTrail trail = new AuditTrail(5, time.clock(), entry -> {});
        CircuitBreakerEndpoint audited =
                new CircuitBreakerEndpoint(registry, name -> null, name -> List.of(), trail, null);
        store.broken = true;

        audited.actOn(SecurityContext.NONE, new String[] {"trading"}, "halt", "x", null, null, null, null, null);
        audited.actOn(SecurityContext.NONE, new String[] {"trading"}, "resume", "x", null, null, null, null, null);

        assertThat(registry.breaker("trading").state()).isEqualTo(BreakerState.HALTED);
        List<AuditEntry> newestFirst = trail.page("trading", Long.MAX_VALUE, 5);
        assertThat(newestFirst.get(1).data()).containsEntry("result", "failed");
        assertThat((String) newestFirst.get(1).data().get("error")).startsWith("halted, but not stored");
        assertThat(newestFirst.get(0).data()).containsEntry("result", "failed");
    }

    @Test
    void withoutAStore_thereIsNothingToSay() {
        try (BreakerRegistry plain =
                BreakerRegistry.builder().scheduler(new ManualScheduler()).build()) {
            CircuitBreakerEndpoint other = new CircuitBreakerEndpoint(plain);
            assertThat(other.breakers()).containsOnlyKeys("breakers");
            Map<?, ?> view = (Map<?, ?>) other.breaker("trading").getBody();
            assertThat(view.containsKey("stored")).isTrue();
            assertThat(view.get("stored")).isNull();
            assertThat(TradingBreakerHealth.of(plain, "UP", name -> null).details())
                    .doesNotContainKey("haltStore");
            new TradingBreakerMeters(plain).bindTo(meters);
            assertThat(meters.find("trading.breaker.store.failures").meter()).isNull();
        }
    }

    private WebEndpointResponse<Object> act(String action) {
        return endpoint.actOn(
                SecurityContext.NONE, new String[] {"trading"}, action, "x", null, null, null, null, null);
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> view() {
        return (Map<String, Object>) endpoint.breaker("trading").getBody();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> store() {
        return (Map<String, Object>) endpoint.breakers().get("store");
    }

    private static final class Store implements SwitchStore {

        private volatile boolean broken;
        private SwitchPositions document = SwitchPositions.NONE;

        @Override
        public SwitchPositions read() {
            check();
            return document;
        }

        @Override
        public boolean replace(SwitchPositions expected, SwitchPositions next, List<Change> changes) {
            check();
            document = next;
            return true;
        }

        private void check() {
            if (broken) {
                throw new SwitchStoreException("disk full");
            }
        }

        @Override
        public String description() {
            return "a test's store";
        }
    }
}

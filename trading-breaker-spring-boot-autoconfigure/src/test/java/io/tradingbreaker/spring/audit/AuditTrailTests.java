package io.tradingbreaker.spring.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.KeyedBreakers;
import io.tradingbreaker.test.ManualScheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTrailTests {

    private final ManualScheduler time = new ManualScheduler();
    private final List<AuditEntry> handedOn = new ArrayList<>();
    private final AuditTrail trail = new AuditTrail(5, time.clock(), handedOn::add);
    private final BreakerRegistry registry = BreakerRegistry.builder()
            .clock(time.clock())
            .scheduler(time)
            .listeners(List.of(trail))
            .build();

    @Test
    void transition_hasWhatCausedIt() {
        registry.breaker("node").halt("fat finger", "alice");
        time.runDue();

        AuditEntry entry = trail.page("node", Long.MAX_VALUE, 10).get(0);
        assertThat(entry.type()).isEqualTo("TRADING_BREAKER_TRANSITION");
        assertThat(entry.principal()).isEqualTo("alice");
        assertThat(entry.at()).isEqualTo(registry.breaker("node").snapshot().since());
        assertThat(entry.data().toString())
                .isEqualTo("{breaker=node, sequence=1, from=CLOSED, to=HALTED, rule=halt, message=fat finger}");
        assertThat(handedOn).containsExactly(entry);
        assertThatThrownBy(() -> entry.data().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void transitionOfItsOwn_hasFiguresAndOurName() {
        for (int i = 0; i < 5; i++) {
            registry.breaker("node").tryAcquire().failure();
        }
        time.runDue();

        AuditEntry entry = trail.page("node", Long.MAX_VALUE, 10).get(0);
        assertThat(entry.principal()).isEqualTo("trading-breaker");
        assertThat(entry.data())
                .containsEntry("rule", "consecutive")
                .containsEntry("observed", 5.0)
                .containsEntry("limit", 5.0);
    }

    @Test
    void action_ofAllIsOnEveryPage() {
        trail.action(null, "halt", "stop", "bob", null);
        trail.action("node", "resume", "", null, new IllegalStateException("only a halt is resumed"));
        trail.action("other", "trip", null, "bob", null);

        assertThat(trail.page("node", Long.MAX_VALUE, 10))
                .extracting(entry -> entry.principal() + " " + entry.data())
                .containsExactly(
                        "trading-breaker {breaker=node, action=resume, reason=, result=refused, error=only a halt is"
                                + " resumed}",
                        "bob {breaker=all, action=halt, reason=stop, result=done}");
    }

    @Test
    void changedLimits_areAnActionWithWhatHasChanged() {
        registry.breaker("node").retune(limits -> limits.windowSize(500).minimumSamples(50), "slow day", "alice");
        registry.breaker("node").retune(limits -> limits.windowSize(500), "as it is", "alice");
        time.runDue();

        assertThat(trail.page("node", Long.MAX_VALUE, 10)).singleElement().satisfies(entry -> {
            assertThat(entry.type()).isEqualTo("TRADING_BREAKER_ACTION");
            assertThat(entry.principal()).isEqualTo("alice");
            assertThat(entry.data().toString())
                    .isEqualTo("{breaker=node, action=retune, reason=slow day, result=done,"
                            + " changes=[window-size: 1000 → 500, minimum-samples: 300 → 50]}");
            assertThat(handedOn).containsExactly(entry);
        });
    }

    @Test
    void changedLimitsOfATemplate_areOneEntry_whichConcernsItsKeys() {
        KeyedBreakers keyed = registry.keyed("node");
        for (int i = 0; i < 10; i++) {
            keyed.of("key" + i);
        }
        keyed.of("key1").retune(limits -> limits.windowSize(500), "few calls", "alice");
        keyed.template().retune(limits -> limits.windowSize(500), "slow day", "bob");
        time.runDue();

        assertThat(trail.page("node", Long.MAX_VALUE, 10))
                .singleElement()
                .satisfies(entry -> assertThat(entry.data()).containsEntry("keys", 9));
        assertThat(trail.page("node:key1", Long.MAX_VALUE, 10))
                .extracting(AuditEntry::principal)
                .containsExactly("bob", "alice");
        assertThat(trail.page("node-2", Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void pages_followEachOther() {
        for (int i = 1; i <= 5; i++) {
            trail.action("node", "trip", "number " + i, null, null);
        }

        List<AuditEntry> first = trail.page("node", Long.MAX_VALUE, 2);
        List<AuditEntry> second = trail.page("node", first.get(1).id(), 2);
        assertThat(first).extracting(AuditEntry::id).containsExactly(5L, 4L);
        assertThat(second).extracting(AuditEntry::id).containsExactly(3L, 2L);
        assertThat(trail.page("node", 1, 2)).isEmpty();
    }

    @Test
    void capacity_eldestGivesWay() {
        for (int i = 1; i <= 8; i++) {
            trail.action("node", "trip", null, null, null);
        }

        assertThat(trail.page("node", Long.MAX_VALUE, 100))
                .extracting(AuditEntry::id)
                .containsExactly(8L, 7L, 6L, 5L, 4L);
        assertThat(handedOn).hasSize(8);
    }

    @Test
    void textFromOutside_isOneBoundedLine() {
        trail.action("no\nde", List.of("a\u2028b"), "x".repeat(10_000), "eve\r\nINFO all well", null);

        AuditEntry entry = trail.page("no de", Long.MAX_VALUE, 1).get(0);
        assertThat(entry.principal()).isEqualTo("eve  INFO all well");
        assertThat(entry.data()).containsEntry("action", "[a b]");
        assertThat((String) entry.data().get("reason")).hasSize(200);
    }

    @Test
    void whoIsToldNextFails_entryIsKept() {
        AuditTrail lonely = new AuditTrail(5, time.clock(), entry -> {
            throw new IllegalStateException("no repository");
        });

        lonely.action("node", "trip", null, null, null);

        assertThat(lonely.page("node", Long.MAX_VALUE, 1)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 100_001})
    void capacityOutOfRange_refused(int capacity) {
        assertThatThrownBy(() -> new AuditTrail(capacity, time.clock(), entry -> {}))
                .isInstanceOf(InvalidConfigException.class);
    }
}

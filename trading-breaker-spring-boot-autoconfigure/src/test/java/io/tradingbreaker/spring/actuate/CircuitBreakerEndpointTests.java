package io.tradingbreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.KeyedBreakers;
import io.tradingbreaker.test.ManualScheduler;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** What no HTTP request of the web stacks can bring about, but another caller can. */
class CircuitBreakerEndpointTests {

    private static final String[] TRADING = {"trading"};

    private final ManualScheduler time = new ManualScheduler();
    private final BreakerRegistry registry =
            BreakerRegistry.builder().clock(time.clock()).scheduler(time).build();
    private final CircuitBreakerEndpoint endpoint = new CircuitBreakerEndpoint(registry);

    @ParameterizedTest
    @MethodSource("noStrings")
    void valueThatIsNoString_is400(Object value) {
        for (WebEndpointResponse<Object> answer : List.of(
                endpoint.actOnAll(SecurityContext.NONE, value, null, null, null, null),
                endpoint.actOnAll(SecurityContext.NONE, "halt", value, null, null, null),
                endpoint.actOn(SecurityContext.NONE, TRADING, "halt", null, value, null, null, null, null),
                endpoint.actOn(SecurityContext.NONE, TRADING, "drill", null, null, null, value, null, null),
                endpoint.actOn(SecurityContext.NONE, TRADING, "drill", null, null, null, "trading", value, null))) {
            assertThat(answer.getStatus()).isEqualTo(400);
            assertThat(answer.getBody())
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsOnlyKeys("error", "allowed");
        }
        assertThat(registry.breaker("trading").snapshot().transitions()).isEmpty();
    }

    static List<Object> noStrings() {
        return List.of(5, true, List.of("halt"), Map.of("halt", 1));
    }

    @Test
    void namesThatAreAllowed_areBounded_keysLast() {
        registry.breaker("aaa");
        KeyedBreakers keyed = registry.keyed("aaa");
        for (int i = 0; i < 100; i++) {
            keyed.of("key-" + i);
        }

        for (WebEndpointResponse<Object> answer : List.of(
                endpoint.breaker("nope"),
                endpoint.actOnAll(SecurityContext.NONE, "drill", null, null, null, Map.of("confirm", "aaa")))) {
            assertThat(answer.getBody())
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .extracting("allowed", InstanceOfAssertFactories.LIST)
                    .hasSize(100)
                    .startsWith("aaa", "trading");
        }
    }

    @Test
    void callerWithoutAName_isUnverified() {
        endpoint.actOn(caller(" "), TRADING, "halt", null, "alice", null, null, null, null);

        assertThat(registry.breaker("trading").snapshot().transitions().get(0).actor())
                .isEqualTo("alice (unverified)");
    }

    @Test
    void callerWithAName_isTheActor() {
        endpoint.actOnAll(caller("bob"), "halt", null, "mallory", null, null);

        assertThat(registry.breaker("trading").snapshot().transitions().get(0).actor())
                .isEqualTo("bob");
    }

    @Test
    void anonymousCaller_isNoActor() {
        endpoint.actOnAll(caller("anonymousUser", "ANONYMOUS"), "halt", null, null, null, null);
        assertThat(registry.breaker("trading").snapshot().transitions().get(0).actor())
                .isNull();

        endpoint.actOnAll(caller("anonymousUser", "ANONYMOUS"), "reset", null, "alice", null, null);
        assertThat(registry.breaker("trading").snapshot().transitions().get(0).actor())
                .isEqualTo("alice (unverified)");
    }

    private static SecurityContext caller(String name, String... roles) {
        return new SecurityContext() {
            @Override
            public Principal getPrincipal() {
                return () -> name;
            }

            @Override
            public boolean isUserInRole(String role) {
                return List.of(roles).contains(role);
            }
        };
    }
}

package io.tradingbreaker.spring.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.actuate.CircuitBreakerEndpoint;
import io.tradingbreaker.spring.audit.AuditTrail;
import io.tradingbreaker.spring.autoconfigure.RetuningAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import io.tradingbreaker.test.ManualScheduler;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.audit.AuditEventsEndpoint;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;
import org.springframework.boot.actuate.audit.listener.AuditListener;
import org.springframework.boot.actuate.autoconfigure.audit.AuditAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.audit.AuditEventsEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class TradingBreakerAuditAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withPropertyValues("management.endpoints.web.exposure.include=*")
            .withUserConfiguration(VirtualTime.class)
            .withConfiguration(AutoConfigurations.of(
                    TradingBreakerAutoConfiguration.class,
                    CircuitBreakerEndpointAutoConfiguration.class,
                    TradingBreakerAuditAutoConfiguration.class,
                    AuditRepositoryAutoConfiguration.class,
                    SecretSettingsAutoConfiguration.class,
                    AuditAutoConfiguration.class,
                    AuditEventsEndpointAutoConfiguration.class));

    @Test
    void transitionsAndActions_areInBootsOwnEndpoint() {
        runner.run(context -> {
            CircuitBreakerEndpoint endpoint = context.getBean(CircuitBreakerEndpoint.class);
            endpoint.actOn(
                    SecurityContext.NONE, new String[] {"trading"}, "resume", "no halt", "eve", null, null, null, null);
            context.getBean(BreakerRegistry.class).breaker("trading").halt("in code", "bob");
            context.getBean(ManualScheduler.class).runDue();

            List<AuditEvent> events = context.getBean(AuditEventsEndpoint.class)
                    .events(null, null, null)
                    .getEvents();
            assertThat(events)
                    .extracting(event -> event.getType() + " " + event.getPrincipal())
                    .containsExactlyInAnyOrder(
                            "TRADING_BREAKER_ACTION eve (unverified)", "TRADING_BREAKER_TRANSITION bob");
            assertThat(events)
                    .filteredOn(event -> event.getType().endsWith("ACTION"))
                    .singleElement()
                    .extracting(AuditEvent::getData)
                    .asString()
                    .startsWith("{breaker=trading, action=resume, reason=no halt, result=refused, error=breaker");
        });
    }

    @Test
    void everyKindOfRefusal_isRecorded() {
        runner.run(context -> {
            CircuitBreakerEndpoint endpoint = context.getBean(CircuitBreakerEndpoint.class);
            endpoint.actOn(SecurityContext.NONE, new String[] {"gone"}, "halt", null, null, null, null, null, null);
            endpoint.actOn(
                    SecurityContext.NONE, new String[] {"trading"}, "explode", null, null, null, null, null, null);
            endpoint.actOn(
                    SecurityContext.NONE, new String[] {"trading"}, "halt", null, null, "other", null, null, null);
            endpoint.actOnAll(SecurityContext.NONE, "resume", null, null, null, null);
            endpoint.actOnAll(SecurityContext.NONE, "observe", null, null, null, null);

            AuditTrail trail = context.getBean(AuditTrail.class);
            assertThat(trail.page("trading", Long.MAX_VALUE, 10))
                    .extracting(entry ->
                            entry.data().get("action") + " " + entry.data().get("result"))
                    .containsExactly("observe done", "resume refused", "halt refused", "explode refused");
            assertThat(trail.page("gone", Long.MAX_VALUE, 10)).hasSize(3);
        });
    }

    @Test
    void retuning_isRecordedOnceByWhomeverAndRefusedOnesToo() {
        runner.withConfiguration(AutoConfigurations.of(RetuningAutoConfiguration.class))
                .run(context -> {
                    CircuitBreakerEndpoint endpoint = context.getBean(CircuitBreakerEndpoint.class);
                    retune(endpoint, "eve", "500");
                    retune(endpoint, "eve", "500");
                    retune(endpoint, "eve", "none");
                    context.getBean(BreakerRegistry.class)
                            .breaker("trading")
                            .retune(limits -> limits.windowSize(400), "in code", "bob");
                    context.getBean(ManualScheduler.class).runDue();

                    assertThat(context.getBean(AuditTrail.class).page("trading", Long.MAX_VALUE, 10))
                            .extracting(entry -> entry.principal() + " "
                                    + entry.data().get("action") + " "
                                    + entry.data().get("result") + " "
                                    + entry.data().get("changes"))
                            .containsExactlyInAnyOrder(
                                    "eve (unverified) retune done [window-size: 1000 → 500]",
                                    "eve (unverified) retune refused null",
                                    "bob retune done [window-size: 500 → 400]");
                });
    }

    private static void retune(CircuitBreakerEndpoint endpoint, String actor, String windowSize) {
        endpoint.actOn(
                SecurityContext.NONE,
                new String[] {"trading"},
                "retune",
                "slow day",
                actor,
                null,
                null,
                null,
                Map.of("window-size", windowSize));
    }

    @Test
    void repositoryOfTheApplication_isUsedAndPagingStays() {
        runner.withUserConfiguration(OwnRepository.class)
                .withPropertyValues("management.auditevents.enabled=false")
                .run(context -> {
                    assertThat(context).hasSingleBean(AuditEventRepository.class);
                    CircuitBreakerEndpoint endpoint = context.getBean(CircuitBreakerEndpoint.class);
                    for (int i = 0; i < 3; i++) {
                        endpoint.actOn(
                                SecurityContext.NONE,
                                new String[] {"trading"},
                                "reset",
                                "number " + i,
                                null,
                                null,
                                null,
                                null,
                                null);
                    }

                    assertThat(context.getBean(AuditEventRepository.class).find(null, null, null))
                            .hasSize(1);
                    WebEndpointResponse<Object> page = endpoint.part("trading", "audit", null, "2");
                    assertThat(page.getStatus()).isEqualTo(200);
                    Map<?, ?> body = (Map<?, ?>) page.getBody();
                    assertThat((List<?>) body.get("events")).hasSize(2);
                    assertThat(body.get("next")).isEqualTo(2L);
                    WebEndpointResponse<Object> last = endpoint.part("trading", "audit", "2", null);
                    assertThat(((Map<?, ?>) last.getBody()).get("next")).isNull();
                });
    }

    @Test
    void capacity_isThatOfTheProperty() {
        runner.withPropertyValues("trading-breaker.audit.capacity=2").run(context -> {
            for (int i = 0; i < 5; i++) {
                context.getBean(AuditTrail.class).action("trading", "trip", null, null, null);
            }
            assertThat(context.getBean(AuditTrail.class).page("trading", Long.MAX_VALUE, 10))
                    .hasSize(2);
            assertThat(context.getBean(AuditEventRepository.class).find(null, null, null))
                    .hasSize(2);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"trading-breaker.audit.enabled=off", "trading-breaker.enabled=false"})
    void switchedOff_nothingIsKept(String off) {
        runner.withPropertyValues(off)
                .run(context -> assertThat(context)
                        .doesNotHaveBean(AuditTrail.class)
                        .doesNotHaveBean(AuditEventRepository.class));
    }

    @Test
    void switchedOff_pageIs404() {
        runner.withPropertyValues("trading-breaker.audit.enabled=false")
                .run(context -> assertThat(context.getBean(CircuitBreakerEndpoint.class)
                                .part("trading", "audit", null, null)
                                .getStatus())
                        .isEqualTo(404));
    }

    @Test
    void bootsAuditingSwitchedOff_onlyTheTrailIsKept() {
        runner.withPropertyValues("management.auditevents.enabled=false")
                .run(context -> assertThat(context)
                        .hasSingleBean(AuditTrail.class)
                        .doesNotHaveBean(AuditEventRepository.class));
    }

    /** With the listener that Spring Boot 4 makes together with those for Spring Security, which is not there. */
    @Configuration(proxyBeanMethods = false)
    static class OwnRepository {
        @Bean
        AuditEventRepository own() {
            return new InMemoryAuditEventRepository(1);
        }

        @Bean
        AuditListener ownListener(AuditEventRepository own) {
            return new AuditListener(own);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trading-breaker.webhook.url",
                "trading-breaker.webhook.headers.Authorization",
                "TRADINGBREAKER_WEBHOOK_URL",
                "trading-breaker.breakers.node.probe.token",
                "trading-breaker.defaults.probe.endpoints[0]",
            })
    void secrets_areHiddenFromActuator(String key) {
        runner.run(context -> {
            SanitizingFunction hiding = context.getBean(SanitizingFunction.class);
            assertThat(hiding.apply(new SanitizableData(null, key, "hunter2")).getValue())
                    .isEqualTo("******");
            assertThat(hiding.apply(new SanitizableData(null, "trading-breaker.webhook.attempts", "5"))
                            .getValue())
                    .isEqualTo("5");
        });
    }
}

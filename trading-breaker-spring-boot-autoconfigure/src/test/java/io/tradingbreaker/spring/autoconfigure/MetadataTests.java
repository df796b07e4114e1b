package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.json.JsonParserFactory;

class MetadataTests {

    private static final List<String> OF_A_BREAKER = List.of(
            "mode",
            "p99-threshold",
            "latency-threshold",
            "percentile",
            "window-size",
            "window-age",
            "minimum-samples",
            "confidence",
            "failure-threshold",
            "error-rate-threshold",
            "local-pause-limit",
            "stream-silence",
            "permit-timeout",
            "recovery-timeout",
            "half-open-requests",
            "half-open-successes",
            "half-open-timeout",
            "sampling-rate",
            "parent",
            "pass",
            "ignore-exceptions",
            "record-exceptions",
            "recovery.base-delay",
            "recovery.max-delay",
            "recovery.multiplier",
            "recovery.jitter-factor",
            "resume.policy",
            "resume.limit",
            "resume.period",
            "max-keys",
            "when-keys-full",
            "key-idle-timeout",
            "probe.timeout",
            "probe.type",
            "probe.endpoints",
            "probe.require",
            "probe.required-successes",
            "probe.interval",
            "probe.request-timeout",
            "probe.max-slot-age",
            "probe.max-slot-lag",
            "probe.method",
            "probe.expected-status",
            "probe.headers",
            "probe.token",
            "probe.service");

    @Test
    void everyProperty_describedAndNoOther() throws IOException {
        List<String> expected = new ArrayList<>(List.of(
                "trading-breaker.enabled",
                "trading-breaker.undeclared",
                "trading-breaker.stall-check-interval",
                "trading-breaker.breakers",
                "trading-breaker.aspect.order",
                "trading-breaker.web.enabled",
                "trading-breaker.health.affects-status",
                "trading-breaker.health.open-status",
                "trading-breaker.metrics.enabled",
                "trading-breaker.observation.enabled",
                "trading-breaker.http.enabled",
                "trading-breaker.http.guards",
                "trading-breaker.grpc.enabled",
                "trading-breaker.grpc.guards",
                "trading-breaker.store.type",
                "trading-breaker.store.path",
                "trading-breaker.store.on-unreadable",
                "trading-breaker.store.refresh",
                "trading-breaker.store.data-source",
                "trading-breaker.store.initialize-schema",
                "trading-breaker.store.switch-name",
                "trading-breaker.audit.enabled",
                "trading-breaker.audit.capacity",
                "trading-breaker.webhook.url",
                "trading-breaker.webhook.timeout",
                "trading-breaker.webhook.attempts",
                "trading-breaker.webhook.queue-size",
                "trading-breaker.webhook.headers",
                "trading-breaker.webhook.states",
                "trading-breaker.dashboard.enabled",
                "trading-breaker.dashboard.history",
                "trading-breaker.dashboard.interval"));
        OF_A_BREAKER.forEach(name -> expected.add("trading-breaker.defaults." + name));

        List<String> described = new ArrayList<>();
        String json;
        try (InputStream metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            json = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Object property :
                (List<?>) JsonParserFactory.getJsonParser().parseMap(json).get("properties")) {
            java.util.Map<?, ?> fields = (java.util.Map<?, ?>) property;
            String name = (String) fields.get("name");
            if (name.startsWith("trading-breaker.")) {
                assertThat((String) fields.get("description")).as(name).isNotBlank();
                described.add(name);
            }
        }
        assertThat(described).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void nullableProperties_haveBuiltInValuesAsDefaults() throws IOException {
        List<String> without = metadata("properties").stream()
                .filter(fields -> fields.get("defaultValue") == null)
                .map(fields -> (String) fields.get("name"))
                .filter(name -> name.startsWith("trading-breaker.defaults."))
                .toList();
        assertThat(without)
                .containsExactlyInAnyOrder(
                        "trading-breaker.defaults.latency-threshold",
                        "trading-breaker.defaults.confidence",
                        "trading-breaker.defaults.parent",
                        "trading-breaker.defaults.probe.type",
                        "trading-breaker.defaults.probe.endpoints",
                        "trading-breaker.defaults.probe.interval",
                        "trading-breaker.defaults.probe.headers",
                        "trading-breaker.defaults.probe.token",
                        "trading-breaker.defaults.probe.service");
    }

    @Test
    void choices_haveHints() throws IOException {
        assertThat(metadata("hints").stream().map(fields -> (String) fields.get("name")))
                .contains(
                        "trading-breaker.undeclared",
                        "trading-breaker.defaults.mode",
                        "trading-breaker.defaults.pass",
                        "trading-breaker.defaults.resume.policy",
                        "trading-breaker.defaults.ignore-exceptions",
                        "trading-breaker.defaults.record-exceptions",
                        "trading-breaker.defaults.probe.type",
                        "trading-breaker.defaults.probe.require",
                        "trading-breaker.defaults.probe.method");
    }

    private static List<Map<?, ?>> metadata(String part) throws IOException {
        String json;
        try (InputStream metadata =
                MetadataTests.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            json = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<Map<?, ?>> items = new ArrayList<>();
        for (Object item :
                (List<?>) JsonParserFactory.getJsonParser().parseMap(json).get(part)) {
            items.add((Map<?, ?>) item);
        }
        return items;
    }
}

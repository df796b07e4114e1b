package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
            "probe.timeout");

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
                "trading-breaker.metrics.enabled"));
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
}

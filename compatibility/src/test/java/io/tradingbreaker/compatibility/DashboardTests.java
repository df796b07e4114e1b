package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** The dashboard's page, its files and what it shows. */
@RunningApplication(
        properties = {
            "management.endpoints.web.exposure.include=tradingdashboard,circuitbreaker",
            "management.endpoint.circuitbreaker.access=unrestricted"
        })
class DashboardTests {

    private static final String PAGE = "/actuator/tradingdashboard";

    @Autowired
    private BreakerRegistry registry;

    @Autowired
    private ManualScheduler time;

    @Value("${local.server.port}")
    private int port;

    @ParameterizedTest
    @CsvSource({
        "'', text/html, <title>Trading Breaker</title>",
        "/main.js, text/javascript, import",
        "/style.css, text/css, :root",
        "/uPlot.iife.min.js, text/javascript, uPlot",
        "/state, application/json, \"rows\"",
    })
    void part_isServedInItsType(String path, String type, String content) throws Exception {
        Answer answer = Answer.get(port, PAGE + path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT))
                .startsWith(type);
        assertThat(answer.body()).contains(content);
    }

    @Test
    void unknownPart_isNotFound() throws Exception {
        assertThat(Answer.get(port, PAGE + "/application.yml").status()).isEqualTo(404);
    }

    @Test
    void state_hasWhatHappenedAndThatActionsAreAllowed() throws Exception {
        registry.breaker("node").reset("next test", null);
        registry.breaker("node").halt("stop", null);
        time.advance(Duration.ofSeconds(4));

        Answer answer = Answer.get(port, PAGE + "/state?breaker=node&from=0");

        assertThat(answer.map("view")).containsEntry("state", "HALTED");
        assertThat((String) answer.map("trace", "columns").get("states")).endsWith("HH");
        assertThat(answer.map("actions")).isEqualTo(Map.of("allowed", true, "why", ""));
        assertThat((List<?>) answer.map().get("rows")).hasSize(registry.breakers().size());
    }

    @Test
    void post_isRefused() throws Exception {
        assertThat(Answer.post(port, PAGE, "{}").status()).isEqualTo(405);
    }
}

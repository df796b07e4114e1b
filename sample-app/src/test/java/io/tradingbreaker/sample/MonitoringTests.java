package io.tradingbreaker.sample;

import static io.tradingbreaker.BreakerState.CLOSED;
import static io.tradingbreaker.BreakerState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The monitoring pack, with a real Prometheus that scrapes the running sample. */
class MonitoringTests extends AbstractServiceTests {

    private static final Logger log = LoggerFactory.getLogger(MonitoringTests.class);

    @BeforeAll
    static void prometheus() {
        assumeTrue(
                Prometheus.isInstalled(), "prometheus and promtool are not on the PATH (Debian's package prometheus)");
    }

    @Test
    void rules_areValidAndPassTheirTests() throws Exception {
        assertThat(Prometheus.promtool("check", "rules", "rules.yml")).contains("SUCCESS");
        assertThat(Prometheus.promtool("test", "rules", "rules-test.yml")).contains("SUCCESS");
    }

    @Test
    void spike_firesAndResolvesAndEveryPanelHasData(@TempDir Path folder, @Value("${local.server.port}") int port)
            throws Exception {
        try (Prometheus prometheus = new Prometheus(folder, port)) {
            // A counter's increase needs two scrapes before it.
            await().until(() -> prometheus
                            .query("count_over_time(trading_breaker_state[1m]) > 2")
                            .size()
                    > 0);

            service.play("spike");
            await().until(() -> node.state() == OPEN);
            Instant opened = latest(OPEN);
            Instant fired = await().until(() -> prometheus.firingSince("TradingPaused", "node"), Optional::isPresent)
                    .orElseThrow();

            service.play("normal");
            await().until(() -> node.state() == CLOSED);
            Instant closed = latest(CLOSED);
            await().until(() -> prometheus.firingSince("TradingPaused", "node").isEmpty());
            // How soon in the alert's own time: rules-test.yml.
            log.info(
                    "TradingPaused fired after {}, resolved after {}",
                    Duration.between(opened, fired),
                    Duration.between(closed, Instant.now()));

            for (String query : queries()) {
                await().untilAsserted(() ->
                        assertThat(prometheus.query(query)).as(query).isNotEmpty());
            }
        }
    }

    @Test
    void everyAlert_hasAPageForWhoeverIsPaged() throws Exception {
        String operations = Files.readString(Path.of("../docs/operations.md"));
        String rules = Files.readString(Prometheus.MONITORING.resolve("prometheus/rules.yml"));
        List<String> pages = Pattern.compile("runbook: docs/operations.md#(\\S+)")
                .matcher(rules)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .toList();

        assertThat(pages).hasSizeGreaterThan(7);
        assertThat(Pattern.compile("(?m)^#+ (\\w+)$")
                        .matcher(operations)
                        .results()
                        .map(match -> match.group(1).toLowerCase(Locale.ROOT)))
                .containsAll(pages);
    }

    private Instant latest(BreakerState to) {
        return node.snapshot().transitions().stream()
                .filter(transition -> transition.to() == to)
                .findFirst()
                .map(Transition::at)
                .orElseThrow();
    }

    /** All queries of the Grafana dashboard, with all values of its variables. */
    private static List<String> queries() throws IOException {
        JsonNode dashboard = new JsonMapper()
                .readTree(Files.readString(Prometheus.MONITORING.resolve("grafana/trading-breaker.json")));
        List<String> queries = new ArrayList<>();
        dashboard
                .path("panels")
                .forEach(panel -> panel.path("targets")
                        .forEach(target -> queries.add(target.path("expr").asString())));
        dashboard
                .path("annotations")
                .path("list")
                .forEach(annotation -> queries.add(annotation.path("expr").asString()));
        assertThat(queries).hasSizeGreaterThan(15);
        return queries.stream()
                .map(query -> query.replace("$__rate_interval", "1m").replaceAll("\\$(job|instance|name)", ".*"))
                .toList();
    }
}

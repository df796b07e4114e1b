package io.tradingbreaker.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.spring.desk.PauseHooks;
import io.tradingbreaker.spring.micrometer.DeskMeters;
import io.tradingbreaker.spring.micrometer.TradingBreakerMeters;
import io.tradingbreaker.spring.webhook.WebhookNotifier;
import io.tradingbreaker.spring.webhook.WebhookSettings;
import io.tradingbreaker.test.ManualScheduler;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the README's table of meters to those that are registered. */
class ReadmeMetersTests {

    private final List<List<String>> rows = new Readme().table("| Meter | Type |");
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @BeforeEach
    void bind() {
        ManualScheduler time = new ManualScheduler();
        PauseHooks hooks = new PauseHooks(
                () -> Map.of("cancelOrders", transition -> {}), breaker -> BreakerMode.OBSERVE, time.clock());
        WebhookNotifier webhook = new WebhookNotifier(new WebhookSettings(
                URI.create("http://127.0.0.1"), Duration.ofSeconds(1), 1, 1, Map.of(), Set.of(BreakerState.OPEN)));
        webhook.close(); // so that it drops what it is told
        BreakerRegistry breakers = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .listeners(List.of(hooks, webhook))
                .build();
        new TradingBreakerMeters(breakers).bindTo(meters);
        new DeskMeters(breakers, hooks, webhook).bindTo(meters);
        breakers.trip("so that hooks and webhook have a result", null);
        time.runDue();
    }

    @Test
    void namesAndTypes_areThoseRegistered() {
        Map<String, String> shown = new TreeMap<>();
        rows.forEach(row -> shown.put(code(row, 0), row.get(1)));
        Map<String, String> actual = new TreeMap<>();
        meters.forEachMeter(meter -> actual.put(
                meter.getId().getName(), meter.getId().getType().name().toLowerCase(Locale.ROOT)));
        assertThat(shown).isEqualTo(actual);
    }

    @Test
    void prometheusNames_areThoseScraped() {
        assertThat(rows.stream().map(row -> code(row, 3)))
                .containsExactlyInAnyOrderElementsOf(meters.scrape()
                        .lines()
                        .filter(line -> line.startsWith("# TYPE "))
                        .map(line -> line.split(" ", -1)[2])
                        .toList());
        assertThat(rows)
                .allSatisfy(row -> assertThat(code(row, 3))
                        .startsWith(code(row, 0).replace('.', '_'))
                        .matches(".*(_seconds|_total|_state|_inflight)"));
    }

    @Test
    void tags_areThoseRegistered() {
        Map<String, Map<String, Set<String>>> actual = new TreeMap<>();
        for (Meter meter : meters.getMeters()) {
            Map<String, Set<String>> tags = actual.computeIfAbsent(meter.getId().getName(), name -> new TreeMap<>());
            for (Tag tag : meter.getId().getTags()) {
                tags.computeIfAbsent(tag.getKey(), key -> new TreeSet<>()).add(tag.getValue());
            }
        }
        for (List<String> row : rows) {
            Map<String, Set<String>> registered = actual.get(code(row, 0));
            boolean isLast = row == rows.get(rows.size() - 1);
            assertThat(registered.remove("name") == null)
                    .as("%s has no name", row)
                    .isEqualTo(isLast);
            Map<String, Set<String>> shown = tags(row.get(2));
            assertThat(shown.keySet()).as("%s", row).isEqualTo(registered.keySet());
            shown.forEach(
                    (tag, values) -> assertThat(values).as("%s of %s", tag, row).isIn(Set.of(), registered.get(tag)));
        }
    }

    /** What a cell says: tags by name, with their values if it lists them. */
    private static Map<String, Set<String>> tags(String cell) {
        Map<String, Set<String>> tags = new TreeMap<>();
        for (String part : cell.split(";", -1)) {
            String values = part.contains(": ") ? part.substring(part.indexOf(": ") + 2) : "";
            Readme.code(part)
                    .forEach(tag -> tags.put(
                            tag, values.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(values.split(", ", -1)))));
        }
        return tags;
    }

    private static String code(List<String> row, int cell) {
        return Readme.code(row.get(cell)).get(0);
    }
}

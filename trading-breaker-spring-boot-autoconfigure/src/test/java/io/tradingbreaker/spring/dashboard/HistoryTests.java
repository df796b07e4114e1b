package io.tradingbreaker.spring.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.Permit;
import io.tradingbreaker.ResumePolicy;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTests {

    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final int POINTS = 30;

    private final ManualScheduler time = new ManualScheduler();
    private final BreakerRegistry registry = BreakerRegistry.builder()
            .clock(time.clock())
            .scheduler(time)
            .undeclared(BreakerConfig.builder().failureThreshold(0).build())
            .build();
    private final TradingBreaker node = registry.breaker("node");
    private final History history =
            new History(registry, time.clock(), time, new DashboardSettings(INTERVAL.multipliedBy(POINTS), INTERVAL));

    @Test
    void everyInterval_makesAPointOfWhatHappenedInIt() {
        history.start();
        call(Duration.ofMillis(40));
        time.advance(INTERVAL);
        call(Duration.ofMillis(80));
        Permit hung = node.tryAcquire();
        time.advance(INTERVAL);

        Map<String, Object> trace = trace(0);
        assertThat(trace).containsEntry("first", 0L).containsEntry("next", 2L);
        assertThat(column(trace, "calls")).containsExactly(1, 2);
        assertThat(column(trace, "p99").get(0)).isEqualTo(40.0);
        assertThat(column(trace, "inFlight")).containsExactly(0, 1);
        assertThat(column(trace, "oldest").get(0)).isNull();
        assertThat((double) column(trace, "oldest").get(1)).isBetween(1_800.0, 2_000.0);
        assertThat(columns(trace)).containsEntry("states", "CC");
        hung.success();
    }

    @Test
    void incident_isStillThereForWhoComesLate() {
        history.start();
        time.advance(INTERVAL);
        node.halt("stop", null);
        time.advance(INTERVAL.multipliedBy(2));
        node.tryAcquire();
        node.reset("", null);
        time.advance(INTERVAL);

        assertThat(columns(trace(0))).containsEntry("states", "-HHC");
        assertThat(column(trace(0), "rejected")).containsExactly(null, 0, 0, 1);
    }

    @Test
    void trip_isTracedWithTheLatenciesThatItHappenedAt() {
        history.start();
        call(Duration.ofMillis(40));
        for (int i = 0; i < 4; i++) {
            call(Duration.ofMillis(300));
        }
        assertThat(node.state()).isEqualTo(BreakerState.OPEN);

        time.advance(INTERVAL.multipliedBy(2));

        assertThat(column(trace(0), "worst")).containsExactly(300.0, null);
        assertThat((double) column(trace(0), "p99").get(0)).isGreaterThan(299.0);
        assertThat(column(trace(0), "p99").get(1)).isNull();
    }

    @Test
    void ring_keepsTheLastPointsOnly() {
        history.start();
        for (int i = 0; i < POINTS + 12; i++) {
            call(Duration.ofMillis(1));
            if (i == POINTS) {
                node.halt("stop", null);
            }
            time.advance(INTERVAL);
        }

        Map<String, Object> trace = trace(0);
        assertThat(trace).containsEntry("first", 12L).containsEntry("next", POINTS + 12L);
        assertThat((List<?>) trace.get("times")).hasSize(POINTS).isSorted();
        assertThat(columns(trace)).containsEntry("states", "C".repeat(POINTS - 12) + "H".repeat(12));
    }

    @Test
    void keyedBreaker_leavesTheListWhenItIsGone() {
        history.start();
        registry.keyed("node").of("fra1").tryAcquire().success();
        time.advance(INTERVAL);
        Map<String, Object> with = history.state("", "node:fra1", 0);
        assertThat(names(with)).containsExactly("node", "trading", "node:fra1");
        assertThat(with.get("trace")).isNotNull();

        time.advance(Duration.ofMinutes(30));
        assertThat(registry.find("node:fra1")).isNull();

        Map<String, Object> without = history.state((String) with.get("version"), "node:fra1", 0);
        assertThat(without).containsEntry("complete", true).containsEntry("breakers", 2);
        assertThat(names(without)).containsExactly("node", "trading");
        assertThat(without.get("trace")).isNull();
        assertThat(history.state((String) without.get("version"), null, 0))
                .as("from then on what changes")
                .containsEntry("complete", false);
    }

    @Test
    void breakerThatWasMadeThisMoment_isThereForWhoAsksForIt() {
        history.start();
        history.state("", null, 0);
        registry.keyed("node").of("fra1").halt("fat finger", "alice");

        assertThat(names(history.state("", "node:fra1", 0))).contains("node:fra1");
        assertThat(history.state("", "node:fra1", 0).get("trace")).isNotNull();
    }

    private static List<Object> names(Map<String, Object> state) {
        return ((List<?>) state.get("rows"))
                .stream().<Object>map(row -> ((List<?>) row).get(0)).toList();
    }

    @Test
    void fromANumber_onlyWhatIsNew() {
        history.start();
        call(Duration.ofMillis(1));
        time.advance(INTERVAL.multipliedBy(5));

        assertThat((List<?>) trace(3).get("times")).hasSize(2);
        assertThat((List<?>) trace(5).get("times")).isEmpty();
        assertThat((List<?>) trace(Long.MAX_VALUE).get("times")).isEmpty();
        assertThat((List<?>) trace(Long.MIN_VALUE).get("times")).hasSize(5);
    }

    @Test
    void breakerThatNobodyCalls_hasNoTrace() {
        history.start();
        time.advance(INTERVAL.multipliedBy(3));

        assertThat(columns(trace(0))).isEmpty();
    }

    @Test
    void samplesThatLeaveByAge_leaveTheList() {
        history.start();
        call(Duration.ofMillis(40));
        time.advance(INTERVAL);
        assertThat(row("node").get(8)).isEqualTo(40.0);

        time.advance(Duration.ofMinutes(2));

        assertThat(row("node").get(8)).isNull();
    }

    @Test
    void moreBusyBreakersThanLooks_takeTurns() {
        for (int i = 0; i < History.MOST_LOOKS + 50; i++) {
            registry.breaker("b" + i);
        }
        history.start();
        List<TradingBreaker> busy = registry.breakers().stream()
                .filter(breaker -> breaker.name().startsWith("b"))
                .toList();
        busy.forEach(breaker -> breaker.tryAcquire().success());
        time.advance(INTERVAL);
        assertThat(looked()).isEqualTo(History.MOST_LOOKS);

        time.advance(INTERVAL);

        assertThat(looked()).isEqualTo(busy.size());
    }

    private long looked() {
        return rows("").stream().filter(row -> row.get(8) != null).count();
    }

    @Test
    void version_givesOnlyRowsThatChanged() {
        history.start();
        String version = version(history.state("", null, 0));
        time.advance(Duration.ofSeconds(1));
        assertThat(rows(version)).isEmpty();

        node.halt("stop", null);
        time.advance(Duration.ofSeconds(1));

        assertThat(rows(version))
                .hasSize(1)
                .first()
                .satisfies(row -> assertThat(row).startsWith("node", null, "HALTED", "enforce"));
    }

    @Test
    void pauseThatWaitsForAnOperator_saysSo() {
        ResumePolicy byHand = new ResumePolicy(ResumePolicy.Kind.MANUAL, 3, Duration.ofHours(24));
        try (BreakerRegistry other = BreakerRegistry.builder()
                        .clock(time.clock())
                        .scheduler(new ManualScheduler())
                        .breaker("desk", BreakerConfig.DEFAULT.with(config -> config.resume(byHand)))
                        .build();
                History seen = new History(
                        other, time.clock(), time, new DashboardSettings(INTERVAL.multipliedBy(POINTS), INTERVAL))) {
            seen.start();
            other.breaker("desk").trip("test", null);
            time.advance(INTERVAL);

            List<?> rows = (List<?>) seen.state("", null, 0).get("rows");
            assertThat(rows.stream().map(row -> ((List<?>) row).get(0) + " " + ((List<?>) row).get(14)))
                    .contains("desk true", "trading false");
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "0-5", "-1", "abc", "1-99999999999999999999999", "-"})
    void versionOfAnotherRun_givesAll(String token) {
        Map<String, Object> state = history.state(token, null, 0);

        assertThat(state).containsEntry("complete", true).containsEntry("breakers", 2);
        assertThat((List<?>) state.get("rows")).hasSize(2);
    }

    @Test
    void close_endsTheSampling() {
        history.start();
        call(Duration.ofMillis(1));
        time.advance(INTERVAL);
        history.close();

        time.advance(INTERVAL.multipliedBy(5));

        assertThat(trace(0)).containsEntry("next", 1L);
    }

    @ParameterizedTest
    @CsvSource({"PT10M, PT0.9S", "PT10M, PT61S", "PT59S, PT2S", "PT25H, PT1M", "PT31M, PT1S"})
    void settingsOutOfRange_areRefused(Duration length, Duration interval) {
        assertThatThrownBy(() -> new DashboardSettings(length, interval)).isInstanceOf(InvalidConfigException.class);
    }

    private void call(Duration latency) {
        Permit permit = node.tryAcquire();
        if (permit != null) {
            time.advance(latency);
            permit.success();
        }
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> trace(long from) {
        return (Map<String, Object>) history.state("", "node", from).get("trace");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> columns(Map<String, Object> trace) {
        return (Map<String, Object>) trace.get("columns");
    }

    @SuppressWarnings("unchecked")
    private static List<Object> column(Map<String, Object> trace, String name) {
        return (List<Object>) columns(trace).get(name);
    }

    @SuppressWarnings("unchecked")
    private List<List<Object>> rows(String version) {
        return (List<List<Object>>) history.state(version, null, 0).get("rows");
    }

    private List<Object> row(String name) {
        return rows("").stream()
                .filter(row -> row.get(0).equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String version(Map<String, Object> state) {
        return (String) state.get("version");
    }
}

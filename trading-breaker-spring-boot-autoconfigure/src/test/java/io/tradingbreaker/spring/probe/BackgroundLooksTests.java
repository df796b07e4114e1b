package io.tradingbreaker.spring.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.test.ManualScheduler;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** In virtual time. */
@ExtendWith(OutputCaptureExtension.class)
class BackgroundLooksTests {

    private final ManualScheduler time = new ManualScheduler();
    private final FakeLook look = new FakeLook(time);
    private final SettingsOf settings = new SettingsOf();

    private BreakerProbe started() {
        settings.interval = Duration.ofMillis(100);
        ProbeSettings merged = settings.at(List.of(URI.create("http://node:8899/hunter2")));
        BreakerProbe probe = new BreakerProbe(
                new OpenProbe(merged, List.of(look)), FakeLook.Inline::new, time, time.clock(), now -> -1);
        probe.start();
        return probe;
    }

    /** The node stalls for the last 5 s of each minute; what it was asked meanwhile it answers when it goes on. */
    private Duration stalling(long startNanos) {
        long inMinute = (time.clock().nanoTime() - startNanos) % 60_000_000_000L;
        long left = 60_000_000_000L - inMinute;
        return Duration.ofMillis(20).plusNanos(left <= 5_000_000_000L ? left : 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {400, 10_000})
    void stallOfFiveSecondsAMinute_showsInTheCorrectedP99Alone(long requestTimeout) throws Exception {
        settings.requestTimeout = Duration.ofMillis(requestTimeout);
        settings.timeout = Duration.ofSeconds(10);
        long start = time.clock().nanoTime();
        look.took = () -> stalling(start);
        BreakerProbe probe = started();

        time.advance(Duration.ofMinutes(3).plusMillis(50));

        ProbeLatencies.Figures figures = probe.figures();
        assertThat(figures.correctedMillis()).isBetween(4_000.0, 5_000.0);
        assertThat(figures.rawMillis()).isBetween(15.0, 25.0);
        HealthStatus status = probe.check();
        assertThat(status.healthy()).isTrue();
        assertThat(status.details())
                .matches("http://node:8899 20 ms; P99 4,\\d{3} ms corrected, 20 ms raw of [\\d,]+ looks");
    }

    @Test
    void hangThatGoesOn_showsInTheCorrectedP99() {
        BreakerProbe probe = started();
        time.advance(Duration.ofSeconds(60));
        look.took = () -> Duration.ofDays(1);
        time.advance(Duration.ofSeconds(5));
        assertThat(probe.figures().correctedMillis()).isGreaterThan(4_000);
        assertThat(probe.figures().rawMillis()).isLessThan(25);
    }

    @Test
    void lookUnderWay_showsInTheCorrectedP99() {
        settings.requestTimeout = Duration.ofSeconds(10);
        settings.timeout = Duration.ofSeconds(10);
        BreakerProbe probe = started();
        time.advance(Duration.ofSeconds(60));
        List<Double> seen = new ArrayList<>();
        look.took = () -> {
            time.advance(Duration.ofSeconds(5));
            seen.add(probe.figures().correctedMillis());
            return Duration.ZERO;
        };
        time.advance(Duration.ofMillis(100));
        assertThat(seen.get(0)).isGreaterThan(4_000);
    }

    @Test
    void oldLooks_areForgotten() {
        look.took = () -> Duration.ofMillis(150);
        BreakerProbe probe = started();
        time.advance(Duration.ofMinutes(1));
        look.took = () -> Duration.ofMillis(20);
        time.advance(Duration.ofMinutes(5));
        assertThat(probe.figures().rawMillis()).isBetween(19.0, 20.1);
        assertThat(probe.figures().looks()).isBetween(1_190L, 2_410L);
    }

    @Test
    void interval_isKeptWhateverALookTakes() {
        look.took = () -> Duration.ofMillis(60);
        started();
        time.advance(Duration.ofSeconds(10).minusMillis(1));
        assertThat(look.looks).isEqualTo(100);
    }

    @Test
    void change_isLoggedOnce(CapturedOutput output) {
        BreakerProbe probe = started();
        time.advance(Duration.ofSeconds(60));
        look.sight = () -> Sight.unhealthy("key /hunter2/hunter2\nforged");
        time.advance(Duration.ofSeconds(60));
        assertThat(probe.background()).startsWith("unhealthy; P99 ").contains("http://node:8899 key");
        look.sight = () -> Sight.healthy("");
        time.advance(Duration.ofSeconds(60));
        assertThat(probe.background()).startsWith("healthy; P99 20 ms corrected");
        assertThat(output.getAll().lines().filter(line -> line.contains("The probe of breaker 'node' is")))
                .hasSize(3)
                .elements(1)
                .allMatch(
                        line -> line.contains("WARN") && line.endsWith("http://node:8899 key /hunter2/hunter2 forged"));
    }

    @Test
    void endpointThatIsUnhealthy_isNamedFirst(CapturedOutput output) {
        FakeLook bad = new FakeLook(time);
        bad.sight = () -> Sight.unhealthy("HTTP 503");
        settings.interval = Duration.ofMillis(100);
        ProbeSettings merged = settings.at(List.of(
                URI.create("https://rpc-1.mainnet.example.com:8899"),
                URI.create("https://rpc-2.mainnet.example.com:8899"),
                URI.create("https://rpc-3.mainnet.example.com:8899"),
                URI.create("https://rpc-4.mainnet.example.com:8899")));
        BreakerProbe probe = new BreakerProbe(
                new OpenProbe(merged, List.of(look, look, look, bad)),
                FakeLook.Inline::new,
                time,
                time.clock(),
                now -> -1);
        probe.start();
        time.advance(Duration.ofSeconds(1));
        assertThat(probe.background()).contains("looks; https://rpc-4.mainnet.example.com:8899 HTTP 503; ");
        assertThat(output.getAll()).contains("is unhealthy: https://rpc-4.mainnet.example.com:8899 HTTP 503; ");
    }

    @Test
    void flapping_isLoggedAtMostOnceInTenSeconds(CapturedOutput output) {
        look.sight = () -> look.looks % 2 == 0 ? Sight.healthy("") : Sight.unhealthy("no");
        started();
        time.advance(Duration.ofSeconds(60));
        assertThat(output.getAll().lines().filter(line -> line.contains("The probe of breaker 'node' is")))
                .hasSizeBetween(2, 7);
    }

    @Test
    void requiredSuccesses_holdBackHealthy() {
        settings.requiredSuccesses = 3;
        BreakerProbe probe = started();
        time.advance(Duration.ofMillis(150));
        assertThat(probe.background()).startsWith("not known yet");
        time.advance(Duration.ofMillis(200));
        assertThat(probe.background()).startsWith("healthy");
    }

    @Test
    void laneWithoutAThread_doesNotEndTheLooks() {
        FakeLook.Inline lane = new FakeLook.Inline();
        lane.failing = 3;
        settings.interval = Duration.ofMillis(100);
        ProbeSettings merged = settings.at(List.of(URI.create("http://node:8899")));
        new BreakerProbe(new OpenProbe(merged, List.of(look)), () -> lane, time, time.clock(), now -> -1).start();
        assertThatThrownBy(() -> time.advance(Duration.ofSeconds(1))).isInstanceOf(OutOfMemoryError.class);
        int before = look.looks;
        time.advance(Duration.ofSeconds(1));
        assertThat(look.looks).isBetween(before + 9, before + 11);
    }

    @Test
    void closed_looksNoMore() {
        BreakerProbe probe = started();
        time.advance(Duration.ofSeconds(1));
        probe.close();
        int before = look.looks;
        time.advance(Duration.ofSeconds(10));
        assertThat(look.looks).isEqualTo(before);
    }
}

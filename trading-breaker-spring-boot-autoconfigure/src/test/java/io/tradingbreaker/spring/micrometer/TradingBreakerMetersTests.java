package io.tradingbreaker.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.Intent;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.test.ManualScheduler;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TradingBreakerMetersTests {

    private final ManualScheduler time = new ManualScheduler();
    private final AtomicReference<HealthStatus> nodeHealth = new AtomicReference<>(HealthStatus.unhealthy("behind"));
    private final BreakerRegistry breakers = BreakerRegistry.builder()
            .clock(time.clock())
            .scheduler(time)
            .breaker("trading", BreakerConfig.builder().errorRateThreshold(0).build())
            .healthCheckers(List.of(nodeHealth::get))
            .build();
    private final TradingBreaker trading = breakers.breaker("trading");
    private final PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void scrape_hasExactlyTheNamesTypesAndLabelsOfTheContract() throws Exception {
        new TradingBreakerMeters(breakers).bindTo(prometheus);

        List<String> actual = prometheus
                .scrape()
                .lines()
                .filter(line -> !line.startsWith("# HELP"))
                .map(line -> line.startsWith("#") ? line : line.substring(0, line.lastIndexOf(' ')))
                .sorted()
                .toList();

        assertThat(actual).containsExactlyElementsOf(expected());
    }

    @Test
    void everyMeter_hasADescription() {
        new TradingBreakerMeters(breakers).bindTo(prometheus);

        assertThat(prometheus.getMeters())
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank());
    }

    @Test
    void breakerMadeAfterBinding_hasMetersToo() {
        new TradingBreakerMeters(breakers).bindTo(prometheus);
        int ofOne = prometheus.getMeters().size() - 1;

        breakers.breaker("later");
        breakers.breaker("later");

        assertThat(prometheus.getMeters()).hasSize(2 * ofOne + 1);
        assertThat(prometheus
                        .get("trading.breaker.rejected")
                        .tag("name", "later")
                        .functionCounters())
                .hasSize(1);
    }

    @Test
    void severalRegistries_allHaveTheMeters() {
        MeterRegistry simple = new SimpleMeterRegistry();
        TradingBreakerMeters meters = new TradingBreakerMeters(breakers);
        meters.bindTo(prometheus);
        meters.bindTo(simple);

        breakers.breaker("later");

        assertThat(simple.getMeters()).hasSameSizeAs(prometheus.getMeters());
    }

    @Test
    void calls_areCountedAndTimedByOutcome() {
        new TradingBreakerMeters(breakers).bindTo(prometheus);
        call(Duration.ofMillis(20)).success();
        call(Duration.ofMillis(40)).failure();
        call(Duration.ofMillis(60)).ignored();
        call(Duration.ofMillis(500)).success();

        assertThat(timer("trading.breaker.calls", "outcome", "successful").count())
                .isEqualTo(2);
        assertThat(seconds("trading.breaker.calls", "outcome", "successful")).isEqualTo(0.52);
        assertThat(seconds("trading.breaker.calls", "outcome", "failed")).isEqualTo(0.04);
        assertThat(seconds("trading.breaker.calls", "outcome", "ignored")).isEqualTo(0.06);
        assertThat(counter("trading.breaker.slow", "stalled", "true")).isEqualTo(1);
        assertThat(counter("trading.breaker.slow", "stalled", "false")).isZero();
    }

    @Test
    void stateTransitionsAndRejections_followTheBreaker() {
        new TradingBreakerMeters(breakers).bindTo(prometheus);
        trading.trip("test", null);
        trading.tryAcquire(Intent.OPEN_RISK);
        time.advance(Duration.ofMillis(30_500));
        nodeHealth.set(HealthStatus.healthy(Duration.ofMillis(5), "ok"));
        time.advance(Duration.ofSeconds(2));

        assertThat(gauge("trading.breaker.state", "state", "half-open")).isEqualTo(1);
        assertThat(gauge("trading.breaker.state", "state", "open")).isZero();
        assertThat(counter("trading.breaker.rejected")).isEqualTo(1);
        assertThat(counter("trading.breaker.transitions", "from", "closed", "to", "open", "rule", "trip"))
                .isEqualTo(1);
        assertThat(counter("trading.breaker.transitions", "from", "open", "to", "half-open", "rule", "probe"))
                .isEqualTo(1);
        assertThat(counter("trading.breaker.recovery.attempts")).isEqualTo(2);
        assertThat(timer("trading.breaker.probe", "healthy", "true").count()).isEqualTo(1);
        assertThat(timer("trading.breaker.probe", "healthy", "false").count()).isEqualTo(1);
        assertThat(timer("trading.breaker.alert.delay").count()).isEqualTo(2);
    }

    @Test
    void retunedThreshold_isShown() {
        new TradingBreakerMeters(breakers).bindTo(prometheus);

        trading.retune(limits -> limits.p99Threshold(Duration.ofMillis(300)), "slow day", null);

        assertThat(gauge("trading.breaker.latency.threshold")).isEqualTo(0.3);
    }

    @Test
    void latency_isNaNWithoutCallsAndSecondsWithThem() {
        new TradingBreakerMeters(breakers).bindTo(prometheus);
        assertThat(gauge("trading.breaker.latency", "quantile", "0.99")).isNaN();
        assertThat(gauge("trading.breaker.inflight.oldest")).isNaN();
        assertThat(gauge("trading.breaker.latency.threshold")).isEqualTo(0.2);

        call(Duration.ofMillis(30)).success();
        assertThat(gauge("trading.breaker.latency", "quantile", "0.99")).isEqualTo(0.03);
        call(Duration.ofMillis(90)).success();
        assertThat(gauge("trading.breaker.latency", "quantile", "0.99")).isCloseTo(0.09, within(0.001));

        call(Duration.ofMillis(70));
        assertThat(gauge("trading.breaker.inflight")).isEqualTo(1);
        assertThat(gauge("trading.breaker.inflight.oldest")).isEqualTo(0.07);
    }

    @Test
    void localPause_isTimed() {
        new TradingBreakerMeters(breakers).bindTo(prometheus);
        time.advance(Duration.ofMillis(100));
        time.pause(Duration.ofMillis(500));

        assertThat(prometheus.get("trading.breaker.local.pause").functionTimer().count())
                .isEqualTo(1);
        assertThat(prometheus.get("trading.breaker.local.pause").functionTimer().totalTime(TimeUnit.SECONDS))
                .isBetween(0.4, 0.5);
    }

    @Test
    void garbageCollection_takesNoMeterAway() {
        new TradingBreakerMeters(breakers).bindTo(prometheus);
        call(Duration.ofMillis(30)).success();
        WeakReference<byte[]> collected = new WeakReference<>(new byte[1 << 20]);
        for (int i = 0; i < 100 && collected.get() != null; i++) {
            System.gc();
        }

        assertThat(collected.get()).isNull();
        assertThat(gauge("trading.breaker.latency", "quantile", "0.5")).isEqualTo(0.03);
        assertThat(gauge("trading.breaker.latency.threshold")).isEqualTo(0.2);
        assertThat(gauge("trading.breaker.inflight")).isZero();
        assertThat(timer("trading.breaker.calls", "outcome", "successful").count())
                .isEqualTo(1);
        assertThat(breakers.breakers()).contains(trading);
    }

    private Permit call(Duration latency) {
        Permit permit = trading.acquire(Intent.OPEN_RISK);
        time.advance(latency);
        return permit;
    }

    private double gauge(String name, String... tags) {
        return prometheus.get(name).tag("name", "trading").tags(tags).gauge().value();
    }

    private double counter(String name, String... tags) {
        return prometheus
                .get(name)
                .tag("name", "trading")
                .tags(tags)
                .functionCounter()
                .count();
    }

    private FunctionTimer timer(String name, String... tags) {
        return prometheus.get(name).tag("name", "trading").tags(tags).functionTimer();
    }

    private double seconds(String name, String... tags) {
        return timer(name, tags).totalTime(TimeUnit.SECONDS);
    }

    private static List<String> expected() throws Exception {
        try (var in = TradingBreakerMetersTests.class.getResourceAsStream("prometheus.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}

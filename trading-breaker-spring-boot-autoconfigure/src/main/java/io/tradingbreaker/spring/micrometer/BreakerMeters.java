package io.tradingbreaker.spring.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerCounters;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Rule;
import io.tradingbreaker.Tally;
import io.tradingbreaker.TradingBreaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The meters of one breaker in one meter registry. Meters hold what they read weakly; the breaker is held by its
 * registry until it is gone, all else strongly by the gauges. Not thread-safe.
 */
final class BreakerMeters {

    private final TradingBreaker breaker;
    private final MeterRegistry meters;
    private final List<Meter> registered = new ArrayList<>();

    BreakerMeters(TradingBreaker breaker, MeterRegistry meters) {
        this.breaker = breaker;
        this.meters = meters;
    }

    void register() {
        registerCalls();
        registerState();
        registerLatency();
        registerInFlight();
        registerRecovery();
    }

    /** Those that it was given; a filter may have made one of several. */
    List<Meter> registered() {
        return registered;
    }

    boolean areOf(TradingBreaker other) {
        return breaker == other;
    }

    private void registerCalls() {
        String description = "Calls that have ended, with their latency";
        calls("successful", description, BreakerCounters::successful, BreakerCounters::successfulTime);
        calls("failed", description, BreakerCounters::failed, BreakerCounters::failedTime);
        calls("ignored", description, BreakerCounters::ignored, BreakerCounters::ignoredTime);
        String slow = "Calls that took longer than latency-threshold; stalled ones were seen before they returned";
        counter("trading.breaker.slow", slow, tags("stalled", "true"), BreakerCounters::stalled);
        counter("trading.breaker.slow", slow, tags("stalled", "false"), c -> Math.max(0, c.slow() - c.stalled()));
        counter("trading.breaker.rejected", "Calls that were refused", tags(), BreakerCounters::rejected);
    }

    private void calls(
            String outcome,
            String description,
            ToLongFunction<BreakerCounters> count,
            Function<BreakerCounters, Duration> total) {
        timer(
                "trading.breaker.calls",
                description,
                tags("outcome", outcome),
                counters -> new Tally(count.applyAsLong(counters), total.apply(counters)));
    }

    private void registerState() {
        for (BreakerState state : BreakerState.values()) {
            registered.add(Gauge.builder("trading.breaker.state", breaker, b -> b.state() == state ? 1 : 0)
                    .description("1 for the state that the breaker is in, 0 for the others")
                    .tags(tags("state", state.code()))
                    .register(meters));
        }
        for (BreakerState from : BreakerState.values()) {
            for (BreakerState to : BreakerState.values()) {
                for (Rule rule : Rule.values()) {
                    if (rule.moves(from, to)) {
                        registerTransitions(new BreakerCounters.TransitionKind(from, to, rule));
                    }
                }
            }
        }
        timer(
                "trading.breaker.alert.delay",
                "Transitions told to listeners, with the time from the decision until all were told",
                tags(),
                BreakerCounters::alertDelay);
    }

    private void registerTransitions(BreakerCounters.TransitionKind kind) {
        counter(
                "trading.breaker.transitions",
                "Changes of state by the rule that decided them",
                tags("from", kind.from().code())
                        .and("to", kind.to().code())
                        .and("rule", kind.rule().code()),
                counters -> counters.transitions().getOrDefault(kind, 0L));
    }

    private void registerLatency() {
        LatencyReading reading = new LatencyReading(breaker.latencyMonitor());
        for (LatencyReading.Quantile quantile : LatencyReading.Quantile.values()) {
            seconds(
                    "trading.breaker.latency",
                    "Latency of the calls in the window, those in flight with their age; NaN without calls",
                    tags("quantile", quantile.value()),
                    () -> reading.nanos(quantile));
        }
        seconds(
                "trading.breaker.latency.threshold",
                "The latency over which a sample counts against the percentile",
                tags(),
                () -> threshold(breaker.config()).toNanos());
    }

    private static Duration threshold(BreakerConfig config) {
        return config.p99Threshold().isZero() ? config.latencyThreshold() : config.p99Threshold();
    }

    private void registerInFlight() {
        registered.add(Gauge.builder(
                        "trading.breaker.inflight", breaker, b -> b.counters().inFlight())
                .description("Calls that have not returned")
                .tags(tags())
                .register(meters));
        seconds(
                "trading.breaker.inflight.oldest",
                "Age of the oldest call that has not returned; NaN without one",
                tags(),
                this::oldestInFlightNanos);
    }

    private double oldestInFlightNanos() {
        BreakerCounters counters = breaker.counters();
        return counters.inFlight() == 0 ? Double.NaN : counters.oldestInFlight().toNanos();
    }

    private void registerRecovery() {
        counter("trading.breaker.recovery.attempts", "Attempts at recovery", tags(), BreakerCounters::recoveryAttempts);
        String probe = "Health checks answered, with the time they took";
        timer("trading.breaker.probe", probe, tags("healthy", "true"), BreakerCounters::healthyProbes);
        timer("trading.breaker.probe", probe, tags("healthy", "false"), BreakerCounters::unhealthyProbes);
    }

    private void counter(String name, String description, Tags tags, ToDoubleFunction<BreakerCounters> count) {
        registered.add(FunctionCounter.builder(name, breaker, b -> count.applyAsDouble(b.counters()))
                .description(description)
                .tags(tags)
                .register(meters));
    }

    private void timer(String name, String description, Tags tags, Function<BreakerCounters, Tally> tally) {
        registered.add(FunctionTimer.builder(
                        name,
                        breaker,
                        b -> tally.apply(b.counters()).count(),
                        b -> tally.apply(b.counters()).total().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description(description)
                .tags(tags)
                .register(meters));
    }

    private void seconds(String name, String description, Tags tags, Supplier<Number> nanos) {
        registered.add(TimeGauge.builder(name, nanos, TimeUnit.NANOSECONDS)
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(meters));
    }

    private Tags tags(String... keyValues) {
        return Tags.of("name", breaker.name()).and(keyValues);
    }
}

package io.tradingbreaker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one breaker tells people: the window of a phase as it is now, and reasons for transitions with its figures. Thread-safe. */
final class Explanations {

    private final StateMachine machine;
    private final InFlight inFlight;

    Explanations(StateMachine machine, InFlight inFlight) {
        this.machine = machine;
        this.inFlight = inFlight;
    }

    /** The window of a phase now, stalled calls with their ages so far. */
    Latencies latencies(Phase of) {
        if (!of.hasWindow()) {
            return new Latencies(new long[0], 0, 0, machine.tuning().rules.allowed(0));
        }
        long now = machine.clock.nanoTime();
        Window window = of.window().current();
        window.trim(now);
        long first = window.first();
        int over = window.over();
        long[] nanos = window.latencies(first);
        inFlight.putAges(nanos, first, of, machine.pauses.active(now));
        return new Latencies(nanos, first, over, window.rules.allowed(nanos.length));
    }

    LatencyStatistics statistics(Latencies latencies) {
        return Distribution.of(
                latencies.nanos, latencies.first, machine.config().samplingRate());
    }

    TransitionReason reason(Phase of, Rule rule, String message, @Nullable Double observed, @Nullable Double limit) {
        return reason(latencies(of), rule, message, observed, limit);
    }

    TransitionReason reason(
            Latencies latencies, Rule rule, String message, @Nullable Double observed, @Nullable Double limit) {
        return new TransitionReason(
                rule, message, observed, limit, (long) latencies.nanos.length, statistics(latencies));
    }

    TransitionReason reason(Phase of, BreakerSnapshot.Probe probe) {
        Duration latency = probe.latency();
        return reason(
                of,
                Rule.PROBE,
                (probe.healthy() ? "health check passed: " : "health check failed: ") + probe.details(),
                latency == null ? null : Nanos.toMillis(latency.toNanos()),
                Nanos.toMillis(machine.config().latencyThreshold().toNanos()));
    }
}

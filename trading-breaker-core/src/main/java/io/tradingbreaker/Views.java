package io.tradingbreaker;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one breaker shows of itself: as it is, or as it was when it was evicted. Thread-safe. */
final class Views {

    private final String name;
    private final @Nullable String parent;
    private final Gate gate;
    private final StateMachine machine;
    private final BreakerClock clock;

    Views(String name, @Nullable String parent, Gate gate, BreakerClock clock) {
        this.name = name;
        this.parent = parent;
        this.gate = gate;
        this.clock = clock;
        machine = gate.machine();
    }

    private Phase phase() {
        Phase phase = machine.phase();
        return phase instanceof RetiredPhase retired ? retired.last : phase;
    }

    BreakerConfig config() {
        return machine.config();
    }

    BreakerState state() {
        return phase().state;
    }

    BreakerMode mode() {
        return gate.mode();
    }

    BreakerCounters counters() {
        return gate.counters();
    }

    LatencyStatistics statistics() {
        return machine.explanations.statistics(machine.latencies(phase()));
    }

    LatencyMonitor.WindowView window() {
        return window(machine.latencies(phase()));
    }

    private static LatencyMonitor.WindowView window(Latencies latencies) {
        return new LatencyMonitor.WindowView(latencies.nanos.length, latencies.over, latencies.allowed);
    }

    BreakerSnapshot snapshot() {
        Phase current = phase();
        Latencies latencies = machine.latencies(current);
        Duration wait = current.state == BreakerState.OPEN ? current.retryAfter() : null;
        return new BreakerSnapshot(
                name,
                current.state,
                mode(),
                current.entry.at(),
                parent,
                current.reason(),
                window(latencies),
                machine.explanations.statistics(latencies),
                counters(),
                new BreakerSnapshot.Recovery(
                        current.failedAttempts(),
                        wait == null ? null : clock.instant().plus(wait),
                        StateMachine.awaitsResume(current),
                        machine.prober.last()),
                current.entry.history(),
                machine.drills.last(),
                machine.config());
    }

    /** Of a breaker that shows another one's views once it was evicted: they are asked for each time. */
    record Monitor(Supplier<Views> shown) implements LatencyMonitor {

        @Override
        public LatencyStatistics statistics() {
            return shown.get().statistics();
        }

        @Override
        public WindowView window() {
            return shown.get().window();
        }
    }
}

package io.tradingbreaker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one breaker has counted. The calls' counts lie in the slots, where their owners add without contention; none ever
 * falls, and the sums are made at each reading, so that the account holds. Thread-safe.
 */
final class Accounts {

    final LongAdder rejected = new LongAdder();
    final LongAdder wouldReject = new LongAdder();
    /** Completions of permits that had been given up. */
    final LongAdder late = new LongAdder();

    final LongAdder attempts = new LongAdder();
    private final InFlight inFlight;
    private final Map<BreakerCounters.TransitionKind, LongAdder> transitions = new ConcurrentHashMap<>();

    Accounts(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    void count(Transition t) {
        transitions
                .computeIfAbsent(
                        new BreakerCounters.TransitionKind(
                                t.from(), t.to(), t.reason().rule()),
                        kind -> new LongAdder())
                .increment();
    }

    BreakerCounters counters(StateMachine machine, long activeNow) {
        long successful = 0;
        long failed = 0;
        long ignored = 0;
        long abandoned = 0;
        long flying = 0;
        long stale = late.sum();
        long slow = 0;
        long stalled = 0;
        long successNanos = 0;
        long failedNanos = 0;
        long ignoredNanos = 0;
        for (Slot slot : inFlight.slots()) {
            long s = slot.state;
            boolean isGone = Slot.isGone(s);
            successful += slot.successful;
            failed += slot.failed;
            ignored += slot.ignored;
            abandoned += slot.abandoned + (isGone ? 1 : 0);
            // A call that ends during this reading may be counted as ended and as in flight.
            flying += isGone || Slot.isFree(s) ? 0 : 1;
            stale += slot.stale;
            long stalledHere = slot.stalled;
            slow += slot.slowOnReturn + stalledHere;
            stalled += stalledHere;
            successNanos += slot.successNanos;
            failedNanos += slot.failedNanos;
            ignoredNanos += slot.ignoredNanos;
        }
        long permitted = successful + failed + ignored + abandoned + flying;
        long refused = rejected.sum();
        Phase phase = machine.phase();
        return new BreakerCounters(
                permitted + refused,
                permitted,
                refused,
                successful,
                failed,
                ignored,
                abandoned,
                flying,
                Duration.ofNanos(successNanos),
                Duration.ofNanos(failedNanos),
                Duration.ofNanos(ignoredNanos),
                stale,
                slow,
                stalled,
                wouldReject.sum(),
                phase.entry.sequence(),
                phase instanceof ClosedPhase closed ? closed.run() : 0,
                Duration.ofNanos(inFlight.oldest(activeNow)),
                attempts.sum(),
                machine.prober.tally(true),
                machine.prober.tally(false),
                machine.alertDelay(),
                transitions());
    }

    private Map<BreakerCounters.TransitionKind, Long> transitions() {
        Map<BreakerCounters.TransitionKind, Long> counts = new HashMap<>();
        transitions.forEach((kind, count) -> counts.put(kind, count.sum()));
        return Map.copyOf(counts);
    }
}

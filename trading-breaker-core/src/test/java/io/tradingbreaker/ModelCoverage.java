package io.tradingbreaker;

import io.tradingbreaker.ModelCase.Act;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the runs have reached, with how often. Thread-safe. */
final class ModelCoverage {

    final Map<BreakerCounters.TransitionKind, Long> transitions = new ConcurrentHashMap<>();
    final Map<String, Long> admissions = new ConcurrentHashMap<>();
    final Set<Act> done = ConcurrentHashMap.newKeySet();
    final Set<Act> conflicts = ConcurrentHashMap.newKeySet();
    final LongAdder abandoned = new LongAdder();
    final LongAdder stalled = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder overTheLimit = new LongAdder();
    final LongAdder pastThePeriod = new LongAdder();

    void add(Act act, boolean worked) {
        (worked ? done : conflicts).add(act);
    }

    void add(TradingBreaker breaker) {
        BreakerCounters c = breaker.counters();
        c.transitions().forEach((kind, count) -> transitions.merge(kind, count, Long::sum));
        abandoned.add(c.abandoned());
        stalled.add(c.stalled());
        stale.add(c.stale());
    }

    void add(BreakerModel level) {
        overTheLimit.add(level.overTheLimit);
        pastThePeriod.add(level.pastThePeriod);
    }

    /** The parts in which a call was admitted, or who refused it in which state. */
    void admission(Collection<BreakerModel.Call> admitted, String refused) {
        if (refused != null) {
            admissions.merge("refused by " + refused, 1L, Long::sum);
        }
        admitted.forEach(call -> admissions.merge("admitted as " + call.part, 1L, Long::sum));
    }

    @Override
    public String toString() {
        Map<String, Object> lines = new TreeMap<>(admissions);
        transitions.forEach((t, n) -> lines.put(t.from() + " -> " + t.to() + " " + t.rule(), n));
        return lines + ", abandoned " + abandoned + ", stalled " + stalled + ", stale " + stale + ", over the limit "
                + overTheLimit + ", past the period " + pastThePeriod;
    }
}

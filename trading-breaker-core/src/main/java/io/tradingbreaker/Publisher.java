package io.tradingbreaker;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one breaker's transitions to the listeners: each once, in the order of their numbers, one at a time, off the
 * caller's thread. Thread-safe.
 */
final class Publisher {

    private static final Logger log = LoggerFactory.getLogger(TradingBreaker.class);

    private final RecoveryScheduler scheduler;
    private final BreakerClock clock;
    private final Supplier<? extends List<? extends StateChangeListener>> listeners;
    private final Drills drills;
    // By number: two threads may bring their transitions in the wrong order.
    private final ConcurrentSkipListMap<Long, Pending> pending = new ConcurrentSkipListMap<>();
    private final AtomicInteger wakeUps = new AtomicInteger();
    private final LongAdder told = new LongAdder();
    private final LongAdder delayNanos = new LongAdder();
    // Written by the one who tells.
    private volatile long next = 1;

    Publisher(
            RecoveryScheduler scheduler,
            BreakerClock clock,
            Supplier<? extends List<? extends StateChangeListener>> listeners,
            Drills drills) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.listeners = listeners;
        this.drills = drills;
    }

    void add(Transition transition, long decidedNanos, Decision decision) {
        pending.put(transition.sequence(), new Pending(transition, decidedNanos, decision));
        wakeUp();
    }

    /** Tells what the scheduler failed to take, or what never came here though it has happened. */
    void mend(Phase.Entry latest) {
        long first = next;
        for (Transition transition : latest.history()) {
            if (transition.sequence() < first) {
                break;
            }
            if (!pending.containsKey(transition.sequence())) {
                pending.putIfAbsent(transition.sequence(), new Pending(transition, latest.nanos(), Decision.UNKNOWN));
            }
        }
        if (wakeUps.get() == 0 && !pending.isEmpty()) {
            wakeUp();
        }
    }

    private void wakeUp() {
        if (wakeUps.getAndIncrement() == 0) {
            try {
                scheduler.publish(this::tellAll);
            } catch (RuntimeException | Error e) {
                wakeUps.set(0);
                log.error("The scheduler failed to tell listeners of transitions; trying again", e);
            }
        }
    }

    Tally alertDelay() {
        return Nanos.tally(told.sum(), delayNanos.sum());
    }

    private void tellAll() {
        int seen = 1;
        try {
            do {
                tellInOrder();
                seen = wakeUps.addAndGet(-seen);
            } while (seen != 0);
        } catch (RuntimeException | Error e) {
            wakeUps.set(0);
            throw e;
        }
    }

    private void tellInOrder() {
        long number = next;
        for (Pending p = pending.remove(number); p != null; p = pending.remove(number)) {
            next = ++number;
            tell(p);
        }
        // What was mended and then came after all has been told.
        pending.headMap(number).clear();
    }

    private void tell(Pending p) {
        StateChangeListener observer = p.decision.observer();
        if (observer != null) {
            tell(observer, p.transition);
        }
        p.decision.tell(() -> {
            tell(Publisher::log, p.transition);
            tell(transition -> listeners.get().forEach(listener -> tell(listener, transition)), p.transition);
        });
        told.increment();
        delayNanos.add(clock.nanoTime() - p.decidedNanos);
        tell(transition -> drills.told(transition, p.decidedNanos), p.transition);
    }

    private static void tell(StateChangeListener listener, Transition transition) {
        try {
            listener.onStateChange(transition);
        } catch (Throwable e) {
            log.error("A listener failed on a transition of breaker '{}'", transition.breaker(), e);
        }
    }

    private static void log(Transition t) {
        String by = t.actor() == null ? "" : " by " + t.actor();
        boolean isPause = t.to() == BreakerState.OPEN || t.to() == BreakerState.HALTED;
        log.atLevel(isPause ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.INFO)
                .log(
                        "Breaker '{}' {} -> {} [{}]{}: {}",
                        t.breaker(),
                        t.from(),
                        t.to(),
                        t.reason().rule().code(),
                        by,
                        t.reason().message());
    }

    private record Pending(Transition transition, long decidedNanos, Decision decision) {}
}

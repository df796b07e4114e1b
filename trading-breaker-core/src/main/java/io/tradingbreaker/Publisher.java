package io.tradingbreaker;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells one breaker's transitions and retunings to the listeners: each once, in the order of their numbers, one at a time,
 * off the caller's thread. A retuning is told before the transitions that its limits decided. Thread-safe.
 */
final class Publisher {

    private static final Logger log = LoggerFactory.getLogger(TradingBreaker.class);

    static final int LOOKS_BEFORE_MENDING = 5;

    /** For a transition that the history has not kept. */
    static final int LOOKS_BEFORE_GIVING_UP = 500;

    private final RecoveryScheduler scheduler;
    private final BreakerClock clock;
    private final Supplier<? extends List<? extends StateChangeListener>> listeners;
    private final Drills drills;
    // By number: two threads may bring their transitions in the wrong order.
    private final ConcurrentSkipListMap<Long, Pending> pending = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, Retuned> retunes = new ConcurrentSkipListMap<>();
    private final AtomicInteger wakeUps = new AtomicInteger();
    private final LongAdder told = new LongAdder();
    private final LongAdder delayNanos = new LongAdder();
    // Written by the one who tells.
    private volatile long next = 1;
    private volatile long nextRetune = 1;
    // What is missing before it is not waited for.
    private volatile long givenUpBefore;
    // Of the stall check, which alone mends: the first transition that is missing, and how often it was.
    private long missing;
    private int looks;

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

    /** @param under the retuning that gave the limits which decided; it is told first */
    void add(Transition transition, long decidedNanos, Decision decision, @Nullable Retuned under) {
        keep(under);
        long retunesBefore = under == null ? 0 : under.number;
        pending.put(transition.sequence(), new Pending(transition, decidedNanos, decision, retunesBefore));
        wakeUp();
    }

    /** Keeps a retuning to be told with what is told next. */
    void keep(@Nullable Retuned retuned) {
        if (retuned != null && retuned.number >= nextRetune) {
            retunes.put(retuned.number, retuned);
        }
    }

    /**
     * Tells what the scheduler failed to take, or what never came here though it has happened. That is given some time to
     * come by itself: only who decided it knows in what context that was.
     */
    void mend(Phase.Entry latest, @Nullable Retuned latestRetune) {
        keep(latestRetune);
        long first = next;
        if (latest.sequence() >= first) {
            mendAbsent(latest, first);
        }
        if (wakeUps.get() == 0 && !(pending.isEmpty() && retunes.isEmpty())) {
            wakeUp();
        }
    }

    /** Whether all was told up to these numbers. */
    boolean hasTold(long transition, long retune) {
        return next > transition && nextRetune > retune;
    }

    private void mendAbsent(Phase.Entry latest, long first) {
        long kept = latest.history().get(latest.history().size() - 1).sequence();
        if (first < kept) {
            if (!pending.containsKey(first) && isOverdue(first, LOOKS_BEFORE_GIVING_UP)) {
                looks = 0;
                log.error(
                        "Of breaker '{}' a transition before number {} got lost: nobody is told of it",
                        latest.history().get(0).breaker(),
                        kept);
                givenUpBefore = kept;
                wakeUp();
            }
            return;
        }
        List<Transition> absent = latest.history().stream()
                .takeWhile(transition -> transition.sequence() >= first)
                .filter(transition -> !pending.containsKey(transition.sequence()))
                .toList();
        if (!absent.isEmpty() && isOverdue(absent.get(absent.size() - 1).sequence(), LOOKS_BEFORE_MENDING)) {
            absent.forEach(transition -> pending.putIfAbsent(
                    transition.sequence(), new Pending(transition, latest.nanos(), Decision.UNKNOWN, 0)));
        }
    }

    private boolean isOverdue(long number, int patience) {
        looks = number == missing ? looks + 1 : 1;
        missing = number;
        return looks >= patience;
    }

    /** Tells what there is to be told. */
    void wakeUp() {
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
        while (tellRetune() || tellTransition()) {
            // the next may be of either kind
        }
        // What was mended and then came after all has been told.
        pending.headMap(next).clear();
        retunes.headMap(nextRetune).clear();
    }

    private boolean tellTransition() {
        long number = next;
        Pending p = pending.get(number);
        if (p == null && number < givenUpBefore) {
            next = number + 1;
            return true;
        }
        if (p == null || p.retunesBefore >= nextRetune) {
            return false;
        }
        pending.remove(number);
        next = number + 1;
        tell(p);
        return true;
    }

    private boolean tellRetune() {
        long number = nextRetune;
        Retuned retuned = retunes.get(number);
        if (retuned == null || retuned.after >= next) {
            return false;
        }
        retunes.remove(number);
        nextRetune = number + 1;
        tell(retuned.retune, retuned.decision);
        return true;
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

    private void tell(Retune retune, Decision decision) {
        String breaker = retune.breaker();
        decision.tell(() -> {
            run(() -> log(retune), breaker);
            run(() -> listeners.get().forEach(listener -> run(() -> listener.onRetune(retune), breaker)), breaker);
        });
    }

    private static void tell(StateChangeListener listener, Transition transition) {
        run(() -> listener.onStateChange(transition), transition.breaker());
    }

    private static void run(Runnable telling, String breaker) {
        try {
            telling.run();
        } catch (Throwable e) { // Kotlin's exceptions are all unchecked
            log.error("A listener failed on what it was told of breaker '{}'", breaker, e);
        }
    }

    private static void log(Retune r) {
        String by = r.actor() == null ? "" : " by " + r.actor();
        String with = r.keys() == 0 ? "" : ", and " + r.keys() + " for single keys with it";
        log.atLevel(r.along() ? Level.DEBUG : Level.INFO)
                .log(
                        "Breaker '{}'{} retuned{}: {}: {}",
                        r.breaker(),
                        with,
                        by,
                        String.join(", ", r.changes()),
                        r.reason());
    }

    private static void log(Transition t) {
        String by = t.actor() == null ? "" : " by " + t.actor();
        boolean isPause = t.to() == BreakerState.OPEN || t.to() == BreakerState.HALTED;
        log.atLevel(isPause ? Level.WARN : Level.INFO)
                .log(
                        "Breaker '{}' {} -> {} [{}]{}: {}",
                        t.breaker(),
                        t.from(),
                        t.to(),
                        t.reason().rule().code(),
                        by,
                        t.reason().message());
    }

    /** @param retunesBefore how many retunings are to be told before it */
    private record Pending(Transition transition, long decidedNanos, Decision decision, long retunesBefore) {}

    /**
     * A retuning, to be told.
     *
     * @param number from 1, without a gap
     * @param after the number of a transition that came before it
     */
    record Retuned(long number, long after, Retune retune, Decision decision) {}
}

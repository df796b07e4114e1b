package io.tradingbreaker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evicts the breakers of one template that have been idle for long, on a timer that runs while there are any.
 *
 * <p>A breaker that is evicted loses its phase to a {@link RetiredPhase}, which sends callers on; so each call is admitted
 * either before or elsewhere. One that was being admitted at that very moment goes on here, and decides nothing, like any
 * call that outlives its phase: the stall check looks at the breaker until it has been seen without a call.
 */
final class IdleSweep {

    private static final Logger log = LoggerFactory.getLogger(KeyedBreakers.class);
    private static final Duration SHORTEST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final BreakersByKey keys;
    private final SharedParts parts;
    private final AllBreakers all;
    private final Watchers watchers;
    private final Set<Breaker> leaving = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isArmed = new AtomicBoolean();
    private volatile boolean isStopped;

    IdleSweep(BreakersByKey keys, SharedParts parts, AllBreakers all, Watchers watchers) {
        this.keys = keys;
        this.parts = parts;
        this.all = all;
        this.watchers = watchers;
    }

    /** Sets the timer unless it is set. Should the scheduler fail to take it, the next key that is asked for tries again. */
    void arm() {
        if (isStopped || isArmed.get() || !isArmed.compareAndSet(false, true)) {
            return;
        }
        try {
            parts.scheduler().after(period(), this::run);
        } catch (RuntimeException | Error e) {
            isArmed.set(false);
            log.error("The scheduler failed to take the timer of idle breakers of '{}'", keys.template(), e);
        }
    }

    private Duration period() {
        Duration period = keys.policy().idleTimeout().dividedBy(4);
        return period.compareTo(SHORTEST) < 0 ? SHORTEST : period.compareTo(LONGEST) > 0 ? LONGEST : period;
    }

    void stop() {
        isStopped = true;
    }

    /** Those that were evicted and may have calls yet. */
    Collection<Breaker> leaving() {
        return leaving;
    }

    private void run() {
        boolean isNeeded = true;
        try {
            sweep();
            isNeeded = !keys.isEmpty() || !leaving.isEmpty();
        } finally {
            isArmed.set(false);
            // Whoever makes a breaker after this look arms it himself.
            if (isNeeded || !keys.isEmpty()) {
                arm();
            }
        }
    }

    void sweep() {
        if (isStopped) {
            return;
        }
        long now = parts.clock().nanoTime();
        keys.warnAgainSomeTime(now);
        leaving.removeIf(breaker -> breaker.gate().use() != InFlight.IN_USE);
        Set<String> spokenOf = parts.operators().spokenOf();
        long idleNanos = keys.policy().idleTimeout().toNanos();
        List<Breaker> evicted = new ArrayList<>();
        try {
            for (Breaker breaker : keys.present()) {
                if (isIdle(breaker, now, idleNanos) && !spokenOf.contains(breaker.name()) && evict(breaker, now)) {
                    evicted.add(breaker);
                }
            }
        } finally {
            if (!evicted.isEmpty()) {
                tellLater(evicted);
            }
        }
    }

    private static boolean isIdle(Breaker breaker, long now, long idleNanos) {
        KeyLease lease = breaker.heldLease();
        long use = breaker.gate().use();
        if (use == InFlight.IN_USE || use != lease.use) {
            lease.use = use;
            lease.usedNanos = now;
            return false;
        }
        return now - lease.usedNanos >= idleNanos;
    }

    /** Not while limits change: a retuning passes over a breaker that has ended, and this one may not end after all. */
    private boolean evict(Breaker breaker, long now) {
        return all.remove(
                breaker,
                () -> breaker.gate().machine().phase() instanceof ClosedPhase closed
                        && parts.retuner().unlessRetuning(() -> endAndRetire(breaker, closed, now)));
    }

    private boolean endAndRetire(Breaker breaker, ClosedPhase closed, long now) {
        KeyLease lease = breaker.heldLease();
        if (!lease.end()) {
            return false;
        }
        boolean isGone = false;
        try {
            // Nobody can change any of it now, but the phase.
            isGone = isForgettable(breaker, lease)
                    && closed.isForgettable(now)
                    && breaker.gate().machine().streams.isEmpty()
                    && retire(breaker, closed, lease.use);
        } finally {
            if (!isGone) {
                lease.renew();
            }
        }
        return isGone;
    }

    private boolean retire(Breaker breaker, ClosedPhase closed, long use) {
        StateMachine machine = breaker.gate().machine();
        RetiredPhase retired = new RetiredPhase(closed);
        if (!machine.replace(closed, retired)) {
            return false;
        }
        if (breaker.gate().use() != use) {
            // A call has come in between: let it count.
            machine.replace(retired, closed);
            return false;
        }
        leaving.add(breaker);
        return true;
    }

    /** Whether no operator has set it otherwise than it would be made anew. */
    private boolean isForgettable(Breaker breaker, KeyLease lease) {
        return !lease.isSet() || breaker.config().equals(keys.template().config());
    }

    /** Watchers may be slow: not on the thread of the timers. */
    private void tellLater(List<Breaker> evicted) {
        Runnable tell = () -> evicted.forEach(breaker -> {
            try {
                watchers.gone(breaker);
            } finally {
                keys.forget(breaker);
            }
        });
        try {
            parts.scheduler().publish(tell);
        } catch (RuntimeException | Error e) {
            log.error("The scheduler failed to tell of idle breakers that are gone", e);
            tell.run();
        }
    }
}

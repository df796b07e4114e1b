package io.tradingbreaker;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The breakers of one template. Making one takes a lock; finding one, and finding that there is no room, does not.
 *
 * <p>An evicted breaker keeps its key until all have been told that it is gone, so that nobody hears of its successor
 * before. The template guards the key's calls for that moment. Thread-safe.
 */
final class BreakersByKey implements KeyedBreakers {

    private static final Logger log = LoggerFactory.getLogger(KeyedBreakers.class);
    private static final int LONGEST_WAIT_MILLIS = 5_000;
    private static final long WARN_AGAIN_NANOS = 3_600_000_000_000L;

    private final Breaker template;
    private final SharedParts parts;
    private final AllBreakers all;
    private final Watchers watchers;
    private final ConcurrentHashMap<String, Breaker> byKey = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final RefusingBreaker refusing;
    private final IdleSweep sweep;
    private final AtomicBoolean hasWarned = new AtomicBoolean();
    private volatile long warnedNanos;

    BreakersByKey(Breaker template, SharedParts parts, AllBreakers all, Watchers watchers) {
        this.template = template;
        this.parts = parts;
        this.all = all;
        this.watchers = watchers;
        refusing = new RefusingBreaker(template);
        sweep = new IdleSweep(this, parts, all, watchers);
        template.controls().keyedBy(this);
    }

    @Override
    public TradingBreaker of(@Nullable String key) {
        if (key == null) {
            return template;
        }
        String kept = KeyName.kept(key);
        Breaker known = byKey.get(kept);
        if (known != null) {
            return known;
        }
        return key.isBlank() ? template : make(kept);
    }

    @Override
    public Breaker template() {
        return template;
    }

    @Override
    public Collection<TradingBreaker> breakers() {
        return List.copyOf(present());
    }

    boolean isEmpty() {
        return size.get() == 0;
    }

    Collection<Breaker> present() {
        return byKey.values().stream().filter(breaker -> !breaker.isEvicted()).toList();
    }

    // ---- making ----

    private TradingBreaker make(String kept) {
        if (isFull()) {
            return overflow();
        }
        Breaker made = parts.retuner().between(() -> byKey.containsKey(kept) || isFull() ? null : create(kept));
        if (made == null) {
            Breaker known = byKey.get(kept);
            return known == null ? overflow() : known;
        }
        try {
            watchers.made(made);
        } finally {
            made.heldLease().unpin();
        }
        sweep.arm();
        return made;
    }

    private boolean isFull() {
        return size.get() >= policy().maxKeys();
    }

    KeyPolicy policy() {
        return template.config().keys();
    }

    /** Null if another key's breaker is called so: of names with a hash, one in 2^64. */
    private @Nullable Breaker create(String kept) {
        String name = KeyName.of(template.name(), kept);
        if (all.find(name) != null) {
            log.warn("A second key would have a breaker called '{}': it is guarded as if there were no room", name);
            return null;
        }
        BreakerConfig config = template.config();
        KeyLease lease = new KeyLease(this, kept, parts.clock().nanoTime());
        Breaker made = new Breaker(name, template.parent(), config, parts, lease);
        parts.operators().add(made);
        byKey.put(kept, made);
        size.incrementAndGet();
        return made;
    }

    // ---- no room ----

    private TradingBreaker overflow() {
        if (!hasWarned.get() && hasWarned.compareAndSet(false, true)) {
            warnedNanos = parts.clock().nanoTime();
            log.warn(
                    "Breaker '{}' has max-keys ({}) breakers for single keys, none of them idle for long. {}. Said once an hour",
                    template.name(),
                    policy().maxKeys(),
                    isSharing()
                            ? "Further keys share '" + template.name() + "'"
                            : "Calls for further keys are refused");
        }
        sweep.arm();
        return isSharing() ? template : refusing;
    }

    private boolean isSharing() {
        return policy().whenFull() == KeyPolicy.WhenFull.SHARE;
    }

    void warnAgainSomeTime(long now) {
        if (hasWarned.get() && now - warnedNanos >= WARN_AGAIN_NANOS) {
            hasWarned.set(false);
        }
    }

    // ---- evicted breakers ----

    /** All have been told that it is gone: its key may have another. */
    void forget(Breaker evicted) {
        if (byKey.remove(evicted.heldLease().key, evicted)) {
            size.decrementAndGet();
        }
    }

    IdleSweep sweep() {
        return sweep;
    }

    /** Lets a call in, of which an evicted breaker was asked. */
    Admission enter(Breaker evicted, Intent intent, @Nullable Permit within, CallObserver.Origin origin) {
        return insteadOf(evicted) instanceof Breaker present
                ? present.enter(intent, within, origin)
                : refusing.enter(intent, within, origin);
    }

    private TradingBreaker insteadOf(Breaker evicted) {
        Breaker known = byKey.get(evicted.heldLease().key);
        if (known == null) {
            return make(evicted.heldLease().key);
        }
        return known == evicted && isBeingTold(evicted) ? template : known;
    }

    /** Whether the template guards an evicted breaker's key for the moment. */
    boolean isBeingTold(Breaker evicted) {
        return evicted.isEvicted() && byKey.get(evicted.heldLease().key) == evicted;
    }

    /**
     * The present breaker of an evicted one's key, for an operator, who waits while others are being told that the old one
     * is gone.
     *
     * @throws BreakerConflictException if there is no room for one
     */
    Breaker successor(Breaker evicted) {
        awaitTold(evicted);
        if (insteadOf(evicted) instanceof Breaker present && present != template) {
            return present;
        }
        throw new BreakerConflictException(
                "breaker '" + evicted.name() + "' was idle and is gone, and there is no room for another: max-keys ("
                        + policy().maxKeys() + ") are in use",
                List.of());
    }

    /** Watches a stream for which an evicted breaker was asked, as {@link #successor} waits: the watch may last long. */
    StreamWatch watch(Breaker evicted, String description) {
        awaitTold(evicted);
        return insteadOf(evicted).watchStream(description);
    }

    private void awaitTold(Breaker evicted) {
        for (int millis = 0; millis < LONGEST_WAIT_MILLIS && isBeingTold(evicted); millis++) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** What shows how an evicted breaker's key is guarded, if anything does. */
    @Nullable
    Breaker presentInsteadOf(Breaker evicted) {
        Breaker known = byKey.get(evicted.heldLease().key);
        return known == evicted ? null : known;
    }

    @Override
    public String toString() {
        return "KeyedBreakers[" + template.name() + ", " + size + "]";
    }

    /** Of a template that is switched off. */
    record SwitchedOff(TradingBreaker template) implements KeyedBreakers {

        @Override
        public TradingBreaker of(@Nullable String key) {
            return template;
        }

        @Override
        public Collection<TradingBreaker> breakers() {
            return List.of();
        }
    }
}

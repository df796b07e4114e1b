package io.tradingbreaker;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All breakers by name, with the clock, the scheduler and the stall check that they share. Thread-safe.
 *
 * <p>Closing the registry ends its timers and its scheduler; its breakers go on to admit calls as they did last.
 */
public final class BreakerRegistry implements AutoCloseable {

    /** The breaker that is always there. */
    public static final String DEFAULT_NAME = "trading";

    private final SharedParts parts;
    private final boolean enabled;
    private final AllBreakers breakers = new AllBreakers();
    private final Operators operators;
    private final ReentrantLock creating = new ReentrantLock();
    private volatile Declarations declarations;
    private final Watchers watchers = new Watchers();
    private final Map<String, KeyedBreakers> keyed = new ConcurrentHashMap<>();
    private final RecoveryScheduler.Task stallCheck;

    BreakerRegistry(BreakerRegistryBuilder builder) {
        declarations = new Declarations(builder.declared, builder.undeclared, builder.createsUndeclared);
        enabled = builder.enabled;
        LocalPauses pauses = new LocalPauses(builder.stallCheckInterval.toNanos());
        RecoveryScheduler scheduler = builder.scheduler == null ? RecoveryScheduler.threaded() : builder.scheduler;
        SwitchStore store = builder.store;
        operators = store == null || !enabled
                ? breakers
                : new StoredSwitch(
                        store, builder.onUnreadable, builder.storeRefresh, breakers, builder.clock, scheduler);
        parts = new SharedParts(
                builder.clock,
                scheduler,
                pauses,
                builder.listeners,
                builder.checkers,
                builder.classifiers,
                operators,
                new Retuner((name, config) -> declarations.completed(name, config)),
                builder.observer == null ? null : new Observing(builder.observer));
        try {
            breaker(DEFAULT_NAME);
            builder.declared.keySet().forEach(this::breaker);
        } catch (RuntimeException e) {
            operators.close();
            throw e;
        }
        stallCheck =
                enabled ? new StallChecks(parts, breakers, keyed.values()).every(builder.stallCheckInterval) : () -> {};
    }

    public static BreakerRegistryBuilder builder() {
        return new BreakerRegistryBuilder();
    }

    /**
     * The breaker of that name, made with the settings for undeclared names if there is none yet.
     *
     * @throws InvalidConfigException if the name is malformed, differs from another only in dashes, or is not
     *     declared where that is required
     */
    public TradingBreaker breaker(String name) {
        TradingBreaker known = breakers.find(name);
        if (known != null) {
            return known;
        }
        TradingBreaker made;
        creating.lock();
        try {
            made = create(name);
        } finally {
            creating.unlock();
        }
        watchers.made(made);
        return made;
    }

    /**
     * The breakers for single keys that are made after the breaker of that name, which is made if there is none yet. Ask
     * once and keep the answer.
     *
     * @throws InvalidConfigException as {@link #breaker(String)}, and for the name of a single key's breaker
     */
    public KeyedBreakers keyed(String name) {
        KeyedBreakers known = keyed.get(name);
        if (known != null) {
            return known;
        }
        Declarations.requireName(name);
        TradingBreaker template = breaker(name);
        return keyed.computeIfAbsent(
                name,
                absent -> template instanceof Breaker one
                        ? new BreakersByKey(one, parts, breakers, watchers)
                        : new BreakersByKey.SwitchedOff(template));
    }

    /** The breaker of that name, if there is one; never makes one. */
    public @Nullable TradingBreaker find(String name) {
        return breakers.find(name);
    }

    /** The breakers there are, by name. */
    public Collection<TradingBreaker> breakers() {
        return List.copyOf(breakers.values());
    }

    /** Whether a breaker of that name has been configured. */
    public boolean isDeclared(String name) {
        return declarations.contains(name);
    }

    /**
     * Does something once for every breaker there is, now and on this thread, and for every one that is made later, on
     * the thread that makes it and outside any lock.
     */
    public void onEachBreaker(Consumer<? super TradingBreaker> action) {
        onEachBreaker(action, breaker -> {});
    }

    /**
     * The same, and something else for every one of these breakers that is gone: a single key's, which was idle. That is
     * done after the first, once, on a thread of the listeners, and before there is another breaker of that name.
     */
    public void onEachBreaker(Consumer<? super TradingBreaker> made, Consumer<? super TradingBreaker> gone) {
        watchers.add(made, gone, breakers.values());
    }

    /**
     * Halts every breaker, and every one that is made later, until {@link #resume} or {@link #reset}.
     *
     * @param actor who asked; null if unknown
     */
    public void halt(String reason, @Nullable String actor) {
        requireEnabled();
        operators.halt(reason, actor);
    }

    /**
     * Resumes every breaker that is halted or waits for it.
     *
     * @throws BreakerConflictException if none is or does
     */
    public void resume(String reason, @Nullable String actor) {
        requireEnabled();
        operators.resume(reason, actor);
    }

    /** Closes every breaker. */
    public void reset(String reason, @Nullable String actor) {
        requireEnabled();
        operators.reset(reason, actor);
    }

    /**
     * Trips every breaker.
     *
     * @throws BreakerConflictException if one is HALTED; then none has been tripped
     */
    public void trip(String reason, @Nullable String actor) {
        requireEnabled();
        breakers.trip(reason, actor);
    }

    /**
     * Changes limits of the breakers there are: all that is asked for, or nothing. See {@link TradingBreaker#retune}.
     *
     * @param change is asked for each breaker, with its limits in force now; for one of a single key its template is named
     * @param actor who asked; null if unknown
     * @throws InvalidConfigException if one breaker's limits would be invalid; then none have changed
     */
    public void retune(BiConsumer<TradingBreaker, BreakerConfigBuilder> change, String reason, @Nullable String actor) {
        requireEnabled();
        List<Breaker> all = breakers.values().stream()
                .map(Breaker.class::cast)
                .filter(breaker -> breaker.lease() == null)
                .toList();
        parts.retuner().retune(all, change, reason, actor);
    }

    /**
     * Replaces the settings of breakers that will be made without having been declared; those there are stay.
     *
     * @throws InvalidConfigException for an unknown parent or parents in a circle
     */
    public void undeclared(BreakerConfig config) {
        Objects.requireNonNull(config, "config");
        creating.lock();
        try {
            declarations = declarations.withUndeclared(config);
        } finally {
            creating.unlock();
        }
    }

    private void requireEnabled() {
        if (!enabled) {
            throw PassThroughBreaker.switchedOff("every breaker");
        }
    }

    /** How often and how long this JVM has stood still, as far as the stall check could tell. */
    public Tally localPauses() {
        return parts.pauses().tally();
    }

    /** How the store of halts is; null if there is none. */
    public @Nullable StoreStatus storeStatus() {
        return operators.status();
    }

    /** Ends all drills, timers, the scheduler and the store; transitions that have happened are still published, within 2 s. */
    @Override
    public void close() {
        stallCheck.cancel();
        parts.pauses().stop();
        if (enabled) {
            keyed.values().forEach(keys -> ((BreakersByKey) keys).sweep().stop());
            breakers.values()
                    .forEach(breaker -> DrillPhase.endWithoutTimers(
                            ((Breaker) breaker).gate().machine()));
        }
        operators.close();
        parts.scheduler().close();
    }

    private TradingBreaker create(String name) {
        TradingBreaker known = breakers.find(name);
        if (known != null) {
            return known;
        }
        BreakerConfig config = declarations.configOf(name, breakers.names());
        String parentName = config.parent();
        TradingBreaker parent = parentName == null ? null : create(parentName);
        TradingBreaker made = enabled
                ? new Breaker(name, (Breaker) parent, config, parts)
                : new PassThroughBreaker(name, parent, config, parts.clock());
        operators.add(made);
        return made;
    }
}

package io.tradingbreaker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link BreakerRegistry} is made of. Not thread-safe. */
public final class BreakerRegistryBuilder {

    final Map<String, BreakerConfig> declared = new LinkedHashMap<>();
    BreakerConfig undeclared = BreakerConfig.DEFAULT;
    boolean createsUndeclared = true;
    boolean enabled = true;
    BreakerClock clock = BreakerClock.system();

    @Nullable
    RecoveryScheduler scheduler;

    Duration stallCheckInterval = Duration.ofMillis(20);

    @Nullable
    SwitchStore store;

    SwitchStore.OnUnreadable onUnreadable = SwitchStore.OnUnreadable.HALT;
    Duration storeRefresh = Duration.ofSeconds(1);
    Supplier<? extends List<? extends StateChangeListener>> listeners = List::of;
    Supplier<? extends List<? extends HealthChecker>> checkers = List::of;
    Supplier<? extends List<? extends OutcomeClassifier>> classifiers = List::of;

    @Nullable
    CallObserver observer;

    BreakerRegistryBuilder() {}

    /** Declares a breaker. */
    public BreakerRegistryBuilder breaker(String name, BreakerConfig config) {
        declared.put(name, Objects.requireNonNull(config, "config"));
        return this;
    }

    /** The settings of breakers that are asked for without having been declared. */
    public BreakerRegistryBuilder undeclared(BreakerConfig config) {
        undeclared = Objects.requireNonNull(config, "config");
        return this;
    }

    /** Makes {@link BreakerRegistry#breaker} fail for names that were not declared. */
    public BreakerRegistryBuilder refuseUndeclared() {
        createsUndeclared = false;
        return this;
    }

    /** False makes breakers that pass every call and measure nothing. */
    public BreakerRegistryBuilder enabled(boolean enabled) {
        this.enabled = enabled;
        return this;
    }

    public BreakerRegistryBuilder clock(BreakerClock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    /** The registry closes it. Without one, the registry makes {@link RecoveryScheduler#threaded()}. */
    public BreakerRegistryBuilder scheduler(RecoveryScheduler scheduler) {
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        return this;
    }

    /** How often calls in flight are looked at: 5 ms to 1 s; 20 ms by default. */
    public BreakerRegistryBuilder stallCheckInterval(Duration interval) {
        Checks.duration("stall-check-interval", interval, Duration.ofMillis(5), Duration.ofSeconds(1));
        stallCheckInterval = interval;
        return this;
    }

    /**
     * Keeps halts over a restart. The registry reads it before it gives any breaker away, and closes it. Without one,
     * nothing is kept.
     */
    public BreakerRegistryBuilder store(SwitchStore store) {
        this.store = Objects.requireNonNull(store, "store");
        return this;
    }

    /** What to do while the store cannot be read at the start; {@link SwitchStore.OnUnreadable#HALT} by default. */
    public BreakerRegistryBuilder onUnreadable(SwitchStore.OnUnreadable onUnreadable) {
        this.onUnreadable = Objects.requireNonNull(onUnreadable, "onUnreadable");
        return this;
    }

    /** How often a store is tried again that failed, and one read that is shared: 100 ms to 1 min; 1 s by default. */
    public BreakerRegistryBuilder storeRefresh(Duration refresh) {
        Checks.duration("store.refresh", refresh, Duration.ofMillis(100), Duration.ofMinutes(1));
        storeRefresh = refresh;
        return this;
    }

    public BreakerRegistryBuilder listeners(List<? extends StateChangeListener> listeners) {
        List<StateChangeListener> copy = List.copyOf(listeners);
        return listeners(() -> copy);
    }

    /** Listeners that are looked up at each transition, as they may need breakers. */
    public BreakerRegistryBuilder listeners(Supplier<? extends List<? extends StateChangeListener>> listeners) {
        this.listeners = Objects.requireNonNull(listeners, "listeners");
        return this;
    }

    public BreakerRegistryBuilder healthCheckers(List<? extends HealthChecker> checkers) {
        List<HealthChecker> copy = List.copyOf(checkers);
        return healthCheckers(() -> copy);
    }

    /** Health checkers that are looked up by each breaker when it first needs them, as they may need breakers. */
    public BreakerRegistryBuilder healthCheckers(Supplier<? extends List<? extends HealthChecker>> checkers) {
        this.checkers = Objects.requireNonNull(checkers, "checkers");
        return this;
    }

    public BreakerRegistryBuilder classifiers(List<? extends OutcomeClassifier> classifiers) {
        List<OutcomeClassifier> copy = List.copyOf(classifiers);
        return classifiers(() -> copy);
    }

    /** Classifiers that are looked up at each call's end, as they may need breakers; the look-up must be fast. */
    public BreakerRegistryBuilder classifiers(Supplier<? extends List<? extends OutcomeClassifier>> classifiers) {
        this.classifiers = Objects.requireNonNull(classifiers, "classifiers");
        return this;
    }

    /** Follows all calls and transitions. Without one, calls spend no time on it. */
    public BreakerRegistryBuilder observer(CallObserver observer) {
        this.observer = Objects.requireNonNull(observer, "observer");
        return this;
    }

    /**
     * The registry, with all declared breakers and the default one.
     *
     * @throws InvalidConfigException for a malformed name, an unknown parent or parents in a circle
     */
    public BreakerRegistry build() {
        return new BreakerRegistry(this);
    }
}

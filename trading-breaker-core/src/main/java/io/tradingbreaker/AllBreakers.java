package io.tradingbreaker;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The breakers of a registry, found one by one and operated as one. An operator's call for all excludes others of its
 * kind and the adding of breakers, so that a halt covers every breaker that can be found after it. Thread-safe; finding
 * one takes no lock.
 */
final class AllBreakers implements Operators {

    private final ConcurrentSkipListMap<String, TradingBreaker> byName = new ConcurrentSkipListMap<>();
    private final ReentrantLock operating = new ReentrantLock();
    private @Nullable Halt haltForAll;

    @Nullable
    TradingBreaker find(String name) {
        return byName.get(name);
    }

    Collection<TradingBreaker> values() {
        return byName.values();
    }

    Set<String> names() {
        return byName.keySet();
    }

    @Override
    public void add(TradingBreaker breaker) {
        operate(() -> {
            if (haltForAll != null) {
                machine(breaker).halt(haltForAll.reason, haltForAll.actor);
            }
            byName.put(breaker.name(), breaker);
        });
    }

    /**
     * Makes a breaker one that cannot be found, if {@code end} ends it. No operator's call for all comes in between, and under
     * a halt for all none ends: one that is not halted has been taken out of it, which would be forgotten.
     */
    boolean remove(TradingBreaker breaker, BooleanSupplier end) {
        return operate(() -> haltForAll == null && end.getAsBoolean() && byName.remove(breaker.name(), breaker));
    }

    @Override
    public void halt(StateMachine breaker, String reason, @Nullable String actor) {
        breaker.halt(reason, actor);
    }

    @Override
    public void resume(StateMachine breaker, String reason, @Nullable String actor) {
        breaker.resume(reason, actor);
    }

    @Override
    public void reset(StateMachine breaker, String reason, @Nullable String actor) {
        breaker.reset(reason, actor);
    }

    @Override
    public void halt(String reason, @Nullable String actor) {
        Objects.requireNonNull(reason, "reason");
        operate(() -> {
            haltForAll = new Halt(reason, actor);
            each(breaker -> true, breaker -> breaker.halt(reason, actor));
        });
    }

    @Override
    public void resume(String reason, @Nullable String actor) {
        Objects.requireNonNull(reason, "reason");
        operate(() -> {
            if (haltForAll == null && byName.values().stream().noneMatch(AllBreakers::isResumable)) {
                throw new BreakerConflictException(
                        "no breaker is HALTED or waits, so there is nothing to resume",
                        List.of("trip", "halt", "reset"));
            }
            haltForAll = null;
            each(AllBreakers::isResumable, breaker -> breaker.resume(reason, actor));
        });
    }

    @Override
    public void reset(String reason, @Nullable String actor) {
        Objects.requireNonNull(reason, "reason");
        operate(() -> {
            haltForAll = null;
            each(breaker -> true, breaker -> breaker.reset(reason, actor));
        });
    }

    void trip(String reason, @Nullable String actor) {
        Objects.requireNonNull(reason, "reason");
        operate(() -> {
            for (TradingBreaker breaker : byName.values()) {
                if (isHalted(breaker)) {
                    throw new BreakerConflictException(
                            "breaker '" + breaker.name() + "' is HALTED and cannot be tripped",
                            List.of("resume", "reset"));
                }
            }
            each(breaker -> true, breaker -> breaker.trip(reason, actor));
        });
    }

    static boolean isHalted(TradingBreaker breaker) {
        return breaker.state() == BreakerState.HALTED;
    }

    static boolean isResumable(TradingBreaker breaker) {
        return isHalted(breaker) || (breaker instanceof Breaker one && one.awaitsResume());
    }

    static StateMachine machine(TradingBreaker breaker) {
        return ((Breaker) breaker).gate().machine();
    }

    /** Does something that excludes operators' calls for all and the adding of breakers. It must not block. */
    void operate(Runnable work) {
        operate(() -> {
            work.run();
            return true;
        });
    }

    <T extends @Nullable Object> T operate(Supplier<T> work) {
        operating.lock();
        try {
            return work.get();
        } finally {
            operating.unlock();
        }
    }

    /** One that fails keeps the action from no other. */
    void each(Predicate<? super TradingBreaker> which, Consumer<? super StateMachine> action) {
        RuntimeException failure = null;
        for (TradingBreaker breaker : byName.values()) {
            try {
                if (which.test(breaker)) {
                    action.accept(machine(breaker));
                }
            } catch (BreakerConflictException overtaken) {
                // Somebody has operated that very breaker meanwhile: theirs is the later word.
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private record Halt(String reason, @Nullable String actor) {}
}

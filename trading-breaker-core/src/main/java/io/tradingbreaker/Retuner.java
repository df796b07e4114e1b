package io.tradingbreaker;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes the limits of running breakers: one retuning at a time, and none of several breakers if one would be invalid. No
 * call waits for it but one that makes its key's breaker. Thread-safe.
 */
final class Retuner {

    private final ReentrantLock retuning = new ReentrantLock();
    private final BiFunction<String, BreakerConfig, BreakerConfig> completion;

    /** @param completion gives the breaker of that name what its configuration leaves open */
    Retuner(BiFunction<String, BreakerConfig, BreakerConfig> completion) {
        this.completion = completion;
    }

    /** Returns the configuration that is in force then. */
    BreakerConfig retune(
            Breaker breaker, Consumer<BreakerConfigBuilder> change, String reason, @Nullable String actor) {
        return apply(List.of(breaker), (asked, builder) -> change.accept(builder), reason, actor)
                .get(0)
                .next;
    }

    /** The breakers for single keys go with their template, for which the change is asked. */
    void retune(
            Collection<Breaker> breakers,
            BiConsumer<TradingBreaker, BreakerConfigBuilder> change,
            String reason,
            @Nullable String actor) {
        apply(breakers, change, reason, actor);
    }

    private List<Change> apply(
            Collection<Breaker> breakers,
            BiConsumer<TradingBreaker, BreakerConfigBuilder> change,
            String reason,
            @Nullable String actor) {
        Objects.requireNonNull(reason, "reason");
        List<Change> all = alone(() -> {
            List<Change> changes = changes(breakers, change);
            retune(changes, Text.reason(reason), Text.actor(actor));
            return changes;
        });
        all.forEach(c -> c.machine().tunings.tell());
        return all;
    }

    /** Also for a key that has got its breaker by a call that was made while others' changes were asked for. */
    private List<Change> changes(
            Collection<Breaker> breakers, BiConsumer<TradingBreaker, BreakerConfigBuilder> change) {
        Map<Breaker, Change> changes = new LinkedHashMap<>();
        int before;
        do {
            before = changes.size();
            for (Breaker breaker : breakers) {
                for (Breaker one : breaker.controls().withItsKeys()) {
                    if (!changes.containsKey(one)) {
                        BreakerConfig next = changed(one, builder -> change.accept(breaker, builder));
                        changes.put(
                                one,
                                new Change(one, breaker, one.gate().machine().config(), next));
                    }
                }
            }
        } while (changes.size() != before);
        return List.copyOf(changes.values());
    }

    private static void retune(List<Change> changes, String reason, @Nullable String actor) {
        Set<Breaker> templates = new HashSet<>();
        Map<Breaker, Integer> keys = new HashMap<>();
        for (Change c : changes) {
            if (c.isNone()) {
                continue;
            }
            if (c.isWithTemplate()) {
                keys.merge(c.asked, 1, Integer::sum);
            } else {
                templates.add(c.breaker);
            }
        }
        for (Change c : changes) {
            if (!c.isNone()) {
                StateMachine machine = c.machine();
                machine.tunings.retune(new Retune(
                        machine.name,
                        machine.clock.instant(),
                        c.before,
                        c.next,
                        reason,
                        actor,
                        c.isWithTemplate() ? 0 : keys.getOrDefault(c.breaker, 0),
                        c.isWithTemplate() && templates.contains(c.asked)));
            }
        }
    }

    /** Makes a breaker after another while nothing is retuned, so that it gets the limits that the other has. */
    <T extends @Nullable Object> T between(Supplier<T> making) {
        retuning.lock();
        try {
            return making.get();
        } finally {
            retuning.unlock();
        }
    }

    /** Does something that must not meet a retuning, unless there is one; returns false then, and if it does nothing. */
    boolean unlessRetuning(BooleanSupplier work) {
        if (retuning.isHeldByCurrentThread() || !retuning.tryLock()) {
            return false;
        }
        try {
            return work.getAsBoolean();
        } finally {
            retuning.unlock();
        }
    }

    /** Returns false if the breaker is in that mode already. */
    boolean mode(StateMachine breaker, BreakerMode mode) {
        return alone(() -> breaker.tunings.mode(mode));
    }

    private BreakerConfig changed(Breaker breaker, Consumer<BreakerConfigBuilder> change) {
        BreakerConfig before = breaker.gate().machine().config();
        BreakerConfig after;
        try {
            after = completion.apply(breaker.controls().declaredAs(), before.with(change));
        } catch (InvalidConfigException e) {
            throw new InvalidConfigException(breaker.name(), e.property(), e.value(), e.allowed());
        }
        if (!Objects.equals(before.parent(), after.parent())) {
            throw new InvalidConfigException(
                    breaker.name(),
                    "parent",
                    after.parent() == null ? "unset" : Text.oneLine(after.parent()),
                    "must stay " + (before.parent() == null ? "unset" : "'" + before.parent() + "'")
                            + " while the breaker runs: another takes a restart");
        }
        return after;
    }

    private <T> T alone(Supplier<T> work) {
        if (retuning.isHeldByCurrentThread()) {
            // What it works out would be lost under what the outer one does.
            throw new IllegalStateException("a retuning's change must not retune");
        }
        retuning.lock();
        try {
            return work.get();
        } finally {
            retuning.unlock();
        }
    }

    /** @param asked the breaker that the change was asked for: a single key's template, or the breaker itself */
    private record Change(Breaker breaker, Breaker asked, BreakerConfig before, BreakerConfig next) {

        boolean isNone() {
            return next.equals(before);
        }

        boolean isWithTemplate() {
            return breaker != asked;
        }

        StateMachine machine() {
            return breaker.gate().machine();
        }
    }
}

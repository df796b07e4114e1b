package io.tradingbreaker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
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
            List<Change> changes = new ArrayList<>();
            for (Breaker breaker : breakers) {
                for (Breaker one : breaker.controls().withItsKeys()) {
                    StateMachine machine = one.gate().machine();
                    changes.add(new Change(
                            machine,
                            changed(machine, one.controls().declaredAs(), builder -> change.accept(breaker, builder))));
                }
            }
            changes.forEach(c -> c.breaker.tunings.retune(c.next, Text.reason(reason), Text.actor(actor)));
            return changes;
        });
        all.forEach(c -> c.breaker.tunings.tell());
        return all;
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

    /** Returns false if the breaker is in that mode already. */
    boolean mode(StateMachine breaker, BreakerMode mode) {
        return alone(() -> breaker.tunings.mode(mode));
    }

    private BreakerConfig changed(StateMachine breaker, String declaredAs, Consumer<BreakerConfigBuilder> change) {
        BreakerConfig before = breaker.config();
        BreakerConfig after;
        try {
            after = completion.apply(declaredAs, before.with(change));
        } catch (InvalidConfigException e) {
            throw new InvalidConfigException(breaker.name, e.property(), e.value(), e.allowed());
        }
        if (!Objects.equals(before.parent(), after.parent())) {
            throw new InvalidConfigException(
                    breaker.name,
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

    private record Change(StateMachine breaker, BreakerConfig next) {}
}

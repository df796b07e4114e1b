package io.tradingbreaker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to one breaker from outside its calls: by operators, and by who watches a stream. To a single key's breaker
 * that was evicted it is done to the key's present one, and neither is evicted meanwhile. Thread-safe.
 */
final class Controls {

    private static final Logger log = LoggerFactory.getLogger(TradingBreaker.class);

    private final Breaker breaker;
    private final StateMachine machine;
    private final BreakerClock clock;
    private final Operators operators;
    private final Retuner retuner;
    private final @Nullable KeyLease lease;
    private volatile @Nullable BreakersByKey keys;

    Controls(Breaker breaker, SharedParts parts) {
        this.breaker = breaker;
        machine = breaker.gate().machine();
        clock = parts.clock();
        operators = parts.operators();
        retuner = parts.retuner();
        lease = breaker.lease();
    }

    void trip(String reason, @Nullable String actor) {
        onPresent(present -> present.machine.trip(reason, actor));
    }

    void halt(String reason, @Nullable String actor) {
        onPresent(present -> operators.halt(present.machine, reason, actor));
    }

    void resume(String reason, @Nullable String actor) {
        onPresent(present -> operators.resume(present.machine, reason, actor));
    }

    void reset(String reason, @Nullable String actor) {
        onPresent(present -> operators.reset(present.machine, reason, actor));
    }

    void drill(Duration duration, String reason, @Nullable String actor) {
        onPresent(present -> present.drillHere(duration, reason, actor));
    }

    private void drillHere(Duration duration, String reason, @Nullable String actor) {
        long began = clock.nanoTime();
        long drill = DrillPhase.begin(machine, duration, reason, actor);
        machine.drills.tried(drill, new DrillCalls(breaker, () -> clock.nanoTime() - began).make());
    }

    void mode(BreakerMode mode) {
        Objects.requireNonNull(mode, "mode");
        onPresent(present -> present.modeHere(mode));
    }

    private void modeHere(BreakerMode mode) {
        setByOperator();
        if (retuner.mode(machine, mode)) {
            log.info("Breaker '{}' is in mode {} from now on", breaker.name(), mode);
        }
    }

    BreakerConfig retune(Consumer<BreakerConfigBuilder> change, String reason, @Nullable String actor) {
        return atPresent(present -> {
            present.setByOperator();
            return retuner.retune(present.breaker, change, reason, actor);
        });
    }

    private void setByOperator() {
        if (lease != null) {
            lease.set();
        }
    }

    /** As an operator's: a watch may last long, and must not get lost. */
    StreamWatch watchStream(String description) {
        if (lease != null && !lease.pin()) {
            return lease.keys.watch(breaker, description);
        }
        try {
            return breaker.gate().watch(description);
        } finally {
            if (lease != null) {
                lease.unpin();
            }
        }
    }

    // ---- what a retuning reaches ----

    /** The name that its settings go by: a single key's are its template's. */
    String declaredAs() {
        return lease == null ? breaker.name() : lease.keys.template().name();
    }

    /** Makes it the template of others. */
    void keyedBy(BreakersByKey keys) {
        this.keys = keys;
    }

    /** This breaker and those for single keys that are made after it. */
    List<Breaker> withItsKeys() {
        List<Breaker> all = new ArrayList<>(List.of(breaker));
        BreakersByKey made = keys;
        if (made != null) {
            all.addAll(made.present());
        }
        return all;
    }

    // ---- who is meant ----

    private void onPresent(Consumer<Controls> action) {
        atPresent(present -> {
            action.accept(present);
            return present;
        });
    }

    private <T> T atPresent(Function<Controls, T> action) {
        if (lease == null) {
            return action.apply(this);
        }
        if (!lease.pin()) {
            return lease.keys.successor(breaker).controls().atPresent(action);
        }
        try {
            return action.apply(this);
        } finally {
            lease.unpin();
        }
    }
}

package io.tradingbreaker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One breaker, as its users see it: calls go through its {@link Gate}, operators to its {@link StateMachine}. */
final class Breaker implements TradingBreaker {

    private static final Logger log = LoggerFactory.getLogger(TradingBreaker.class);

    private final String name;
    private final @Nullable Breaker parent;
    private final BreakerClock clock;
    private final Classification classification;
    private final Operators operators;
    private final Retuner retuner;
    private final Gate gate;
    private final @Nullable Observing observing;
    private final StateMachine machine;
    private final Views views;
    private final @Nullable KeyLease lease;
    private final LatencyMonitor monitor = new Monitor();
    private volatile boolean hasWarned;
    private volatile @Nullable BreakersByKey keys;

    Breaker(String name, @Nullable Breaker parent, BreakerConfig config, BreakerRegistry.Parts parts) {
        this(name, parent, config, parts, null);
    }

    /** @param lease of a single key's breaker */
    Breaker(
            String name,
            @Nullable Breaker parent,
            BreakerConfig config,
            BreakerRegistry.Parts parts,
            @Nullable KeyLease lease) {
        this.name = name;
        this.lease = lease;
        this.parent = parent;
        clock = parts.clock();
        operators = parts.operators();
        retuner = parts.retuner();
        gate = new Gate(name, parent == null ? null : parent.gate, config, parts);
        machine = gate.machine();
        views = new Views(name, parent == null ? null : parent.name, gate, clock);
        classification = new Classification(name, this::config, parts.classifiers());
        observing = parts.observing();
    }

    // ---- a guarded call ----

    @Override
    public <T extends @Nullable Object> T call(Intent intent, Callable<T> operation) throws Exception {
        Admission admission = enter(intent, null, CallObserver.Origin.THREAD);
        if (!(admission instanceof Slot slot)) {
            throw ((Refusal) admission).exception();
        }
        T result;
        try {
            result = observing == null ? operation.call() : observing.call(slot, operation);
        } catch (Throwable e) {
            end(slot, null, e);
            throw e;
        }
        end(slot, result, null);
        return result;
    }

    @Override
    public <T extends @Nullable Object, S extends CompletionStage<T>> CompletionStage<T> callAsync(
            Intent intent, Supplier<S> operation) {
        Permit permit;
        try {
            permit = acquire(intent, null);
        } catch (TradingPausedException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
        S stage;
        try {
            stage = Objects.requireNonNull(started(permit, operation), "the operation returned no stage");
        } catch (Throwable e) {
            permit.complete(null, e);
            throw e;
        }
        permit.completeWith(stage);
        return stage;
    }

    private static <S> S started(Permit permit, Supplier<S> operation) {
        CallObserver.Scope scope = permit.openScope();
        try {
            return operation.get();
        } finally {
            scope.close();
        }
    }

    @Override
    public @Nullable Permit tryAcquire(Intent intent) {
        Admission admission = enter(intent, null, CallObserver.Origin.THREAD);
        return admission instanceof Slot ? new Permit(this, intent, admission, null) : null;
    }

    @Override
    public Permit acquire(Intent intent, @Nullable Permit within) {
        return acquire(intent, within, CallObserver.Origin.THREAD);
    }

    @Override
    public Permit acquire(Intent intent, @Nullable Permit within, CallObserver.Origin origin) {
        Admission admission = enter(intent, within, origin);
        if (admission instanceof Refusal refusal) {
            throw refusal.exception();
        }
        return new Permit(this, intent, admission, within);
    }

    @Override
    public StreamWatch watchStream(String description) {
        Objects.requireNonNull(description, "description");
        if (lease == null) {
            return gate.watch(description);
        }
        if (!lease.pin()) {
            return lease.keys.watch(this, description);
        }
        try {
            return gate.watch(description);
        } finally {
            lease.unpin();
        }
    }

    Admission enter(Intent intent, @Nullable Permit within, CallObserver.Origin origin) {
        try {
            return observing == null ? gate.enter(intent, within) : observing.enter(gate, name, intent, within, origin);
        } catch (RetiredPhase.Retired evicted) {
            return heldLease().keys.enter(this, intent, within, origin);
        }
    }

    void end(Slot slot, @Nullable Object result, @Nullable Throwable error) {
        Outcome outcome = classification.of(result, error);
        if (observing == null) {
            gate.leave(slot, outcome);
        } else {
            observing.leave(gate, slot, outcome, error == null ? null : Classification.unwrapped(error));
        }
    }

    void end(Slot slot, Outcome outcome) {
        if (observing == null) {
            gate.leave(slot, outcome);
        } else {
            observing.leave(gate, slot, outcome, null);
        }
    }

    void warnOnce(Throwable refusedListener) {
        if (!hasWarned) {
            hasWarned = true;
            log.warn(
                    "Breaker '{}' cannot listen to a stage: its calls count as ignored; said once",
                    name,
                    refusedListener);
        }
    }

    // ---- operators ----

    @Override
    public void trip(String reason, @Nullable String actor) {
        onPresent(breaker -> breaker.machine.trip(reason, actor));
    }

    @Override
    public void halt(String reason, @Nullable String actor) {
        onPresent(breaker -> operators.halt(breaker.machine, reason, actor));
    }

    @Override
    public void resume(String reason, @Nullable String actor) {
        onPresent(breaker -> operators.resume(breaker.machine, reason, actor));
    }

    @Override
    public void reset(String reason, @Nullable String actor) {
        onPresent(breaker -> operators.reset(breaker.machine, reason, actor));
    }

    @Override
    public void drill(Duration duration, String reason, @Nullable String actor) {
        onPresent(breaker -> breaker.drillHere(duration, reason, actor));
    }

    private void drillHere(Duration duration, String reason, @Nullable String actor) {
        long began = clock.nanoTime();
        long drill = DrillPhase.begin(machine, duration, reason, actor);
        machine.drills.tried(drill, new DrillCalls(this, () -> clock.nanoTime() - began).make());
    }

    /** Whether its pause waits for an operator's resume. */
    boolean awaitsResume() {
        return StateMachine.awaitsResume(machine.phase());
    }

    @Override
    public void mode(BreakerMode mode) {
        Objects.requireNonNull(mode, "mode");
        onPresent(breaker -> breaker.modeHere(mode));
    }

    private void modeHere(BreakerMode mode) {
        setByOperator();
        if (retuner.mode(machine, mode)) {
            log.info("Breaker '{}' is in mode {} from now on", name, mode);
        }
    }

    @Override
    public BreakerConfig retune(Consumer<BreakerConfig.Builder> change, String reason, @Nullable String actor) {
        return atPresent(breaker -> {
            breaker.setByOperator();
            return retuner.retune(breaker, change, reason, actor);
        });
    }

    private void setByOperator() {
        if (lease != null) {
            lease.set();
        }
    }

    // ---- a single key's breaker, which may be evicted ----

    @Nullable
    KeyLease lease() {
        return lease;
    }

    KeyLease heldLease() {
        return Objects.requireNonNull(lease, "not a single key's breaker");
    }

    /** The name that its settings go by: a single key's are its template's. */
    String declaredAs() {
        return lease == null ? name : lease.keys.template().name();
    }

    /** Makes it the template of others. */
    void keyedBy(BreakersByKey keys) {
        this.keys = keys;
    }

    /** This breaker and those for single keys that are made after it. */
    List<Breaker> withItsKeys() {
        List<Breaker> all = new ArrayList<>(List.of(this));
        BreakersByKey made = keys;
        if (made != null) {
            all.addAll(made.present());
        }
        return all;
    }

    boolean isEvicted() {
        return lease != null && lease.hasEnded();
    }

    private void onPresent(Consumer<Breaker> action) {
        atPresent(breaker -> {
            action.accept(breaker);
            return breaker;
        });
    }

    /** Does something to this breaker, or to its key's present one if it was evicted; neither is evicted meanwhile. */
    private <T> T atPresent(Function<Breaker, T> action) {
        if (lease == null) {
            return action.apply(this);
        }
        if (!lease.pin()) {
            return lease.keys.successor(this).atPresent(action);
        }
        try {
            return action.apply(this);
        } finally {
            lease.unpin();
        }
    }

    // ---- views ----

    /** Those of its key's present breaker if it was evicted and there is one. */
    private Views shown() {
        Breaker present = isEvicted() ? heldLease().keys.presentInsteadOf(this) : null;
        return present == null ? views : present.views;
    }

    private final class Monitor implements LatencyMonitor {

        @Override
        public LatencyStatistics statistics() {
            return shown().statistics();
        }

        @Override
        public WindowView window() {
            return shown().window();
        }
    }

    @Override
    public BreakerSnapshot snapshot() {
        return shown().snapshot();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable Breaker parent() {
        return parent;
    }

    @Override
    public BreakerConfig config() {
        return shown().config();
    }

    @Override
    public BreakerState state() {
        // Whoever asks before a call is told of what will guard it.
        return machine.phase() instanceof RetiredPhase && heldLease().keys.isBeingTold(this)
                ? heldLease().keys.template().state()
                : shown().state();
    }

    @Override
    public BreakerMode mode() {
        return shown().mode();
    }

    @Override
    public LatencyMonitor latencyMonitor() {
        return monitor;
    }

    @Override
    public BreakerCounters counters() {
        return shown().counters();
    }

    @Override
    public String toString() {
        return "TradingBreaker[" + name + ", " + state() + "]";
    }

    Gate gate() {
        return gate;
    }
}

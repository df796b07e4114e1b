package io.tradingbreaker;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One breaker, as its users see it: calls go through its {@link Gate}, operators to its {@link Controls}. Thread-safe. */
final class Breaker implements TradingBreaker {

    private static final Logger log = LoggerFactory.getLogger(TradingBreaker.class);

    private final String name;
    private final @Nullable Breaker parent;
    private final Classification classification;
    private final Gate gate;
    private final @Nullable Observing observing;
    private final StateMachine machine;
    private final Views views;
    private final @Nullable KeyLease lease;
    private final Controls controls;
    private final LatencyMonitor monitor = new Views.Monitor(this::shown);
    private volatile boolean hasWarned;

    Breaker(String name, @Nullable Breaker parent, BreakerConfig config, SharedParts parts) {
        this(name, parent, config, parts, null);
    }

    /** @param lease of a single key's breaker */
    Breaker(String name, @Nullable Breaker parent, BreakerConfig config, SharedParts parts, @Nullable KeyLease lease) {
        this.name = name;
        this.lease = lease;
        this.parent = parent;
        gate = new Gate(name, parent == null ? null : parent.gate, config, parts);
        machine = gate.machine();
        views = new Views(name, parent == null ? null : parent.name, gate, parts.clock());
        classification = new Classification(name, this::config, parts.classifiers());
        observing = parts.observing();
        controls = new Controls(this, parts);
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
        return controls.watchStream(description);
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
        controls.trip(reason, actor);
    }

    @Override
    public void halt(String reason, @Nullable String actor) {
        controls.halt(reason, actor);
    }

    @Override
    public void resume(String reason, @Nullable String actor) {
        controls.resume(reason, actor);
    }

    @Override
    public void reset(String reason, @Nullable String actor) {
        controls.reset(reason, actor);
    }

    @Override
    public void drill(Duration duration, String reason, @Nullable String actor) {
        controls.drill(duration, reason, actor);
    }

    @Override
    public void mode(BreakerMode mode) {
        controls.mode(mode);
    }

    @Override
    public BreakerConfig retune(Consumer<BreakerConfigBuilder> change, String reason, @Nullable String actor) {
        return controls.retune(change, reason, actor);
    }

    /** Whether its pause waits for an operator's resume. */
    boolean awaitsResume() {
        return StateMachine.awaitsResume(machine.phase());
    }

    // ---- a single key's breaker, which may be evicted ----

    @Nullable
    KeyLease lease() {
        return lease;
    }

    KeyLease heldLease() {
        return Objects.requireNonNull(lease, "not a single key's breaker");
    }

    boolean isEvicted() {
        return lease != null && lease.hasEnded();
    }

    // ---- views ----

    /** Those of its key's present breaker if it was evicted and there is one. */
    private Views shown() {
        Breaker present = isEvicted() ? heldLease().keys.presentInsteadOf(this) : null;
        return present == null ? views : present.views;
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

    Controls controls() {
        return controls;
    }
}

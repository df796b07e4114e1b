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
    private final LatencyMonitor monitor = new Monitor();
    private volatile boolean hasWarned;

    Breaker(String name, @Nullable Breaker parent, BreakerConfig config, BreakerRegistry.Parts parts) {
        this.name = name;
        this.parent = parent;
        clock = parts.clock();
        operators = parts.operators();
        retuner = parts.retuner();
        gate = new Gate(name, parent == null ? null : parent.gate, config, parts);
        machine = gate.machine();
        classification = new Classification(name, machine::config, parts.classifiers());
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
        return gate.watch(description);
    }

    private Admission enter(Intent intent, @Nullable Permit within, CallObserver.Origin origin) {
        return observing == null ? gate.enter(intent, within) : observing.enter(gate, name, intent, within, origin);
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
        machine.trip(reason, actor);
    }

    @Override
    public void halt(String reason, @Nullable String actor) {
        operators.halt(machine, reason, actor);
    }

    @Override
    public void resume(String reason, @Nullable String actor) {
        operators.resume(machine, reason, actor);
    }

    @Override
    public void reset(String reason, @Nullable String actor) {
        operators.reset(machine, reason, actor);
    }

    @Override
    public void drill(Duration duration, String reason, @Nullable String actor) {
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
        if (retuner.mode(machine, mode)) {
            log.info("Breaker '{}' is in mode {} from now on", name, mode);
        }
    }

    @Override
    public BreakerConfig retune(Consumer<BreakerConfig.Builder> change, String reason, @Nullable String actor) {
        return retuner.retune(machine, change, reason, actor);
    }

    // ---- views ----

    @Override
    public BreakerSnapshot snapshot() {
        Phase current = machine.phase();
        Latencies latencies = machine.latencies(current);
        Duration wait = current.state == BreakerState.OPEN ? current.retryAfter() : null;
        return new BreakerSnapshot(
                name,
                current.state,
                mode(),
                current.entry.at(),
                parent == null ? null : parent.name,
                current.reason(),
                window(latencies),
                machine.statistics(latencies),
                counters(),
                new BreakerSnapshot.Recovery(
                        current.failedAttempts(),
                        wait == null ? null : clock.instant().plus(wait),
                        StateMachine.awaitsResume(current),
                        machine.prober.last()),
                current.entry.history(),
                machine.drills.last(),
                config());
    }

    private LatencyMonitor.WindowView window(Latencies latencies) {
        int n = latencies.nanos.length;
        return new LatencyMonitor.WindowView(n, latencies.over, latencies.allowed);
    }

    private final class Monitor implements LatencyMonitor {

        @Override
        public LatencyStatistics statistics() {
            return machine.statistics(machine.latencies(machine.phase()));
        }

        @Override
        public WindowView window() {
            return Breaker.this.window(machine.latencies(machine.phase()));
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable TradingBreaker parent() {
        return parent;
    }

    @Override
    public BreakerConfig config() {
        return machine.config();
    }

    @Override
    public BreakerState state() {
        return machine.phase().state;
    }

    @Override
    public BreakerMode mode() {
        return gate.mode();
    }

    @Override
    public LatencyMonitor latencyMonitor() {
        return monitor;
    }

    @Override
    public BreakerCounters counters() {
        return gate.counters();
    }

    @Override
    public String toString() {
        return "TradingBreaker[" + name + ", " + machine.phase().state + "]";
    }

    Gate gate() {
        return gate;
    }
}

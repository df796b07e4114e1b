package io.tradingbreaker;

import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One breaker. A call asks every level, outermost first, for a slot bound to its present phase; runs; and ends in each
 * slot. What the end of a call means is up to the phase that admitted it, if that is still on.
 */
final class Breaker implements TradingBreaker {

    private static final Logger log = LoggerFactory.getLogger(TradingBreaker.class);

    private final String name;
    private final @Nullable Breaker parent;
    private final BreakerConfig config;
    private final BreakerClock clock;
    private final LocalPauses pauses;
    private final Classification classification;
    private final InFlight inFlight = new InFlight(this);
    private final Accounts accounts = new Accounts(inFlight);
    private final StateMachine machine;
    private final StallCheck stallCheck;
    private final LatencyMonitor monitor = new Monitor();
    private final long overNanos;
    private final long slowNanos;

    private volatile BreakerMode mode;

    Breaker(String name, @Nullable Breaker parent, BreakerConfig config, BreakerRegistry.Parts parts) {
        this.name = name;
        this.parent = parent;
        this.config = config;
        clock = parts.clock();
        pauses = parts.pauses();
        classification = new Classification(name, config, parts.classifiers());
        machine = new StateMachine(name, config, parts, inFlight, accounts);
        slowNanos = config.latencyThreshold().toNanos();
        overNanos = config.p99Threshold().isZero()
                ? slowNanos
                : config.p99Threshold().toNanos();
        stallCheck = new StallCheck(this, machine, inFlight, overNanos, slowNanos);
        mode = config.mode();
    }

    // ---- a guarded call ----

    @Override
    public <T extends @Nullable Object> T call(Intent intent, Callable<T> operation) throws Exception {
        Admission admission = admitAndStart(intent, null);
        if (!(admission instanceof Slot slot)) {
            throw ((Refusal) admission).exception();
        }
        T result;
        try {
            result = operation.call();
        } catch (Throwable e) {
            release(slot, classify(null, e));
            throw e;
        }
        release(slot, classify(result, null));
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
        try {
            S stage = Objects.requireNonNull(operation.get(), "the operation returned no stage");
            stage.whenComplete(permit::complete);
            return stage;
        } catch (Throwable e) {
            permit.complete(null, e);
            throw e;
        }
    }

    @Override
    public @Nullable Permit tryAcquire(Intent intent) {
        Admission admission = admitAndStart(intent, null);
        return admission instanceof Slot ? new Permit(this, intent, admission, null) : null;
    }

    @Override
    public Permit acquire(Intent intent, @Nullable Permit within) {
        Admission admission = admitAndStart(intent, within);
        if (admission instanceof Refusal refusal) {
            throw refusal.exception();
        }
        return new Permit(this, intent, admission, within);
    }

    private Admission admitAndStart(Intent intent, @Nullable Permit within) {
        Admission admission = admit(intent, within);
        if (admission instanceof Slot slot) {
            long active = pauses.active(clock.nanoTime());
            for (Slot level = slot; level != null; level = level.outer) {
                if (level.kind == Phase.Kind.OBSERVED) {
                    level.breaker.accounts.wouldReject.increment();
                }
                level.start(active);
            }
        }
        return admission;
    }

    /** Asks the levels above, then this one. */
    private Admission admit(Intent intent, @Nullable Permit within) {
        Slot outer = null;
        if (parent != null) {
            Admission above = parent.admit(intent, within);
            if (above instanceof Refusal) {
                return above;
            }
            outer = above instanceof Slot slot ? slot : null;
        }
        Phase current = machine.phase();
        if (within != null && current.state != BreakerState.HALTED && within.holds(this, intent)) {
            return outer == null ? Admission.JOINED : outer;
        }
        Phase.Kind kind = current.state == BreakerState.CLOSED ? Phase.Kind.DECIDING : current.admit(intent);
        if (kind == null) {
            if (mode == BreakerMode.ENFORCE || current.state == BreakerState.HALTED) {
                return refuse(current, outer);
            }
            kind = Phase.Kind.OBSERVED;
        }
        Slot slot = inFlight.claim();
        slot.admit(current, kind, outer);
        return slot;
    }

    private Refusal refuse(Phase current, @Nullable Slot outer) {
        accounts.rejected.increment();
        cancel(outer);
        return current.refusal;
    }

    /** Gives back what the levels above have admitted, as if they had not been asked. */
    private static void cancel(@Nullable Slot innermost) {
        Slot slot = innermost;
        while (slot != null) {
            // Read first: once it is free, the slot may be another call's.
            Slot outer = slot.outer;
            Phase.admitted(slot).cancelled(slot.kind);
            slot.free();
            slot = outer;
        }
    }

    /** Ends an admitted call at every level that admitted it. */
    void release(Slot innermost, Outcome outcome) {
        long now = clock.nanoTime();
        long active = pauses.active(now);
        Slot slot = innermost;
        while (slot != null) {
            // Read first: once it has ended, the slot may be another call's.
            Slot outer = slot.outer;
            slot.breaker.end(slot, outcome, active, now);
            slot = outer;
        }
    }

    private void end(Slot slot, Outcome outcome, long active, long now) {
        int flags = slot.end(outcome, active, now);
        if ((flags & Slot.LIVE) != 0) {
            settle(slot, flags, outcome, active, now);
        } else if (flags == Slot.GONE) {
            accounts.late.increment();
        }
    }

    /** Counts a call that has ended, frees its slot, and lets its phase judge. For the slot's owner. */
    void settle(Slot slot, int flags, Outcome outcome, long active, long now) {
        long latency = Math.max(0, active - slot.start);
        boolean wasSlow = (flags & Slot.SLOW) != 0;
        boolean isSlow = wasSlow || latency > slowNanos;
        Phase admittedBy = Phase.admitted(slot);
        boolean isCurrent = machine.isCurrent(admittedBy);
        slot.count(outcome, latency);
        if (isSlow && !wasSlow) {
            slot.slowOnReturn++;
        }
        if (!isCurrent) {
            slot.stale++;
        }
        Phase.Kind kind = slot.kind;
        long sample = slot.sample;
        slot.free();
        if (!isCurrent) {
            return;
        }
        boolean isOver = latency > overNanos;
        try {
            if (outcome == Outcome.SUCCESS && !isSlow && !isOver && sample == Window.NONE) {
                admittedBy.succeededFast(kind, latency, now);
            } else {
                admittedBy.ended(new Phase.Call(kind, outcome, latency, isOver, isSlow, wasSlow, sample, now));
            }
        } catch (RuntimeException | Error e) {
            // The caller's result matters more, and so do the levels above.
            log.error("Breaker '{}' could not judge a call", name, e);
        }
    }

    Outcome classify(@Nullable Object result, @Nullable Throwable error) {
        return classification.of(result, error);
    }

    // ---- operators ----

    @Override
    public void trip(String reason, @Nullable String actor) {
        machine.trip(reason, actor);
    }

    @Override
    public void halt(String reason, @Nullable String actor) {
        machine.halt(reason, actor);
    }

    @Override
    public void resume(String reason, @Nullable String actor) {
        machine.resume(reason, actor);
    }

    @Override
    public void reset(String reason, @Nullable String actor) {
        machine.reset(reason, actor);
    }

    @Override
    public void mode(BreakerMode mode) {
        this.mode = Objects.requireNonNull(mode, "mode");
        log.info("Breaker '{}' is in mode {} from now on", name, mode);
    }

    // ---- the stall check ----

    /**
     * @param active the time without local pauses
     * @param recentlyPausedNanos how long this JVM stood still in the last 10 s; 0 if not since the last check
     */
    void check(long active, long now, long recentlyPausedNanos) {
        if (recentlyPausedNanos > 0 && machine.phase() instanceof ClosedPhase closed) {
            closed.pausedLocally(recentlyPausedNanos);
        }
        machine.phase().mendTimer();
        stallCheck.run(active, now);
    }

    // ---- views ----

    @Override
    public BreakerSnapshot snapshot() {
        Phase current = machine.phase();
        Latencies latencies = machine.latencies(current);
        Instant next = null;
        if (current instanceof OpenPhase open) {
            next = clock.instant().plusNanos(open.untilDueNanos());
        }
        return new BreakerSnapshot(
                name,
                current.state,
                mode,
                current.entry.at(),
                parent == null ? null : parent.name,
                current.reason(),
                window(latencies),
                machine.statistics(latencies),
                counters(),
                new BreakerSnapshot.Recovery(current.failedAttempts(), next, machine.prober.last()),
                current.entry.history(),
                mode == config.mode() ? config : config.with(changed -> changed.mode(mode)));
    }

    private LatencyMonitor.WindowView window(Latencies latencies) {
        int n = latencies.nanos.length;
        return new LatencyMonitor.WindowView(n, latencies.over, machine.rules.allowed(n));
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
        return config;
    }

    @Override
    public BreakerState state() {
        return machine.phase().state;
    }

    @Override
    public BreakerMode mode() {
        return mode;
    }

    @Override
    public LatencyMonitor latencyMonitor() {
        return monitor;
    }

    @Override
    public BreakerCounters counters() {
        return accounts.counters(machine, pauses.active(clock.nanoTime()));
    }

    @Override
    public String toString() {
        return "TradingBreaker[" + name + ", " + machine.phase().state + "]";
    }
}

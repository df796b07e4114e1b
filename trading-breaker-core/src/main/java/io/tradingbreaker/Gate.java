package io.tradingbreaker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where calls enter and leave one breaker. A call asks every level, outermost first, for a slot bound to its present
 * phase; runs; and ends in each slot. What the end of a call means is up to the phase that admitted it, if that is still
 * on. Thread-safe, lock-free.
 */
final class Gate {

    private static final Logger log = LoggerFactory.getLogger(Gate.class);

    private final @Nullable Gate parent;
    private final SharedParts parts;
    private final BreakerClock clock;
    private final LocalPauses pauses;
    private final InFlight inFlight = new InFlight(this);
    private final Accounts accounts = new Accounts(inFlight);
    private final StateMachine machine;
    private final StallCheck stallCheck;

    Gate(String name, @Nullable Gate parent, BreakerConfig config, SharedParts parts) {
        this.parent = parent;
        this.parts = parts;
        clock = parts.clock();
        pauses = parts.pauses();
        machine = new StateMachine(name, config, parts, inFlight, accounts);
        stallCheck = new StallCheck(this, machine, inFlight);
    }

    /** Lets a call in and starts its time, or refuses it, or lets it join what {@code within} already holds. */
    Admission enter(Intent intent, @Nullable Permit within) {
        Admission admission = admit(intent, within);
        if (admission instanceof Slot slot) {
            begin(slot);
        }
        return admission;
    }

    /** Starts the time of a call that {@link #admit} let in. */
    void begin(Slot innermost) {
        boolean isObserved = false;
        boolean hasBegun = false;
        try {
            long active = pauses.active(clock.nanoTime());
            for (Slot level = innermost; level != null; level = level.outer) {
                isObserved |= level.kind == Phase.Kind.OBSERVED;
                level.start(active);
            }
            hasBegun = true;
            if (isObserved) {
                countObserved(innermost);
            }
        } catch (RuntimeException | Error e) {
            if (hasBegun) {
                leave(innermost, Outcome.IGNORED);
            } else {
                cancel(innermost);
            }
            throw e;
        }
    }

    private static void countObserved(Slot innermost) {
        for (Slot level = innermost; level != null; level = level.outer) {
            if (level.kind == Phase.Kind.OBSERVED) {
                level.gate.accounts.wouldReject.increment();
            }
        }
    }

    /** Asks the levels above, then this one. Who is let in must {@link #begin}. */
    Admission admit(Intent intent, @Nullable Permit within) {
        Slot outer = null;
        if (parent != null) {
            Admission above = parent.admit(intent, within);
            if (above instanceof Refusal) {
                return above;
            }
            outer = above instanceof Slot slot ? slot : null;
        }
        Phase current = machine.phase();
        Phase.Kind kind = null;
        try {
            if (within != null && current.state != BreakerState.HALTED && within.holds(this, intent)) {
                return outer == null ? Admission.JOINED : outer;
            }
            kind = current.state == BreakerState.CLOSED ? Phase.Kind.DECIDING : current.admit(intent);
            if (kind == null && mode() != BreakerMode.ENFORCE && current.state != BreakerState.HALTED) {
                kind = Phase.Kind.OBSERVED;
            }
            if (kind != null) {
                Slot slot = inFlight.claim();
                slot.admit(current, kind, outer);
                return slot;
            }
            accounts.rejected.increment();
        } catch (RuntimeException | Error e) {
            // What was taken would never be given back.
            if (kind != null) {
                current.cancelled(kind);
            }
            cancel(outer);
            throw e;
        }
        cancel(outer);
        return current.refusal;
    }

    /** Gives back what the levels above have admitted, as if they had not been asked. */
    private static void cancel(@Nullable Slot innermost) {
        Slot slot = innermost;
        while (slot != null) {
            // Read first: once it is free, the slot may be another call's.
            Slot outer = slot.outer;
            Phase admittedBy = slot.phase;
            if (admittedBy != null) {
                admittedBy.cancelled(slot.kind);
            }
            slot.free();
            slot = outer;
        }
    }

    /** Ends an admitted call at every level that admitted it. */
    void leave(Slot innermost, Outcome outcome) {
        long now = clock.nanoTime();
        long active = pauses.active(now);
        Slot slot = innermost;
        while (slot != null) {
            // Read first: once it has ended, the slot may be another call's.
            Slot outer = slot.outer;
            slot.gate.end(slot, outcome, active, now);
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
        boolean isTimed = outcome != Outcome.DISCARDED;
        Tuning tuning = machine.tuning();
        boolean isSlow = wasSlow || (isTimed && latency > tuning.slowNanos);
        Phase admittedBy = slot.phase;
        boolean isCurrent = admittedBy != null && machine.isCurrent(admittedBy);
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
        if (admittedBy == null || !isCurrent) {
            return;
        }
        boolean isOver = isTimed && latency > tuning.overNanos;
        try {
            if (outcome == Outcome.SUCCESS && !isSlow && sample == Window.NONE) {
                admittedBy.succeededFast(kind, latency, now);
            } else {
                admittedBy.ended(new Phase.Call(kind, outcome, latency, isOver, isSlow, wasSlow, sample, now));
            }
        } catch (RuntimeException | Error e) {
            // The caller's result matters more, and so do the levels above.
            log.error("Breaker '{}' could not judge a call", machine.name, e);
        }
    }

    /** Watches a stream here and at the levels above, wherever there is a limit for it. */
    StreamWatch watch(String description) {
        List<WatchedStreams> levels = new ArrayList<>();
        for (Gate level = this; level != null; level = level.parent) {
            if (level.machine.tuning().silenceNanos > 0) {
                levels.add(level.machine.streams);
            }
        }
        if (levels.isEmpty()) {
            return WatchedStream.UNWATCHED;
        }
        WatchedStream stream = new WatchedStream(description, parts, levels);
        levels.forEach(level -> level.add(stream));
        return stream;
    }

    /** Whether {@link #check} could find anything to do: a breaker that is CLOSED and has no calls need not cost one. */
    boolean isCheckDue(long active) {
        return stallCheck.isDue(active) || !machine.streams.isEmpty();
    }

    /**
     * Looks after the calls in flight and the watched streams; runs on the stall check's thread.
     *
     * @param active the time without local pauses
     * @param recentlyPausedNanos how long this JVM stood still in the last 10 s; 0 if not since the last check
     */
    void check(long active, long now, long recentlyPausedNanos) {
        if (recentlyPausedNanos > 0 && machine.phase() instanceof ClosedPhase closed) {
            closed.pausedLocally(recentlyPausedNanos);
        }
        try {
            machine.mend();
        } finally {
            try {
                checkStreams(active);
            } finally {
                stallCheck.run(active, now);
            }
        }
    }

    private void checkStreams(long active) {
        if (!machine.streams.isEmpty() && machine.phase() instanceof ClosedPhase closed) {
            closed.watched(machine.streams.beyondLimit(active, machine.tuning().silenceNanos));
        }
    }

    /** Another number after each call that was let in; {@link InFlight#IN_USE} while one is in flight. */
    long use() {
        return inFlight.use();
    }

    BreakerCounters counters() {
        return accounts.counters(machine, pauses.active(clock.nanoTime()));
    }

    StateMachine machine() {
        return machine;
    }

    BreakerMode mode() {
        return machine.config().mode();
    }
}

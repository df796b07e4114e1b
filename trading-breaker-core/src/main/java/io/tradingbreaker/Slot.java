package io.tradingbreaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The place of one call in flight, and the counts of those that had it before.
 *
 * <p>Who owns a slot may write its fields: the caller from claim to start, then whoever ends the call, or the stall
 * check while it works on it. Ownership changes hands through {@code state}: a generation, which
 * changes with every call, and flags. A slot that is reserved changes from free to claimed by its thread's plain write, since no
 * other thread may claim it. A call that ends while the stall check owns its slot leaves its outcome there for
 * the stall check to settle, so neither waits for the other.
 */
final class Slot extends SlotFields {

    /** The call runs. */
    static final int LIVE = 1;
    /** Its sample has entered the window. */
    static final int OVER = 2;
    /** It has been counted as slow. */
    static final int SLOW = 4;

    private static final int OWNED = 8;
    private static final int STALLING = 16;
    private static final int HANDED = 32;

    /** Given up; the slot has been replaced in the table, and its late completion only counts. */
    static final int GONE = 64;

    /** Only {@code owner} may claim the slot. */
    private static final int RESERVED = 128;

    private static final int BUSY = 0x7F;
    private static final int GENERATION_SHIFT = 8;
    private static final VarHandle STATE;
    private static final VarHandle PHASE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(SlotFields.class, "state", long.class);
            PHASE = MethodHandles.lookup().findVarHandle(SlotFields.class, "phase", Phase.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Keeps the next object off the cache line; SlotPadding does so on the other side.
    long a0, a1, a2, a3, a4, a5, a6, a7;

    Slot(Gate gate) {
        super(gate);
    }

    /** Takes the slot if it is free and not reserved for another thread. */
    boolean claim(Thread caller) {
        long s = state;
        long claimed = s + (1L << GENERATION_SHIFT) + OWNED;
        if ((s & (BUSY | RESERVED)) == 0) {
            return STATE.compareAndSet(this, s, claimed);
        }
        if ((s & BUSY) == 0 && owner == caller) {
            // Nobody else writes a free slot that is reserved for a live thread.
            STATE.setOpaque(this, claimed);
            // The new call's fields must not be seen under the last call's generation.
            VarHandle.storeStoreFence();
            return true;
        }
        return false;
    }

    /** Keeps the claimed slot for one thread, which from now on claims it at the cost of a plain write. */
    void reserve(Thread caller) {
        if (owner == null) {
            owner = caller;
            STATE.setRelease(this, state + RESERVED);
        }
    }

    /** Names the admission that the claimed slot stands for. Writes no reference anew: collectors make that dear. */
    void admit(Phase phase, Phase.Kind kind, @Nullable Slot outer) {
        if (this.phase != phase) {
            this.phase = phase;
        }
        if (this.kind != kind) {
            this.kind = kind;
        }
        if (this.outer != outer) {
            this.outer = outer;
        }
        multiples = 0;
        sample = Window.NONE;
    }

    /** The admitted call begins. */
    void start(long activeNanos) {
        start = activeNanos;
        STATE.setRelease(this, state + LIVE - OWNED);
    }

    /**
     * The call has ended. Returns the flags it had, with {@link #LIVE} if the caller now owns the slot; without it there
     * is nothing left to do, and {@link #GONE} says that it had been given up.
     */
    int end(Outcome outcome, long activeNanos, long now) {
        for (; ; ) {
            long s = state;
            int flags = (int) s & BUSY;
            if ((flags & GONE) != 0) {
                return GONE;
            }
            if ((flags & STALLING) == 0) {
                if (STATE.compareAndSet(this, s, s + OWNED - LIVE)) {
                    return flags;
                }
                continue;
            }
            handedOutcome = outcome;
            handedActive = activeNanos;
            handedNow = now;
            if (STATE.compareAndSet(this, s, s + HANDED)) {
                return 0;
            }
        }
    }

    /** The owner lets go. */
    void free() {
        STATE.setRelease(this, state & ~BUSY);
    }

    /** Lets go of a phase that is over, with its window, even under a call; see {@link SlotFields#phase}. */
    void forgetPast() {
        Phase admittedBy = phase;
        if (admittedBy != null && !admittedBy.isCurrent()) {
            // The next call may be putting its own phase here.
            PHASE.compareAndSet(this, admittedBy, null);
        }
    }

    /** Lets others claim the slot if its owner is dead. Returns whether it is open to all. */
    boolean release() {
        long s = state;
        Thread thread = owner;
        if (thread == null) {
            return true;
        }
        long claimed = s + (1L << GENERATION_SHIFT) + OWNED;
        if (thread.isAlive() || (s & BUSY) != 0 || !STATE.compareAndSet(this, s, claimed)) {
            return false;
        }
        owner = null;
        STATE.setRelease(this, claimed & ~(BUSY | RESERVED));
        return true;
    }

    /** The stall check takes a live slot. */
    boolean stall(long s) {
        return STATE.compareAndSet(this, s, s + STALLING);
    }

    /** The stall check returns it to its call. False if the call has ended meanwhile: its outcome is to be settled. */
    boolean unstall(long s, int newFlags) {
        return STATE.compareAndSet(this, s + STALLING, s | newFlags);
    }

    /** The stall check gives the call up. False if the call has ended meanwhile. */
    boolean giveUp(long s) {
        return STATE.compareAndSet(this, s + STALLING, s + GONE - LIVE);
    }

    /** A fresh slot in the place of this one, which was given up: it carries on the counts. */
    Slot successor() {
        Slot next = new Slot(gate);
        next.state = state & ~(BUSY | RESERVED);
        next.failed = failed;
        next.ignored = ignored;
        next.successful = successful;
        next.abandoned = abandoned + 1;
        next.stale = stale;
        next.slowOnReturn = slowOnReturn;
        next.stalled = stalled;
        next.successNanos = successNanos;
        next.failedNanos = failedNanos;
        next.ignoredNanos = ignoredNanos;
        return next;
    }

    static boolean isLive(long s) {
        return (s & (LIVE | STALLING)) == LIVE;
    }

    static boolean isFree(long s) {
        return (s & BUSY) == 0;
    }

    static long generation(long s) {
        return s >>> GENERATION_SHIFT;
    }

    static boolean isGone(long s) {
        return (s & GONE) != 0;
    }
}

class SlotPadding extends Admission {
    long b0, b1, b2, b3, b4, b5, b6, b7;
}

class SlotFields extends SlotPadding {

    final Gate gate;
    volatile long state;

    /** The thread that the slot is reserved for. */
    @Nullable
    Thread owner;

    long start;

    /** Whose call it is or was; null: one that is over by now. */
    @Nullable
    Phase phase;

    Phase.Kind kind = Phase.Kind.BYSTANDER;

    @Nullable
    Slot outer;

    /** The observer's side of the call, at the level that was asked. */
    @Nullable
    ObservedCall observed;

    long sample;
    int multiples;

    /** The threshold that its sample was found to be over. */
    long overNanos;

    Outcome handedOutcome = Outcome.IGNORED;
    long handedActive;
    long handedNow;

    long failed;
    long ignored;
    long successful;
    long abandoned;
    long stale;
    long slowOnReturn;
    long stalled;
    long successNanos;
    long failedNanos;
    long ignoredNanos;

    SlotFields(Gate gate) {
        this.gate = gate;
    }

    /** Counts the call that ends; for the owner. */
    void count(Outcome outcome, long latencyNanos) {
        switch (outcome) {
            case SUCCESS -> {
                successful++;
                successNanos += latencyNanos;
            }
            case FAILURE -> {
                failed++;
                failedNanos += latencyNanos;
            }
            case IGNORED, DISCARDED -> {
                ignored++;
                ignoredNanos += latencyNanos;
            }
        }
    }
}

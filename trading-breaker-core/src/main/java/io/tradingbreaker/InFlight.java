package io.tradingbreaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The calls in flight of one breaker: a table of slots that grows when it is crowded.
 *
 * <p>The first threads that come have a slot of their own, near a place that follows from their identity: free and in their
 * cache nearly always, and claimed without a compare-and-set. Other threads, and calls that overlap on one thread, take
 * any slot that is not reserved. A dead thread's slot is open to all again. Thread-safe, lock-free.
 */
final class InFlight {

    /** The size at first, and how many slots may be reserved; a power of two. */
    private static final int LEAST = 32;
    /** How far from its home a thread's own slot may be. */
    private static final int NEIGHBOURS = 4;

    /** What {@link #use} answers while there is a call. */
    static final long IN_USE = -1;

    private static final int MOST = 1 << 24;
    private static final int PROBES = 8;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final Slot[] NO_SLOTS = {};
    private static final VarHandle TABLE;

    static {
        try {
            TABLE = MethodHandles.lookup().findVarHandle(InFlight.class, "table", Slot[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Gate gate;
    private volatile Slot[] table = NO_SLOTS;
    // Whom the first slots are reserved for. Only says where to look: the slot knows.
    private final @Nullable Thread[] owners = new Thread[LEAST];
    // Only spreads the search of those who collide; a lost update is as good.
    private int spread;

    InFlight(Gate gate) {
        this.gate = gate;
    }

    Slot claim() {
        Slot[] slots = table;
        Thread caller = Thread.currentThread();
        int home = (int) ((caller.getId() * GOLDEN) >>> 32);
        boolean hasItsOwn = false;
        if (slots.length != 0) {
            for (int i = 0; i < NEIGHBOURS; i++) {
                int at = (home + i) & (LEAST - 1);
                if (owners[at] == caller) {
                    Slot slot = slots[at];
                    if (slot.claim(caller)) {
                        slot.reserve(caller);
                        return slot;
                    }
                    hasItsOwn = true;
                }
            }
        }
        return claimElsewhere(slots, caller, home, hasItsOwn);
    }

    private Slot claimElsewhere(Slot[] slots, Thread caller, int home, boolean hasItsOwn) {
        for (int i = 0; !hasItsOwn && slots.length != 0 && i < NEIGHBOURS; i++) {
            int at = (home + i) & (LEAST - 1);
            if (owners[at] == null && slots[at].claim(caller)) {
                slots[at].reserve(caller);
                owners[at] = caller;
                return slots[at];
            }
        }
        return claimAny(slots, caller, home);
    }

    private Slot claimAny(Slot[] first, Thread caller, int home) {
        Slot[] slots = first;
        for (; ; ) {
            // At the greatest size every slot is tried, again and again.
            int probes = slots.length == MOST ? MOST : slots.length == 0 ? 0 : PROBES;
            int at = home;
            for (int i = 0; i < probes; i++) {
                Slot slot = slots[(at ^ (at >>> 15)) & (slots.length - 1)];
                if (slot.claim(caller)) {
                    return slot;
                }
                at = i == 0 ? spread += 0x9E3779B1 : at + 0x6D2B79F5;
            }
            slots = grown(slots);
        }
    }

    private Slot[] grown(Slot[] slots) {
        if (slots.length < MOST) {
            Slot[] more = new Slot[Math.max(LEAST, 2 * slots.length)];
            System.arraycopy(slots, 0, more, 0, slots.length);
            for (int i = slots.length; i < more.length; i++) {
                more[i] = new Slot(gate);
            }
            TABLE.compareAndSet(this, slots, more);
        }
        return table;
    }

    /** The slots as they are now; the array may be replaced by a larger one at any time. */
    Slot[] slots() {
        return table;
    }

    /** Opens the slots of dead threads to all. For the stall check only. */
    void releaseDead() {
        Slot[] slots = table;
        for (int i = 0; i < slots.length && i < LEAST; i++) {
            if (slots[i].release() && owners[i] != null) {
                owners[i] = null;
            }
        }
    }

    /** Puts fresh slots in the place of those that were given up. */
    void replaceGone() {
        for (; ; ) {
            Slot[] slots = table;
            Slot[] fresh = slots.clone();
            for (int i = 0; i < fresh.length; i++) {
                if (Slot.isGone(fresh[i].state)) {
                    fresh[i] = fresh[i].successor();
                }
            }
            if (TABLE.compareAndSet(this, slots, fresh)) {
                return;
            }
        }
    }

    /** How often a slot has been taken or given back, all in all; {@link #IN_USE} while there is a call in flight. */
    long use() {
        long use = 0;
        for (Slot slot : table) {
            long s = slot.state;
            if (!Slot.isFree(s) && !Slot.isGone(s)) {
                return IN_USE;
            }
            use += Slot.generation(s);
        }
        return use;
    }

    /** The age of the oldest call in flight, or 0. */
    long oldest(long activeNow) {
        long oldest = 0;
        for (Slot slot : table) {
            long s = slot.state;
            if (Slot.isLive(s)) {
                long age = activeNow - slot.start;
                VarHandle.loadLoadFence();
                oldest = slot.state == s ? Math.max(oldest, age) : oldest;
            }
        }
        return oldest;
    }

    /** Tells of the calls of one phase that the stall check has counted as slow, or that have a sample. */
    void eachStalled(Phase phase, long activeNow, Stalled action) {
        for (Slot slot : table) {
            long s = slot.state;
            int counted = slot.multiples;
            long sample = slot.sample;
            if ((s & Slot.LIVE) != 0 && (counted > 0 || sample != Window.NONE) && slot.phase == phase) {
                long age = activeNow - slot.start;
                VarHandle.loadLoadFence();
                if (slot.state == s) {
                    action.found(sample, counted, age);
                }
            }
        }
    }

    /** A call in flight that is slow. */
    @FunctionalInterface
    interface Stalled {

        /** It lengthens the run of slow calls so many times. */
        void found(long sample, int counted, long ageNanos);
    }

    /** Overwrites, in latencies that begin at index {@code first}, the samples of stalled calls with their ages so far. */
    void putAges(long[] latencies, long first, @Nullable Phase phase, long activeNow) {
        for (Slot slot : table) {
            long s = slot.state;
            if ((s & (Slot.LIVE | Slot.OVER)) == (Slot.LIVE | Slot.OVER) && slot.phase == phase) {
                long at = slot.sample - first;
                long age = activeNow - slot.start;
                VarHandle.loadLoadFence();
                if (slot.state == s && at >= 0 && at < latencies.length) {
                    latencies[(int) at] = Math.max(0, age);
                }
            }
        }
    }
}

package io.tradingbreaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The calls in flight of one breaker: a table of slots that grows when it is crowded.
 *
 * <p>A thread starts at a slot of its own, which it finds free and in its cache nearly always. Thread-safe, lock-free.
 */
final class InFlight {

    private static final int LEAST = 16;
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
    // Only spreads the search of those who collide; a lost update is as good.
    private int spread;

    InFlight(Gate gate) {
        this.gate = gate;
    }

    Slot claim() {
        Slot[] slots = table;
        int home = (int) ((Thread.currentThread().getId() * GOLDEN) >>> 32);
        if (slots.length != 0) {
            Slot slot = slots[home & (slots.length - 1)];
            if (slot.claim()) {
                return slot;
            }
        }
        return claimElsewhere(slots);
    }

    private Slot claimElsewhere(Slot[] slots) {
        for (; ; ) {
            // At the greatest size every slot is tried, again and again.
            int probes = slots.length == MOST ? MOST : slots.length == 0 ? 0 : PROBES;
            int at = spread += 0x9E3779B1;
            for (int i = 0; i < probes; i++) {
                at += 0x6D2B79F5;
                Slot slot = slots[(at ^ (at >>> 15)) & (slots.length - 1)];
                if (slot.claim()) {
                    return slot;
                }
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

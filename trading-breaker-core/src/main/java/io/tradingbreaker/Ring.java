package io.tradingbreaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The cells of a window, and the counts of the samples in them that bear a mark. A cell holds one sample and the time of its
 * entry; the lap in it says of which index it is, and counts from the window's first index. Samples before the tail have
 * left. Thread-safe, lock-free.
 */
abstract class Ring {

    static final long NONE = -1;

    static final int OVER = 1;
    static final int FAILED = 2;

    static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    // A cell is two neighbouring longs: [lap 20 | flags 2 | latency 42] and the time of entry.
    private static final int LATENCY_BITS = 42;
    static final long LATENCY_MASK = (1L << LATENCY_BITS) - 1;
    static final long FLAGS = 3L << LATENCY_BITS;
    private static final int LAP_SHIFT = LATENCY_BITS + 2;
    // Odd, so that index → cell is one-to-one; scatters neighbouring samples over cache lines.
    private static final int SCATTER = 0x9E3779B1;

    final int capacity;
    final long[] cells;
    private final int lapBits;
    final AtomicLong tail = new AtomicLong();
    private final AtomicInteger over = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    // No sample is before it. Written before anybody else can reach the window.
    long origin;

    Ring(int size) {
        lapBits = 32 - Integer.numberOfLeadingZeros(Math.max(15, size - 1));
        capacity = 1 << lapBits;
        cells = new long[2 * capacity];
    }

    final int cell(long index) {
        return (((int) index * SCATTER) & (capacity - 1)) << 1;
    }

    final long value(long index) {
        return (long) CELL.getAcquire(cells, cell(index));
    }

    /** When the sample that is there was entered, on the monotonic clock. */
    final long entered(long index) {
        return (long) CELL.getOpaque(cells, cell(index) + 1);
    }

    static long mark(int flags) {
        return (long) flags << LATENCY_BITS;
    }

    /** Laps are numbered from 1, so that an empty cell is of no lap. */
    final long lap(long index) {
        return (((index - origin) >>> lapBits) + 1) << LAP_SHIFT;
    }

    final boolean isLap(long value, long index) {
        return value >>> LAP_SHIFT == lap(index) >>> LAP_SHIFT;
    }

    final boolean isLaterLap(long value, long index) {
        return laps(value, index) > 0;
    }

    final boolean isEarlierLap(long value, long index) {
        return laps(value, index) < 0;
    }

    /** The difference of two numbers of 20 bits that wrap, in the upper bits. */
    private long laps(long value, long index) {
        return (value & (-1L << LAP_SHIFT)) - lap(index);
    }

    static long clamp(long latencyNanos) {
        return Math.min(Math.max(latencyNanos, 0), LATENCY_MASK);
    }

    /** Puts a sample that has been counted into its cell, unless it is there or was overtaken by a whole window. */
    final void put(long index, int flags, long latencyNanos, long at) {
        int cell = cell(index);
        long value = lap(index) | mark(flags) | clamp(latencyNanos);
        long old;
        do {
            old = (long) CELL.getAcquire(cells, cell);
            if (!isEarlierLap(old, index)) {
                count(mark(flags), -1);
                return;
            }
            CELL.setOpaque(cells, cell + 1, at);
        } while (!CELL.compareAndSet(cells, cell, old, value));
        if ((old & FLAGS) != 0) {
            count(old, -1);
        }
        if (flags != 0 && tail.get() > index) {
            unmark(index);
        }
    }

    /** Lets the oldest sample go, if it is that one. */
    final void leave(long first) {
        // The tail moves first: a sample that is entered behind it then unmarks itself.
        if (tail.compareAndSet(first, first + 1)) {
            unmark(first);
        }
    }

    final void unmark(long index) {
        int cell = cell(index);
        for (; ; ) {
            // Volatile: ordered after the tail's change, which a sample that marks itself looks at.
            long old = (long) CELL.getVolatile(cells, cell);
            if (!isLap(old, index) || (old & FLAGS) == 0) {
                return;
            }
            if (CELL.compareAndSet(cells, cell, old, old & ~FLAGS)) {
                count(old, -1);
                return;
            }
        }
    }

    final void count(long value, int change) {
        if ((value & mark(OVER)) != 0) {
            over.addAndGet(change);
        }
        if ((value & mark(FAILED)) != 0) {
            failed.addAndGet(change);
        }
    }

    /** Samples over the threshold; after the window's trim exact, or a moment ahead while others enter. */
    final int over() {
        return over.get();
    }

    /** Failed samples; after the window's trim exact, or a moment ahead while others enter. */
    final int failed() {
        return failed.get();
    }

    static int flagsOf(long marks) {
        return ((marks & mark(OVER)) != 0 ? OVER : 0) | ((marks & mark(FAILED)) != 0 ? FAILED : 0);
    }
}

package io.tradingbreaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The last {@code window-size} samples that are not older than {@code window-age}: their exact latencies, and how many
 * are over the threshold and failed.
 *
 * <p>A ring without locks. A sample takes the next index from the cursor and one compare-and-set puts it into its cell; the
 * window reaches from the tail to the cursor. Only samples that can decide (over, failed) are counted, so only they move
 * the tail, and each moves it past the samples that have left since: constant work per sample in all. A counted sample
 * is uncounted once, by whoever takes its mark off: the tail, or the sample that overwrites it.
 *
 * <p>Thread-safe and lock-free. Among overlapping completions the counts are exact for some order of them. The time of
 * entry alone is approximate: a thread that is overtaken by a whole lap between its look at a cell and its compare-and-set
 * leaves its own, earlier time in the cell. That younger sample may then go too early, by at most the time that the
 * thread was held up.
 */
final class Window {

    static final long NONE = -1;

    static final int OVER = 1;
    static final int FAILED = 2;

    // A cell is two neighbouring longs: [lap 20 | flags 2 | latency 42] and the time of entry.
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int LATENCY_BITS = 42;
    private static final long LATENCY_MASK = (1L << LATENCY_BITS) - 1;
    private static final long FLAGS = 3L << LATENCY_BITS;
    private static final int LAP_SHIFT = LATENCY_BITS + 2;
    // Odd, so that index → cell is one-to-one; scatters neighbouring samples over cache lines.
    private static final int SCATTER = 0x9E3779B1;

    private final int size;
    private final long ageNanos;
    private final int capacity;
    private final int lapBits;
    private final long[] cells;
    private final Cursor cursor = new Cursor();
    private final AtomicLong tail = new AtomicLong();
    private final AtomicInteger over = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    Window(int size, long ageNanos) {
        this.size = size;
        this.ageNanos = ageNanos;
        lapBits = 32 - Integer.numberOfLeadingZeros(Math.max(15, size - 1));
        capacity = 1 << lapBits;
        cells = new long[2 * capacity];
    }

    /** Enters a sample and returns its index. */
    long enter(long latencyNanos, int flags, long now) {
        long index = cursor.next();
        int cell = cell(index);
        long value = lap(index) | mark(flags) | clamp(latencyNanos);
        long old;
        do {
            old = (long) CELL.getAcquire(cells, cell);
            if (isLaterLap(old, index)) {
                // Overtaken by a whole window: no longer one of the last samples.
                return index;
            }
            CELL.setOpaque(cells, cell + 1, now);
        } while (!CELL.compareAndSet(cells, cell, old, value));
        if ((old & FLAGS) != 0) {
            count(old, -1);
        }
        if (flags != 0) {
            count(mark(flags), 1);
            if (tail.get() > index) {
                unmark(index);
            }
        }
        return index;
    }

    /** Gives a sample that is in the window its true latency and outcome. Returns false if it has left. */
    boolean amend(long index, long latencyNanos, boolean failure) {
        int cell = cell(index);
        for (; ; ) {
            long old = (long) CELL.getAcquire(cells, cell);
            if (!isLap(old, index) || tail.get() > index) {
                return false;
            }
            long added = failure ? mark(FAILED) & ~old : 0;
            if (CELL.compareAndSet(cells, cell, old, (old & ~LATENCY_MASK) | added | clamp(latencyNanos))) {
                if (added != 0) {
                    count(added, 1);
                    if (tail.get() > index) {
                        unmark(index);
                    }
                }
                return true;
            }
        }
    }

    /** Lets the samples go that are too old or too many, and returns how many are left. */
    int trim(long now) {
        for (; ; ) {
            long first = tail.get();
            long next = cursor.get();
            if (first < next - capacity) {
                // Overwritten, and uncounted by those who did it.
                tail.compareAndSet(first, next - capacity);
                continue;
            }
            if (first >= next) {
                return 0;
            }
            if (first >= next - size && !isTooOld(first, now)) {
                return (int) (next - first);
            }
            // The tail moves first: a sample that is entered behind it then unmarks itself.
            if (tail.compareAndSet(first, first + 1)) {
                unmark(first);
            }
        }
    }

    /** Samples over the threshold; after {@link #trim} exact, or a moment ahead while others enter. */
    int over() {
        return over.get();
    }

    /** Failed samples; after {@link #trim} exact, or a moment ahead while others enter. */
    int failed() {
        return failed.get();
    }

    /** Samples in the window; those too old that no {@link #trim} has let go yet are among them. */
    int samples() {
        long first = tail.get();
        return (int) Math.max(0, Math.min(size, cursor.get() - first));
    }

    /**
     * Samples that bear that flag, one by one, and how many they are of. While samples enter, the counts may be a moment
     * ahead of what they count, and of {@link #samples}; this is not: the marks found were in one window together, and it
     * had no more samples than this says.
     */
    Share recount(int flag) {
        int marked = 0;
        long next = cursor.get();
        long first = next;
        // From the newest back, so that a tail that moves meanwhile only makes the walk shorter.
        while (first > next - size) {
            long value = (long) CELL.getAcquire(cells, cell(first - 1));
            // Looked at after the mark: the tail passes a sample before it takes the mark off.
            if (tail.get() >= first) {
                break;
            }
            first--;
            if (isLap(value, first) && (value & mark(flag)) != 0) {
                marked++;
            }
        }
        // With those that came meanwhile, which may be what moved the tail.
        return new Share(marked, (int) Math.min(size, cursor.get() - first));
    }

    /** Samples that bear a flag, of all that are in the window with them. */
    record Share(int marked, int of) {}

    /** The index of the oldest sample in the window. */
    long first() {
        return tail.get();
    }

    /** The latencies from index {@code from} on. */
    long[] latencies(long from) {
        int n = (int) Math.max(0, Math.min(size, cursor.get() - from));
        long[] latencies = new long[n];
        for (int i = 0; i < n; i++) {
            latencies[i] = (long) CELL.getAcquire(cells, cell(from + i)) & LATENCY_MASK;
        }
        return latencies;
    }

    private boolean isTooOld(long index, long now) {
        int cell = cell(index);
        // A cell of another lap is being written: it is young.
        return isLap((long) CELL.getAcquire(cells, cell), index)
                && now - (long) CELL.getOpaque(cells, cell + 1) > ageNanos;
    }

    private void unmark(long index) {
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

    private void count(long value, int change) {
        if ((value & mark(OVER)) != 0) {
            over.addAndGet(change);
        }
        if ((value & mark(FAILED)) != 0) {
            failed.addAndGet(change);
        }
    }

    private int cell(long index) {
        return (((int) index * SCATTER) & (capacity - 1)) << 1;
    }

    private static long mark(int flags) {
        return (long) flags << LATENCY_BITS;
    }

    /** Laps are numbered from 1, so that an empty cell is of no lap. */
    private long lap(long index) {
        return ((index >>> lapBits) + 1) << LAP_SHIFT;
    }

    private boolean isLap(long value, long index) {
        return value >>> LAP_SHIFT == lap(index) >>> LAP_SHIFT;
    }

    private boolean isLaterLap(long value, long index) {
        // The difference of two numbers of 20 bits that wrap.
        return (value & (-1L << LAP_SHIFT)) - lap(index) > 0;
    }

    private static long clamp(long latencyNanos) {
        return Math.min(Math.max(latencyNanos, 0), LATENCY_MASK);
    }
}

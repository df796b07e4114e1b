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
 * the tail, and each moves it past the samples that have left since: constant work per sample in all. A sample is counted
 * before it has an index and uncounted once, by whoever takes its mark off: the tail, or the sample that overwrites it.
 * So the counts are exact, or ahead of the cells while a sample is on its way there; they are never behind.
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
    // From the tail up to here all samples are written.
    private final AtomicLong settled = new AtomicLong();
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
        if (flags != 0) {
            count(mark(flags), 1);
        }
        long index = cursor.next();
        int cell = cell(index);
        long value = lap(index) | mark(flags) | clamp(latencyNanos);
        long old;
        do {
            old = (long) CELL.getAcquire(cells, cell);
            if (isLaterLap(old, index)) {
                // Overtaken by a whole window: no longer one of the last samples.
                count(mark(flags), -1);
                return index;
            }
            CELL.setOpaque(cells, cell + 1, now);
        } while (!CELL.compareAndSet(cells, cell, old, value));
        if ((old & FLAGS) != 0) {
            count(old, -1);
        }
        if (flags != 0 && tail.get() > index) {
            unmark(index);
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
            count(added, 1);
            if (CELL.compareAndSet(cells, cell, old, (old & ~LATENCY_MASK) | added | clamp(latencyNanos))) {
                if (added != 0 && tail.get() > index) {
                    unmark(index);
                }
                return true;
            }
            count(added, -1);
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

    /**
     * No fewer samples that bear that flag than there are, of no more than are written: what it shows to be within a limit
     * is so. In constant time, all samples taken together.
     */
    Share estimate(int flag) {
        for (; ; ) {
            long first = tail.get();
            long next = cursor.get();
            int of = written(first, next);
            // Read last: what is counted by now and not written yet may be here, and is not there.
            int marked = flag == OVER ? over() : failed();
            if (tail.get() == first) {
                return new Share(marked, of);
            }
        }
    }

    /** How many of the last samples between two indices are written. Where all are, the next call does not look again. */
    private int written(long first, long next) {
        long from = Math.max(first, next - size);
        long known = Math.min(next, Math.max(from, settled.get()));
        long gapless = known;
        int written = (int) (known - from);
        for (long index = known; index < next; index++) {
            if (!isEarlierLap((long) CELL.getVolatile(cells, cell(index)), index)) {
                written++;
                gapless += gapless == index ? 1 : 0;
            }
        }
        if (from == first) {
            // One that was overtaken here sets it back, at the price of looking again.
            settled.set(gapless);
        }
        return written;
    }

    /**
     * Samples that bear that flag, one by one, and how many they are of: the window as it was at one moment, without the
     * samples that were still to be written. Those judge themselves, with all that is found here. A full window is no
     * smaller for them: where each will be, another sample had to leave.
     */
    Share recount(int flag) {
        for (; ; ) {
            long first = tail.get();
            long next = cursor.get();
            int of = 0;
            int marked = 0;
            long index = Math.max(first, next - size);
            for (; index < next; index++) {
                // Volatile: of two that enter and judge at once, one at least sees both.
                long value = (long) CELL.getVolatile(cells, cell(index));
                // Looked at after the mark: the tail passes a sample before it takes the mark off.
                if (tail.get() > index || isLaterLap(value, index)) {
                    break;
                }
                if (isLap(value, index)) {
                    of++;
                    marked += (value & mark(flag)) != 0 ? 1 : 0;
                }
            }
            // From the oldest on, so that a sample that leaves meanwhile is met at once and costs no second walk.
            if (index == next) {
                return new Share(marked, next - first < size ? of : size);
            }
        }
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
        return laps(value, index) > 0;
    }

    private boolean isEarlierLap(long value, long index) {
        return laps(value, index) < 0;
    }

    /** The difference of two numbers of 20 bits that wrap, in the upper bits. */
    private long laps(long value, long index) {
        return (value & (-1L << LAP_SHIFT)) - lap(index);
    }

    private static long clamp(long latencyNanos) {
        return Math.min(Math.max(latencyNanos, 0), LATENCY_MASK);
    }
}

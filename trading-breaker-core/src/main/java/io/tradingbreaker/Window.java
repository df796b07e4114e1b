package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

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
 * <p>When its limits change it gets a successor with the same indices. Its cursor is frozen, so that whoever asks for an index
 * goes on to the successor; the newest samples are carried over, each once, by whoever comes first: the retuner, or who
 * needs all of them, or the thread that was still writing it. What is over is found anew from the latency. A frozen
 * window stays as it was, for those who are still judging it.
 *
 * <p>Thread-safe and lock-free. Among overlapping completions the counts are exact for some order of them. The time of
 * entry alone is approximate: a thread that is overtaken by a whole lap between its look at a cell and its compare-and-set
 * leaves its own, earlier time in the cell. That younger sample may then go too early, by at most the time that the
 * thread was held up.
 */
final class Window extends Ring {

    /** Of a sample that is not in the window any more. */
    static final int LEFT = -1;

    /** What judges this window. */
    final TripRules rules;

    private final int size;
    private final long ageNanos;
    private final long overNanos;
    final Cursor cursor = new Cursor();
    // From the tail up to here all samples are written.
    private final AtomicLong settled = new AtomicLong();

    private volatile @Nullable Window successor;
    // Where the cursor was frozen. Written before that.
    private long end;
    // Until its samples are all here.
    private volatile @Nullable Window predecessor;

    /** @param overNanos a sample over this is over */
    Window(int size, long ageNanos, long overNanos, TripRules rules) {
        super(size);
        this.size = size;
        this.ageNanos = ageNanos;
        this.overNanos = overNanos;
        this.rules = rules;
    }

    boolean isOver(long latencyNanos) {
        return latencyNanos > overNanos;
    }

    /**
     * Enters a sample, here or in the successor, and returns its index. One that can decide and was overtaken by a whole
     * window before it was there enters again, behind those, or it could be judged with nothing.
     */
    long enter(long latencyNanos, boolean failure, long now) {
        int flags = flags(latencyNanos, failure);
        if (flags != 0) {
            count(mark(flags), 1);
        }
        long index = cursor.next();
        if (index < 0) {
            if (flags != 0) {
                count(mark(flags), -1);
            }
            return current().enter(latencyNanos, failure, now);
        }
        write(index, flags, latencyNanos, now);
        return flags != 0 && current().isOvertaken(index) ? current().enter(latencyNanos, failure, now) : index;
    }

    private boolean isOvertaken(long index) {
        return next() - index > size;
    }

    /** Writes a sample that has been counted and has its index. */
    void write(long index, int flags, long latencyNanos, long now) {
        put(index, flags, latencyNanos, now);
        if (successor != null) {
            handOver(index);
        }
    }

    /**
     * Gives a sample that is in the window its true latency and outcome, here or in the successor. A failure stays one.
     *
     * @return the marks that it did not have before, or {@link #LEFT}
     */
    int amend(long index, long latencyNanos, boolean failure) {
        int added = 0;
        for (Window at = current(); ; ) {
            int here = at.amendHere(index, latencyNanos, failure);
            if (here == LEFT) {
                return LEFT;
            }
            added |= here;
            Window next = at.current();
            if (next == at) {
                return added;
            }
            at = next;
        }
    }

    private int amendHere(long index, long latencyNanos, boolean failure) {
        Window before = predecessor;
        if (before != null) {
            carry(before, index);
        }
        int cell = cell(index);
        for (; ; ) {
            long old = (long) CELL.getAcquire(cells, cell);
            if (!isLap(old, index) || tail.get() > index) {
                return LEFT;
            }
            long marks = (old & mark(FAILED)) | mark(flags(latencyNanos, failure));
            long added = marks & ~old;
            count(added, 1);
            if (CELL.compareAndSet(cells, cell, old, lap(index) | marks | clamp(latencyNanos))) {
                count(old & FLAGS & ~marks, -1);
                if (added != 0 && tail.get() > index) {
                    unmark(index);
                }
                return flagsOf(added);
            }
            count(added, -1);
        }
    }

    /** Lets the samples go that are too old or too many, and returns how many are left. */
    int trim(long now) {
        Window before = predecessor;
        if (before != null) {
            carryAll(before);
        }
        for (; ; ) {
            long first = tail.get();
            long next = next();
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
            leave(first);
        }
    }

    // ---- a successor with other limits ----

    /**
     * Goes on in another window. Ends when all samples are there that fit. One at a time, and for the newest window only.
     *
     * @param next a window that nobody else knows
     */
    void succeedBy(Window next, long now) {
        trim(now);
        next.predecessor = this;
        // Before the freeze: who writes a cell after that must see it.
        successor = next;
        do {
            end = cursor.get();
            next.beginAt(Math.max(tail.get(), end - Math.min(size, next.size)), end);
        } while (!cursor.freeze(end));
        next.carryAll(this);
    }

    private void beginAt(long first, long next) {
        origin = first;
        tail.set(first);
        cursor.set(next);
    }

    /** The window that samples enter now. */
    Window current() {
        Window at = this;
        for (Window next = at.successor; next != null && at.cursor.get() < 0; next = at.successor) {
            at = next;
        }
        return at;
    }

    /** A sample has been written that the successor may have missed. */
    private void handOver(long index) {
        Window last = this;
        for (Window at = current(); at != last; at = current()) {
            at.carry(this, index);
            last = at;
        }
    }

    private void carryAll(Window from) {
        for (long index = origin; index < from.end; index++) {
            carry(from, index);
        }
        predecessor = null;
    }

    /** Takes over a sample of an earlier window, unless it is here, has left, or is still to be written there. */
    private void carry(Window from, long index) {
        if (tail.get() > index) {
            return;
        }
        long value = (long) CELL.getVolatile(from.cells, from.cell(index));
        // Looked at after the mark: the tail passes a sample before it takes the mark off.
        if (from.tail.get() > index) {
            // No gap may be left: nothing ages behind one.
            for (long first = tail.get(); first <= index; first = tail.get()) {
                leave(first);
            }
            return;
        }
        if (from.isLap(value, index)) {
            long latency = value & LATENCY_MASK;
            int flags = flags(latency, (value & mark(FAILED)) != 0);
            count(mark(flags), 1);
            put(index, flags, latency, (long) CELL.getOpaque(from.cells, from.cell(index) + 1));
        }
    }

    // ---- what is read ----

    private long next() {
        long next = cursor.get();
        return next < 0 ? end : next;
    }

    /**
     * No fewer samples that bear that flag than there are, of no more than are written: what it shows to be within a limit
     * is so. In constant time, all samples taken together.
     */
    Share estimate(int flag) {
        for (; ; ) {
            long first = tail.get();
            long next = next();
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
            long next = next();
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

    /** How many samples there are from index {@code from} on, those included that are still to be written. */
    int samplesFrom(long from) {
        return (int) Math.max(0, Math.min(size, next() - from));
    }

    /** The latencies from index {@code from} on. */
    long[] latencies(long from) {
        long[] latencies = new long[samplesFrom(from)];
        for (int i = 0; i < latencies.length; i++) {
            latencies[i] = value(from + i) & LATENCY_MASK;
        }
        return latencies;
    }

    private boolean isTooOld(long index, long now) {
        // A cell of another lap is being written: it is young.
        return isLap(value(index), index) && now - entered(index) > ageNanos;
    }

    private int flags(long latencyNanos, boolean failure) {
        return (isOver(latencyNanos) ? OVER : 0) | (failure ? FAILED : 0);
    }
}

package io.tradingbreaker;

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
final class Window extends Samples {

    /** Of a sample that is not in the window any more. */
    static final int LEFT = -1;

    /** What judges this window. */
    final TripRules rules;

    private final long ageNanos;
    private final long overNanos;

    private volatile @Nullable Window successor;
    // Until its samples are all here.
    private volatile @Nullable Window predecessor;

    /** @param overNanos a sample over this is over */
    Window(int size, long ageNanos, long overNanos, TripRules rules) {
        super(size);
        this.ageNanos = ageNanos;
        this.overNanos = overNanos;
        this.rules = rules;
    }

    boolean isOver(long latencyNanos) {
        return latencyNanos > overNanos;
    }

    /** Enters a sample, here or in the successor, and returns its index. */
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
        return index;
    }

    /** Whether a whole window of others has entered behind it, so that it is not in this one any more. */
    boolean isOvertaken(long index) {
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

    // ---- of one sample ----

    private boolean isTooOld(long index, long now) {
        // A cell of another lap is being written: it is young.
        return isLap(value(index), index) && now - entered(index) > ageNanos;
    }

    private int flags(long latencyNanos, boolean failure) {
        return (isOver(latencyNanos) ? OVER : 0) | (failure ? FAILED : 0);
    }
}

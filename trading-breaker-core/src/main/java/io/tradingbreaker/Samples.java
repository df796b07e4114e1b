package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The samples of a window as they are read, from the tail to the cursor: how many there are and bear a mark, and their
 * latencies. Reading moves nothing; others may enter and leave meanwhile. Thread-safe, lock-free.
 */
abstract class Samples extends Ring {

    final int size;
    final Cursor cursor = new Cursor();
    // Where the cursor was frozen. Written before that.
    long end;
    // From the tail up to here all samples are written.
    private final AtomicLong settled = new AtomicLong();

    Samples(int size) {
        super(size);
        this.size = size;
    }

    /** The index that the next sample would get. */
    final long next() {
        long next = cursor.get();
        return next < 0 ? end : next;
    }

    /**
     * No fewer samples that bear that flag than there are, of no more than are written: what it shows to be within a limit
     * is so. In constant time, all samples taken together.
     */
    final Share estimate(int flag) {
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
    final Share recount(int flag) {
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
    final long first() {
        return tail.get();
    }

    /** How many samples there are from index {@code from} on, those included that are still to be written. */
    final int samplesFrom(long from) {
        return (int) Math.max(0, Math.min(size, next() - from));
    }

    /** The latencies from index {@code from} on. */
    final long[] latencies(long from) {
        long[] latencies = new long[samplesFrom(from)];
        for (int i = 0; i < latencies.length; i++) {
            latencies[i] = value(from + i) & LATENCY_MASK;
        }
        return latencies;
    }
}

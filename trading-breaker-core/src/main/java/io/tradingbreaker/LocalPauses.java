package io.tradingbreaker;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Tells time in which this JVM ran from time in which it stood still, by the lateness of the stall check, so that a
 * garbage collection is not charged to the node.
 *
 * <p>{@link #active} is a clock that stops during local pauses: latencies and ages are differences of its readings. A
 * check that is late by more than half an interval reveals a pause, which began when the check was due. A pause that
 * the check has not reported yet is left out too, and one that lies after the reading is not: a thread may read the clock
 * and go on after the pause. Only the last pause is told apart so; a thread that sleeps through two reads as if the
 * earlier one lay before. Thread-safe; {@link #beat} belongs to the stall check.
 */
final class LocalPauses {

    /** The span over which {@code local-pause-limit} counts. */
    static final long SPAN_NANOS = 10_000_000_000L;

    private final long intervalNanos;
    private final Deque<Pause> recent = new ArrayDeque<>();
    private volatile @Nullable Beat lastBeat;
    private volatile boolean isStopped;

    LocalPauses(long intervalNanos) {
        this.intervalNanos = intervalNanos;
    }

    /** Nanoseconds of the monotonic clock, at {@code now}, without the time paused until then. */
    long active(long now) {
        Beat beat = lastBeat;
        if (beat == null) {
            return now;
        }
        long since = now - beat.at;
        if (since < 0) {
            return now - beat.pausedNanos + beat.lastPause.nanosAfter(now);
        }
        long late = since - intervalNanos;
        return now - beat.pausedNanos - (late > intervalNanos / 2 && !isStopped ? late : 0);
    }

    /** The stall check runs. Returns the length of the pause that its lateness reveals, or 0. */
    long beat(long now) {
        Beat beat = lastBeat;
        if (beat == null) {
            lastBeat = new Beat(now, 0, 0, new Pause(now, 0));
            return 0;
        }
        long late = now - beat.at - intervalNanos;
        if (late <= intervalNanos / 2) {
            lastBeat = new Beat(now, beat.pausedNanos, beat.pauses, beat.lastPause);
            return 0;
        }
        Pause pause = new Pause(now, late);
        lastBeat = new Beat(now, beat.pausedNanos + late, beat.pauses + 1, pause);
        recent.addLast(pause);
        return late;
    }

    /** The time paused in the last 10 s. For the stall check only. */
    long recentNanos(long now) {
        long sum = 0;
        while (!recent.isEmpty() && now - recent.peekFirst().end >= SPAN_NANOS) {
            recent.removeFirst();
        }
        for (Pause pause : recent) {
            sum += Math.min(pause.nanos, SPAN_NANOS - (now - pause.end));
        }
        return sum;
    }

    /** No checks from now on: time is no longer taken for a pause. */
    void stop() {
        isStopped = true;
    }

    boolean isStopped() {
        return isStopped;
    }

    Tally tally() {
        Beat beat = lastBeat;
        return beat == null ? Nanos.tally(0, 0) : Nanos.tally(beat.pauses, beat.pausedNanos);
    }

    private record Beat(long at, long pausedNanos, long pauses, Pause lastPause) {}

    private record Pause(long end, long nanos) {

        /** How much of it lies after that time. */
        long nanosAfter(long time) {
            return Math.min(Math.max(end - time, 0), nanos);
        }
    }
}

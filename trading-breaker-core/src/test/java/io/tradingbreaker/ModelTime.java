package io.tradingbreaker;

import java.util.ArrayList;
import java.util.List;

/**
 * Time of the specification. Work runs when it is due, in the order in which it came. Calls age on {@link #active}, which
 * leaves out the time in which this JVM stood still.
 */
final class ModelTime {

    private static final long TEN_SECONDS = 10_000_000_000L;

    final long interval;
    private final List<Work> agenda = new ArrayList<>();
    private final List<Work> held = new ArrayList<>();
    private final List<long[]> pausesByEnd = new ArrayList<>();
    private boolean holdsProbes;
    private long arrivals;
    private long now;
    private long lastCheck;
    private long paused;

    ModelTime(long interval) {
        this.interval = interval;
    }

    long now() {
        return now;
    }

    long paused() {
        return paused;
    }

    int pauses() {
        return pausesByEnd.size();
    }

    /** Now, without the pauses of this JVM so far; one that no check has reported yet counts as well. */
    long active() {
        return now - paused - pauseSince(lastCheck);
    }

    /** A pause began when a check was due, if the check comes more than half an interval late. */
    private long pauseSince(long check) {
        long late = now - check - interval;
        return late > interval / 2 ? late : 0;
    }

    /** A stall check runs now. Returns the time paused in the last 10 s if it has found a new pause, else 0. */
    long check() {
        long pause = pauseSince(lastCheck);
        lastCheck = now;
        if (pause == 0) {
            return 0;
        }
        paused += pause;
        pausesByEnd.add(new long[] {now, pause});
        return pausesByEnd.stream()
                .mapToLong(p -> Math.max(0, p[0] - Math.max(p[0] - p[1], now - TEN_SECONDS)))
                .sum();
    }

    Work after(long nanos, Runnable action) {
        return put(agenda, Math.max(0, nanos), action);
    }

    Work probe(Runnable check) {
        return put(holdsProbes ? held : agenda, 0, check);
    }

    private Work put(List<Work> where, long nanos, Runnable action) {
        Work work = new Work(now + nanos, arrivals++, action);
        where.add(work);
        return work;
    }

    void cancel(Work work) {
        agenda.remove(work);
    }

    void holdProbes() {
        holdsProbes = true;
    }

    void releaseProbes() {
        holdsProbes = false;
        held.forEach(work -> after(0, work.action));
        held.clear();
    }

    void advance(long nanos) {
        long end = now + nanos;
        for (Work next = due(end); next != null; next = due(end)) {
            agenda.remove(next);
            now = Math.max(now, next.due);
            next.action.run();
        }
        now = Math.max(now, end);
    }

    /** This JVM stands still. */
    void pause(long nanos) {
        now += nanos;
        advance(0);
    }

    private Work due(long end) {
        Work first = null;
        for (Work work : agenda) {
            if (work.due <= end
                    && (first == null
                            || work.due < first.due
                            || (work.due == first.due && work.arrival < first.arrival))) {
                first = work;
            }
        }
        return first;
    }

    /** What is to be done at some time. */
    record Work(long due, long arrival, Runnable action) {}
}

package io.tradingbreaker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long a run of failed or slow calls a window shows under some latency threshold. Each of the newest samples, back to the
 * last fast success, counts as often as the threshold fits into its latency, and a failure at least once. A call in
 * flight counts as often as the stall check has counted it, but no oftener than the threshold fits into its age; one whose
 * sample is older than that success, or has left, counts for what it has been slow since.
 */
final class RunRecount {

    private static final long MOST = 1_000_000_000;

    private final long slowNanos;
    private final Map<Long, List<Flying>> flying = new HashMap<>();
    private long length;

    private RunRecount(long slowNanos) {
        this.slowNanos = slowNanos;
    }

    /**
     * @param active the time without local pauses
     * @param now the monotonic time
     */
    static int of(Window window, InFlight inFlight, Phase phase, long slowNanos, long active, long now) {
        RunRecount recount = new RunRecount(slowNanos);
        inFlight.eachStalled(
                phase,
                active,
                (sample, counted, age) -> recount.flying
                        .computeIfAbsent(sample, first -> new ArrayList<>())
                        .add(new Flying(counted, age)));
        long sinceNanos = recount.walk(window, now);
        recount.flying.values().forEach(older -> recount.add(older, sinceNanos));
        return (int) Math.min(MOST, recount.length);
    }

    /** Returns how long ago the last fast success was. */
    private long walk(Window window, long now) {
        long first = window.first();
        for (long index = first + window.samplesFrom(first) - 1; index >= first; index--) {
            long sample = window.value(index);
            if (!window.isLap(sample, index)) {
                // Still to be written: whoever does so says himself what it does to the run.
                continue;
            }
            List<Flying> inFlight = flying.remove(index);
            long times = times(sample & Window.LATENCY_MASK);
            if (inFlight != null) {
                add(inFlight, Long.MAX_VALUE);
            } else if (times > 0 || (sample & Window.mark(Window.FAILED)) != 0) {
                length += Math.max(1, times);
            } else {
                return Math.max(0, now - window.entered(index));
            }
        }
        return Long.MAX_VALUE;
    }

    private void add(List<Flying> calls, long sinceNanos) {
        for (Flying call : calls) {
            long before = sinceNanos > call.ageNanos ? 0 : times(call.ageNanos - sinceNanos);
            length += Math.min(call.counted, times(call.ageNanos) - before);
        }
    }

    /** How often the threshold has been passed at that age: what is exactly as old as a multiple has not passed it. */
    private long times(long nanos) {
        return Math.max(0, (nanos - 1) / slowNanos);
    }

    /** A call in flight, and how often the stall check has counted it. */
    private record Flying(int counted, long ageNanos) {}
}

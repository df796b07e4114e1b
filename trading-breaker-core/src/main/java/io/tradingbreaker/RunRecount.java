package io.tradingbreaker;

import java.util.HashMap;
import java.util.Map;

/**
 * How long a run of failed or slow calls a window shows under some latency threshold. Each of the newest samples, back to the
 * last fast success, counts as often as the threshold fits into its latency, and a failure at least once. A call in
 * flight counts as often as the stall check has counted it, but no oftener than the threshold fits into its age.
 */
final class RunRecount {

    private static final long MOST = 1_000_000_000;

    private final long slowNanos;
    private final Map<Long, Long> flying = new HashMap<>();
    private long length;

    private RunRecount(long slowNanos) {
        this.slowNanos = slowNanos;
    }

    /** @param active the time without local pauses */
    static int of(Window window, InFlight inFlight, Phase phase, long slowNanos, long active) {
        RunRecount recount = new RunRecount(slowNanos);
        inFlight.eachStalled(
                phase,
                active,
                (sample, counted, age) -> recount.flying.merge(sample, recount.counted(counted, age), Long::sum));
        recount.length = recount.flying.getOrDefault(Window.NONE, 0L);
        recount.walk(window);
        return (int) Math.min(MOST, recount.length);
    }

    private void walk(Window window) {
        long first = window.first();
        for (long index = first + window.samplesFrom(first) - 1; index >= first; index--) {
            long sample = window.value(index);
            if (!window.isLap(sample, index)) {
                // Still to be written: whoever does so says himself what it does to the run.
                continue;
            }
            Long inFlight = flying.get(index);
            long times = times(sample & Window.LATENCY_MASK);
            if (inFlight != null) {
                length += inFlight;
            } else if (times > 0 || (sample & Window.mark(Window.FAILED)) != 0) {
                length += Math.max(1, times);
            } else {
                return;
            }
        }
    }

    private long counted(int counted, long age) {
        return Math.min(counted, times(age));
    }

    /** How often the threshold has been passed at that age: what is exactly as old as a multiple has not passed it. */
    private long times(long nanos) {
        return Math.max(0, (nanos - 1) / slowNanos);
    }
}

package io.tradingbreaker.spring.dashboard;

import io.tradingbreaker.BreakerState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The last points of one breaker's history, by the number of the sampling that made them: some 30 bytes a point. What was
 * not measured is NaN. Not thread-safe.
 */
final class Trace {

    private static final char UNKNOWN = '-';

    private final float[] p50;
    private final float[] p95;
    private final float[] p99;
    private final float[] worst;
    private final float[] oldest;
    private final int[] inFlight;
    private final int[] calls;
    private final int[] rejected;
    private final char[] states;
    private long next;

    /** @param first the number of the first sampling that is put in */
    Trace(int points, long first) {
        p50 = new float[points];
        p95 = new float[points];
        p99 = new float[points];
        worst = new float[points];
        oldest = new float[points];
        inFlight = new int[points];
        calls = new int[points];
        rejected = new int[points];
        states = new char[points];
        Arrays.fill(states, UNKNOWN);
        next = first;
    }

    /** Samplings are put in one after the other, without a gap. */
    void put(Point point) {
        int i = index(next++);
        p50[i] = point.p50;
        p95[i] = point.p95;
        p99[i] = point.p99;
        worst[i] = point.worst;
        oldest[i] = point.oldest;
        inFlight[i] = point.inFlight;
        calls[i] = point.calls;
        rejected[i] = point.rejected;
        states[i] = letter(point.state);
    }

    /** The points of the samplings from {@code first} up to the last, as columns; at most those that are kept. */
    Map<String, Object> columns(long first, long end) {
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("p50", column(first, end, i -> millis(p50[i])));
        columns.put("p95", column(first, end, i -> millis(p95[i])));
        columns.put("p99", column(first, end, i -> millis(p99[i])));
        columns.put("worst", column(first, end, i -> millis(worst[i])));
        columns.put("oldest", column(first, end, i -> millis(oldest[i])));
        columns.put("inFlight", column(first, end, i -> inFlight[i]));
        columns.put("calls", column(first, end, i -> calls[i]));
        columns.put("rejected", column(first, end, i -> rejected[i]));
        StringBuilder letters = new StringBuilder();
        for (long n = first; n < end; n++) {
            letters.append(states[index(n)]);
        }
        columns.put("states", letters.toString());
        return columns;
    }

    private List<@Nullable Object> column(long first, long end, IntFunction<@Nullable Object> cell) {
        List<@Nullable Object> column = new ArrayList<>((int) (end - first));
        for (long n = first; n < end; n++) {
            int i = index(n);
            column.add(states[i] == UNKNOWN ? null : cell.apply(i));
        }
        return column;
    }

    private int index(long sampling) {
        return (int) (sampling % states.length);
    }

    private static char letter(BreakerState state) {
        return switch (state) {
            case CLOSED -> 'C';
            case OPEN -> 'O';
            case HALF_OPEN -> 'T';
            case HALTED -> 'H';
        };
    }

    private static @Nullable Object millis(float value) {
        return Float.isNaN(value) ? null : (Object) (Math.round(value * 10.0) / 10.0);
    }

    /**
     * What one sampling saw. Latencies are in milliseconds, NaN without samples; where the breaker has opened since the
     * sampling before, they are those that it opened at, as its window is a fresh one since then.
     *
     * @param worst the greatest latency that the breaker opened at, NaN if it did not
     * @param oldest the age of the oldest call in flight, NaN without one
     * @param calls those that were asked for since the sampling before
     * @param rejected those of them that were refused
     */
    record Point(
            float p50,
            float p95,
            float p99,
            float worst,
            float oldest,
            int inFlight,
            int calls,
            int rejected,
            BreakerState state) {}
}

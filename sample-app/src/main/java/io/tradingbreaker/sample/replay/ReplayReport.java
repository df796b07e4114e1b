package io.tradingbreaker.sample.replay;

import org.jspecify.annotations.Nullable;

/**
 * How the breaker did in a replay, beside two that need no measuring.
 *
 * @param state running, finished or stopped
 * @param limitMillis the breaker's p99-threshold, which the static limit holds each row's level against
 * @param rowsReplayed the rows that the figures are of
 * @param incidentRows of these, the rows marked as incident
 * @param incidents runs of such rows
 * @param breaker what the breaker {@code node} really did
 * @param neverPausing a service without a breaker
 * @param staticLimit paused for exactly the rows whose level is over the limit
 */
public record ReplayReport(
        String state,
        String file,
        double factor,
        double rowMillis,
        double limitMillis,
        int rows,
        int rowsReplayed,
        int incidentRows,
        int incidents,
        Score breaker,
        Score neverPausing,
        Score staticLimit) {

    static final String RUNNING = "running";
    static final String FINISHED = "finished";
    static final String STOPPED = "stopped";

    /**
     * Time paused, in rows, and as a share of the rows inside or outside incidents.
     *
     * @param incidentsMissed incidents in which there was no pause at all
     */
    public record Score(
            double pausedInsideRows,
            @Nullable Double pausedInsideShare,
            double pausedOutsideRows,
            @Nullable Double pausedOutsideShare,
            int incidentsMissed) {

        /** @param shares the paused share of each row; only the first {@code rows} count */
        static Score of(double[] shares, LatencyTrace trace, int rows) {
            double inside = 0;
            double outside = 0;
            int missed = 0;
            double inThisIncident = 0;
            for (int i = 0; i < rows; i++) {
                if (!trace.isIncident(i)) {
                    outside += shares[i];
                    continue;
                }
                inside += shares[i];
                inThisIncident += shares[i];
                if (i + 1 == rows || !trace.isIncident(i + 1)) {
                    missed += inThisIncident == 0 ? 1 : 0;
                    inThisIncident = 0;
                }
            }
            int incidentRows = incidentRows(trace, rows);
            return new Score(
                    rounded(inside),
                    share(inside, incidentRows),
                    rounded(outside),
                    share(outside, rows - incidentRows),
                    missed);
        }

        private static @Nullable Double share(double part, int of) {
            return of == 0 ? null : rounded(part / of);
        }

        private static double rounded(double value) {
            return Math.round(value * 1e4) / 1e4;
        }
    }

    static int incidentRows(LatencyTrace trace, int rows) {
        int count = 0;
        for (int i = 0; i < rows; i++) {
            count += trace.isIncident(i) ? 1 : 0;
        }
        return count;
    }

    static int incidents(LatencyTrace trace, int rows) {
        int count = 0;
        for (int i = 0; i < rows; i++) {
            count += trace.isIncident(i) && (i == 0 || !trace.isIncident(i - 1)) ? 1 : 0;
        }
        return count;
    }
}

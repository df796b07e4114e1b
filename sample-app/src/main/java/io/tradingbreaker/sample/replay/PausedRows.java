package io.tradingbreaker.sample.replay;

/** How long trading was paused in each row of a replay. Not thread-safe. */
final class PausedRows {

    private final long startNanos;
    private final long rowNanos;
    private final long[] pausedNanos;

    PausedRows(long startNanos, long rowNanos, int rows) {
        this.startNanos = startNanos;
        this.rowNanos = rowNanos;
        pausedNanos = new long[rows];
    }

    /** Trading was paused between these two times; what lies outside the replay is left out. */
    void add(long fromNanos, long toNanos) {
        long from = Math.max(0, fromNanos - startNanos);
        long to = Math.min(rowNanos * pausedNanos.length, toNanos - startNanos);
        while (from < to) {
            int row = (int) (from / rowNanos);
            long end = Math.min(to, (row + 1) * rowNanos);
            pausedNanos[row] += end - from;
            from = end;
        }
    }

    /** The share of each row's time, 0 to 1. */
    double[] shares() {
        double[] shares = new double[pausedNanos.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (double) pausedNanos[i] / rowNanos;
        }
        return shares;
    }
}

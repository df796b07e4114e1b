package io.tradingbreaker.sample.replay;

import io.tradingbreaker.sample.replay.ReplayReport.Score;
import io.tradingbreaker.sample.simulator.LatencyModel;

/** One replay: which level is due now, and the report on what has passed. Thread-safe. */
final class Replay {

    private final LatencyTrace trace;
    private final ReplayOptions options;
    private final PauseMeter meter;
    private final double limitMillis;
    private final long rowNanos;
    private final long startNanos;
    private final PausedRows paused;

    /** Begins now. */
    Replay(LatencyTrace trace, ReplayOptions options, PauseMeter meter, double limitMillis, boolean isPaused) {
        this.trace = trace;
        this.options = options;
        this.meter = meter;
        this.limitMillis = limitMillis;
        rowNanos = options.rowNanos(trace);
        startNanos = meter.nanoTime();
        paused = new PausedRows(startNanos, rowNanos, trace.rows());
        meter.start(paused, isPaused);
    }

    long totalNanos() {
        return rowNanos * trace.rows();
    }

    LatencyModel latency() {
        return LatencyModel.lognormal(() -> level(Math.min(trace.rows() - 1, rowsOver())), options.sigma());
    }

    ReplayReport report(String state) {
        double[] shares = meter.shares(paused);
        int rows = Math.min(trace.rows(), rowsOver());
        double[] statically = new double[rows];
        for (int i = 0; i < rows; i++) {
            statically[i] = level(i) > limitMillis ? 1 : 0;
        }
        return new ReplayReport(
                state,
                options.file(),
                options.factor(),
                rowNanos / 1e6,
                limitMillis,
                trace.rows(),
                rows,
                ReplayReport.incidentRows(trace, rows),
                ReplayReport.incidents(trace, rows),
                Score.of(shares, trace, rows),
                Score.of(new double[rows], trace, rows),
                Score.of(statically, trace, rows));
    }

    /** Rows that are over; the index of the present one. */
    private int rowsOver() {
        return (int) Math.min(trace.rows(), (meter.nanoTime() - startNanos) / rowNanos);
    }

    private double level(int row) {
        return trace.millis(row) * options.factor();
    }
}

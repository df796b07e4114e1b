package io.tradingbreaker.sample.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * A recording of latencies, one level a row at even intervals, with the rows of known incidents marked. The rows are taken
 * in the file's order: a recording's clock may have been set back in between.
 *
 * <p>A latency of 0 is a hole in the recording and takes the level before it: no data is never fast. Immutable.
 */
final class LatencyTrace {

    static final String HEADER = "epoch_seconds,latency_ms,incident";
    static final int MOST_ROWS = 200_000;

    private final double[] millis;
    private final boolean[] incident;
    private final double intervalSeconds;

    private LatencyTrace(double[] millis, boolean[] incident, double intervalSeconds) {
        this.millis = millis;
        this.incident = incident;
        this.intervalSeconds = intervalSeconds;
    }

    /** @throws InvalidScenarioException naming the line that is wrong */
    static LatencyTrace read(Reader csv) throws IOException {
        BufferedReader lines = new BufferedReader(csv);
        String header = lines.readLine();
        if (header == null || !header.strip().equals(HEADER)) {
            throw new InvalidScenarioException("the file's first line is not that of a recording", List.of(HEADER));
        }
        List<Row> rows = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank()) {
                rows.add(row(line, rows.size() + 2));
            }
            if (rows.size() > MOST_ROWS) {
                throw new InvalidScenarioException("the file has too many rows", List.of("at most " + MOST_ROWS));
            }
        }
        double first = rows.stream()
                .mapToDouble(Row::millis)
                .filter(level -> level > 0)
                .findFirst()
                .orElse(0);
        if (rows.size() < 2 || first == 0) {
            throw new InvalidScenarioException(
                    "the file has too few rows", List.of("at least two rows, and a latency above 0"));
        }
        double[] millis = new double[rows.size()];
        boolean[] incident = new boolean[rows.size()];
        for (int i = 0; i < millis.length; i++) {
            Row row = rows.get(i);
            millis[i] = row.millis > 0 ? row.millis : i == 0 ? first : millis[i - 1];
            incident[i] = row.incident;
        }
        if (rows.get(rows.size() - 1).epochSeconds <= rows.get(0).epochSeconds) {
            throw new InvalidScenarioException("the file ends before it begins", List.of(HEADER));
        }
        long seconds = rows.get(rows.size() - 1).epochSeconds - rows.get(0).epochSeconds;
        return new LatencyTrace(millis, incident, (double) seconds / (millis.length - 1));
    }

    int rows() {
        return millis.length;
    }

    /** The recorded level of a row, holes filled. */
    double millis(int row) {
        return millis[row];
    }

    boolean isIncident(int row) {
        return incident[row];
    }

    /** The time between two rows, on average. */
    double intervalSeconds() {
        return intervalSeconds;
    }

    private static Row row(String line, int number) {
        try {
            String[] fields = line.split(",", -1);
            if (fields.length == 3) {
                Row row = new Row(
                        Long.parseLong(fields[0].strip()),
                        Double.parseDouble(fields[1].strip()),
                        fields[2].strip().equals("1"));
                boolean isMarked = row.incident || fields[2].strip().equals("0");
                if (isMarked && row.millis >= 0 && row.millis <= 1e7) {
                    return row;
                }
            }
        } catch (NumberFormatException e) {
            // Said below, as for values out of range.
        }
        throw new InvalidScenarioException(
                "line " + number + " of the file must be epoch seconds, milliseconds from 0, and 0 or 1",
                List.of(HEADER));
    }

    private record Row(long epochSeconds, double millis, boolean incident) {}
}

package io.tradingbreaker.sample.replay;

import io.tradingbreaker.sample.simulator.SimulatorProperties;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;

/**
 * What is replayed, and how: the properties, with what the request says instead.
 *
 * @param timeScale data seconds to a real second; null where {@code rowMillis} says how long a row lasts
 */
record ReplayOptions(
        String file, double rowMillis, @Nullable Double timeScale, double factor, double sigma) {

    static final List<String> KEYS = List.of("file", "rowMillis", "time-scale", "factor");

    private static final String CLASSPATH = "classpath:";
    private static final long LARGEST_FILE = 32 << 20;

    static ReplayOptions of(SimulatorProperties.Replay properties, Map<String, String> request) {
        String rowMillis = request.get("rowMillis");
        String timeScale = request.get("time-scale");
        if (rowMillis != null && timeScale != null) {
            throw new InvalidScenarioException("rowMillis and time-scale exclude each other", KEYS);
        }
        String factor = request.get("factor");
        Double scale = timeScale != null
                ? Double.valueOf(number("time-scale", timeScale, 0.001, 1e9))
                : rowMillis != null ? null : properties.timeScale();
        return new ReplayOptions(
                request.getOrDefault("file", properties.file()),
                rowMillis == null ? properties.rowMillis() : number("rowMillis", rowMillis, 10, 3_600_000),
                scale,
                factor == null ? properties.factor() : number("factor", factor, 1e-6, 1e6),
                properties.sigma());
    }

    /** How long a row of the recording lasts; at least 10 ms. */
    long rowNanos(LatencyTrace trace) {
        double millis = timeScale == null ? rowMillis : 1e3 * trace.intervalSeconds() / timeScale;
        if (millis < 10 || millis > 3_600_000) {
            throw new InvalidScenarioException(
                    "at this time-scale a row lasts " + millis + " ms; it must last from 10 ms to 1 h", KEYS);
        }
        return (long) (millis * 1e6);
    }

    LatencyTrace load() {
        try (InputStream in = open();
                Reader csv = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return LatencyTrace.read(csv);
        } catch (IOException | InvalidPathException e) {
            throw missing();
        }
    }

    /** Only CSV files: the request comes from outside. */
    private InputStream open() throws IOException {
        if (!file.endsWith(".csv")) {
            throw missing();
        }
        if (file.startsWith(CLASSPATH)) {
            return new ClassPathResource(file.substring(CLASSPATH.length())).getInputStream();
        }
        Path path = Path.of(file);
        if (!Files.isRegularFile(path) || Files.size(path) > LARGEST_FILE) {
            throw missing();
        }
        return Files.newInputStream(path);
    }

    private static InvalidScenarioException missing() {
        return new InvalidScenarioException(
                "file: there is no such CSV file that can be read",
                List.of(
                        "the path of a .csv file of at most 32 MB with the columns " + LatencyTrace.HEADER,
                        CLASSPATH + "replay/two-incidents.csv"));
    }

    private static double number(String key, String text, double least, double most) {
        try {
            double value = Double.parseDouble(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new InvalidScenarioException(key + " must be a number from " + least + " to " + most, KEYS);
    }
}

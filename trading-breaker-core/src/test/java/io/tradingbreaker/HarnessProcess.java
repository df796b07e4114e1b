package io.tradingbreaker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@link StoreHarness} as a process, on this JVM's class path. */
final class HarnessProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader lines;

    /** @param prefix what starts it, as a shell or another user */
    HarnessProcess(List<String> prefix, String classPath, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-Xmx64m",
                "-cp",
                classPath,
                StoreHarness.class.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static HarnessProcess of(String... arguments) throws IOException {
        return new HarnessProcess(List.of(), System.getProperty("java.class.path"), arguments);
    }

    /** The next line that it has said; null at its end. */
    String line() {
        try {
            return lines.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that it has yet to say. */
    List<String> rest() {
        return lines.lines().toList();
    }

    /** kill -9. What it has said can still be read, other than after {@link Process#destroyForcibly}. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("it lives");
        }
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

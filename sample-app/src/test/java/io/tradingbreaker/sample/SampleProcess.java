package io.tradingbreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.test.util.TestSocketUtils;

/** The sample as a process of its own, which can be killed. */
final class SampleProcess implements AutoCloseable {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final Process process;
    private final Path log;
    final ServiceClient service;

    private SampleProcess(Process process, Path log, ServiceClient service) {
        this.process = process;
        this.log = log;
        this.service = service;
    }

    /** Starts it and waits until it answers. */
    static SampleProcess start(Path folder, String... properties) throws IOException {
        return begin(folder, List.of(), properties).awaitAnswer();
    }

    /**
     * Starts it.
     *
     * @param options for the JVM
     */
    static SampleProcess begin(Path folder, List<String> options, String... properties) throws IOException {
        int port = TestSocketUtils.findAvailableTcpPort();
        List<String> command = new ArrayList<>(List.of(JAVA.toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                SampleApplication.class.getName(),
                "--server.port=" + port,
                "--simulator.port=" + TestSocketUtils.findAvailableTcpPort(),
                // What else runs on this machine must pause nothing.
                "--trading-breaker.defaults.local-pause-limit=0",
                "--trading-breaker.breakers.node.stream-silence=0",
                "--jupiter.read-timeout=5s"));
        for (String property : properties) {
            command.add("--" + property);
        }
        Path log = Files.createTempFile(folder, "sample", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new SampleProcess(process, log, new ServiceClient(port));
    }

    SampleProcess awaitAnswer() {
        try {
            await().atMost(Duration.ofMinutes(4)).ignoreExceptions().until(this::answers);
            return this;
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** What it has printed. */
    List<String> log() throws IOException {
        return Files.readAllLines(log, StandardCharsets.UTF_8);
    }

    private boolean answers() throws IOException, InterruptedException {
        assertThat(process.isAlive()).as("ended:\n%s", Files.readString(log)).isTrue();
        return service.get("/actuator/circuitbreaker/node").has("state");
    }

    /** As {@code kill -9} does: nothing in it hears of it. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

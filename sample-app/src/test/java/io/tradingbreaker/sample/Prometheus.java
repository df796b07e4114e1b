package io.tradingbreaker.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.test.util.TestSocketUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus with the rules of the project, which scrapes and evaluates once a second. */
final class Prometheus implements AutoCloseable {

    static final Path MONITORING = Path.of("../monitoring").toAbsolutePath().normalize();
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();
    private final int port = TestSocketUtils.findAvailableTcpPort();
    private final Process process;

    /** Whether both of its programs are on this machine. */
    static boolean isInstalled() {
        return isOnPath("prometheus") && isOnPath("promtool");
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** What promtool says of a file, as one text. */
    static String promtool(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "promtool";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process promtool = new ProcessBuilder(command)
                .directory(MONITORING.resolve("prometheus").toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(promtool.exitValue()).as(said).isZero();
        return said;
    }

    Prometheus(Path folder, int target) throws IOException {
        Path config = Files.writeString(folder.resolve("prometheus.yml"), """
                global: { scrape_interval: %1$ds, evaluation_interval: %1$ds }
                rule_files: ['%2$s']
                scrape_configs:
                  - job_name: paper-trading
                    metrics_path: /actuator/prometheus
                    static_configs: [{ targets: ['127.0.0.1:%3$d'] }]
                """.formatted(
                        INTERVAL.toSeconds(), MONITORING.resolve("prometheus/rules.yml"), target));
        process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(this::isReady);
    }

    private boolean isReady() throws IOException, InterruptedException {
        return send("/-/ready").statusCode() == 200;
    }

    /** The series that a query returns now. */
    JsonNode query(String expression) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                send("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(expression + ": " + answer.body()).isEqualTo(200);
        return json.readTree(answer.body()).path("data").path("result");
    }

    /** Since when an alert of the breaker fires; empty if it does not. */
    Optional<Instant> firingSince(String alert, String breaker) throws IOException, InterruptedException {
        JsonNode alerts =
                json.readTree(send("/api/v1/alerts").body()).path("data").path("alerts");
        for (JsonNode found : alerts) {
            if (found.path("labels").path("alertname").asString().equals(alert)
                    && found.path("labels").path("name").asString().equals(breaker)
                    && found.path("state").asString().equals("firing")) {
                return Optional.of(Instant.parse(found.path("activeAt").asString()));
            }
        }
        return Optional.empty();
    }

    private HttpResponse<String> send(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

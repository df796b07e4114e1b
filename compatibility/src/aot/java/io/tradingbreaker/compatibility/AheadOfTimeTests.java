package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.util.TestSocketUtils;

/** The application as the build has processed it ahead of time, in a process of its own. */
class AheadOfTimeTests {

    private static final String HALT = "{\"action\":\"halt\",\"reason\":\"stop\"}";
    private static final String RESET = "{\"action\":\"reset\",\"reason\":\"go on\"}";

    private final int port = TestSocketUtils.findAvailableTcpPort();

    @TempDir
    private Path folder;

    @Test
    void application_guardsShowsAndObeys() throws Exception {
        Process application = start("--management.endpoint.circuitbreaker.access=unrestricted");
        try {
            await().atMost(Duration.ofSeconds(110))
                    .ignoreExceptions()
                    .until(() -> Answer.get(port, "/actuator/health").status() == 200);

            assertThat(log())
                    .contains("Starting AOT-processed TradingApplication")
                    .contains("Breaker 'node' pauses at P99 over 150ms")
                    .containsPattern("guards .*TradingDesk.buy\\(String\\), .*TradingDesk.quote\\(String\\)");
            assertThat(Answer.get(port, "/buy/SOL").body()).isEqualTo("filled buy SOL");
            assertThat(Answer.get(port, "/quote/SOL").body()).isEqualTo("filled quote SOL");
            assertThat(Answer.get(port, "/actuator/health").map("components")).containsKey("tradingBreaker");

            assertThat(Answer.post(port, "/actuator/circuitbreaker/node", HALT).status())
                    .isEqualTo(200);
            Answer refused = Answer.get(port, "/buy/SOL");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.map()).containsEntry("breaker", "node").containsEntry("state", "HALTED");
            assertThat(Answer.get(port, "/buy-later/SOL").status()).isEqualTo(503);
            assertThat(Answer.get(port, "/quote/SOL").body()).isEqualTo("last quote of SOL while HALTED");

            assertThat(Answer.post(port, "/actuator/circuitbreaker/node", RESET).status())
                    .isEqualTo(200);
            assertThat(Answer.get(port, "/buy/SOL").status()).isEqualTo(200);
            assertThat(meters(Answer.get(port, "/actuator/prometheus").body().lines()))
                    .isEqualTo(meters(expectedMeters()))
                    .isNotEmpty();
        } finally {
            application.destroyForcibly();
        }
    }

    @Test
    void settingThatBeansWereChosenBy_cannotChangeAnyMore() throws Exception {
        Process application = start("--trading-breaker.http.guards[0].uri=http://node/**");
        try {
            assertThat(application.waitFor(110, TimeUnit.SECONDS)).as("ended by itself").isTrue();
        } finally {
            application.destroyForcibly();
        }

        assertThat(log())
                .contains("APPLICATION FAILED TO START")
                .contains("trading-breaker.http.guards")
                .contains("must be unset, as it was when this application was processed ahead of time")
                .doesNotContain("\tat ");
        assertThat(application.exitValue()).isEqualTo(1);
    }

    private Process start(String argument) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dspring.aot.enabled=true",
                "-cp",
                ClassPath.without(),
                TradingApplication.class.getName(),
                "--server.port=" + port,
                "--trading-breaker.defaults.local-pause-limit=0", // a machine that stands still must not pause it
                argument));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("application.log").toFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("application.log"), StandardCharsets.UTF_8);
    }

    private static List<String> meters(Stream<String> scraped) {
        return scraped.filter(line -> line.startsWith("# TYPE trading_breaker_")).toList();
    }

    private static Stream<String> expectedMeters() throws IOException {
        try (InputStream file =
                AheadOfTimeTests.class.getResourceAsStream("/io/tradingbreaker/spring/micrometer/prometheus.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines();
        }
    }
}

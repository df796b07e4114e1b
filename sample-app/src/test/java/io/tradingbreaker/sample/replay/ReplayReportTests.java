package io.tradingbreaker.sample.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradingbreaker.sample.replay.ReplayReport.Score;
import io.tradingbreaker.sample.simulator.SimulatorProperties;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayReportTests {

    private static final SimulatorProperties.Replay DEFAULTS =
            new SimulatorProperties.Replay("classpath:replay/two-incidents.csv", 500, null, 1, 0.1);

    @Test
    void syntheticTrace_isReadWithItsIncidents() {
        LatencyTrace trace = ReplayOptions.of(DEFAULTS, Map.of()).load();

        assertThat(trace.rows()).isEqualTo(120);
        assertThat(trace.intervalSeconds()).isEqualTo(60);
        assertThat(ReplayReport.incidentRows(trace, 120)).isEqualTo(26);
        assertThat(ReplayReport.incidents(trace, 120)).isEqualTo(2);
        assertThat(trace.millis(45)).isGreaterThan(200);
    }

    @Test
    void hole_keepsTheLevelBeforeIt() throws IOException {
        LatencyTrace trace = trace("0,0,0", "60,150,0", "120,0,1", "180,90,0");

        assertThat(trace.millis(0)).isEqualTo(150);
        assertThat(trace.millis(2)).isEqualTo(150);
        assertThat(trace.millis(3)).isEqualTo(90);
    }

    @Test
    void clockSetBackWithinTheRecording_keepsTheRowsInOrder() throws IOException {
        LatencyTrace trace = trace("0,1,0", "60,2,0", "30,3,0", "90,4,0");

        assertThat(trace.rows()).isEqualTo(4);
        assertThat(trace.millis(2)).isEqualTo(3);
        assertThat(trace.intervalSeconds()).isEqualTo(30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,1,0", "60,1", "60,1,2", "60,-1,0", "60,NaN,0", "60,1e9,0", "60,1,0,0", "60,x,0"})
    void badLine_isNamed(String line) {
        assertThatExceptionOfType(InvalidScenarioException.class)
                .isThrownBy(() -> trace("0,100,0", line))
                .withMessageContaining("line 3");
    }

    @Test
    void anotherFile_isRefusedByItsHeader() {
        assertThatExceptionOfType(InvalidScenarioException.class)
                .isThrownBy(() -> LatencyTrace.read(new StringReader("root:x:0:0\n")))
                .withMessage("the file's first line is not that of a recording");
    }

    @Test
    void pauses_areAddedToTheRowsTheyLieIn() {
        PausedRows rows = new PausedRows(1_000, 100, 4);

        rows.add(0, 1_010);
        rows.add(1_150, 1_320);
        rows.add(1_390, 9_999);

        assertThat(rows.shares()).containsExactly(0.1, 0.5, 1.0, 0.3);
    }

    @Test
    void score_countsInsideOutsideAndMissed() throws IOException {
        LatencyTrace trace = trace("0,1,0", "1,1,1", "2,1,1", "3,1,0", "4,1,1");

        Score score = Score.of(new double[] {0.5, 0, 1, 0, 0}, trace, 5);

        assertThat(score).isEqualTo(new Score(1, 0.3333, 0.5, 0.25, 1));
        assertThat(Score.of(new double[5], trace, 5)).isEqualTo(new Score(0, 0.0, 0, 0.0, 2));
        assertThat(Score.of(new double[1], trace, 1)).isEqualTo(new Score(0, null, 0, 0.0, 0));
    }

    @Test
    void request_overridesTheProperties(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("x.csv"), LatencyTrace.HEADER + "\n0,100,0\n3600,200,0\n");

        ReplayOptions options =
                ReplayOptions.of(DEFAULTS, Map.of("file", file.toString(), "time-scale", "36000", "factor", "0.5"));

        assertThat(options.rowNanos(options.load())).isEqualTo(100_000_000);
        assertThat(options.factor()).isEqualTo(0.5);
        assertThat(ReplayOptions.of(DEFAULTS, Map.of("rowMillis", "20")).rowNanos(options.load()))
                .isEqualTo(20_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere.csv", "/etc/hostname", "classpath:application.yml", "classpath:no.csv", "\0.csv"})
    void fileThatIsMissingOrNoCsv_isRefused(String file) {
        ReplayOptions options = ReplayOptions.of(DEFAULTS, Map.of("file", file));

        assertThatExceptionOfType(InvalidScenarioException.class)
                .isThrownBy(options::load)
                .withMessageStartingWith("file: there is no such CSV file")
                .satisfies(e -> assertThat(e.allowed()).isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rowMillis=9", "rowMillis=NaN", "time-scale=0", "factor=-1", "factor=much"})
    void badNumber_isRefused(String option) {
        String[] parts = option.split("=", 2);

        assertThatExceptionOfType(InvalidScenarioException.class)
                .isThrownBy(() -> ReplayOptions.of(DEFAULTS, Map.of(parts[0], parts[1])))
                .withMessageStartingWith(parts[0]);
    }

    private static LatencyTrace trace(String... lines) throws IOException {
        return LatencyTrace.read(new StringReader(LatencyTrace.HEADER + "\n" + String.join("\n", lines) + "\n"));
    }
}

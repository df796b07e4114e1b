package io.tradingbreaker.spring.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.SwitchPositions;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2SwitchStoreTests extends AbstractJdbcSwitchStoreTests {

    @TempDir
    Path folder;

    @Override
    String newDatabase() {
        return Pools.inMemory();
    }

    @Test
    void file_isReadBackByAnotherProcess() {
        String file = "jdbc:h2:file:" + folder.resolve("halts");
        try (Pools first = new Pools()) {
            JdbcSwitchStore before = new JdbcSwitchStore(first.to(file, 2), "default", true);
            before.read();
            before.replace(SwitchPositions.NONE, Halts.version(1, "alice"), List.of());
        }

        assertThat(new JdbcSwitchStore(pools.to(file, 2), "default", false).read())
                .isEqualTo(Halts.version(1, "alice"));
    }

    @Test
    void processKilled_losesNoAcknowledgedHalt() throws Exception {
        String file = "jdbc:h2:file:" + folder.resolve("killed") + ";DB_CLOSE_ON_EXIT=FALSE";
        for (int round = 0; round < 3; round++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Halting.class.getName(),
                            file)
                    .redirectError(folder.resolve("killed.log").toFile())
                    .start();
            long acknowledged = 0;
            try (BufferedReader lines = process.inputReader()) {
                for (int i = 0; i < 5; i++) {
                    acknowledged = Long.parseLong(lines.readLine());
                }
                // By its handle: that leaves what it has printed to be read.
                process.toHandle().destroyForcibly();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    acknowledged = Long.parseLong(line);
                }
            }
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();

            try (Pools afterwards = new Pools()) {
                JdbcSwitchStore restarted = new JdbcSwitchStore(afterwards.to(file, 1), "default", false);
                assertThat(restarted.read().version()).isGreaterThanOrEqualTo(acknowledged);
            }
        }
    }
}

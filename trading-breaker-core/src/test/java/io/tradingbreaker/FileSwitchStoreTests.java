package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tradingbreaker.SwitchPositions.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The store in a file. */
class FileSwitchStoreTests {

    private static final SwitchPositions HALTED = new SwitchPositions(
            1,
            null,
            new TreeMap<>(Map.of("node", new Position(BreakerState.HALTED, "fat finger", "alice", Instant.EPOCH))));

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("halts");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void document_isReadBack_alsoByTheNextStore_andOnlyItsOwnerMayReadIt() throws Exception {
        try (FileSwitchStore store = new FileSwitchStore(file)) {
            assertThat(store.read()).isEqualTo(SwitchPositions.NONE);
            assertThat(names()).containsExactly("halts.lock");
            assertThat(store.replace(SwitchPositions.NONE, HALTED, List.of())).isTrue();
            assertThat(store.read()).isEqualTo(HALTED);
            assertThat(store.isShared()).isFalse();
            assertThat(store.description()).isEqualTo("file " + file);
        }
        try (FileSwitchStore store = new FileSwitchStore(file)) {
            assertThat(store.read()).isEqualTo(HALTED);
        }
        assertThat(names()).containsExactly("halts", "halts.lock");
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void otherVersionThanExpected_isNotReplaced() {
        try (FileSwitchStore store = new FileSwitchStore(file)) {
            store.replace(SwitchPositions.NONE, HALTED, List.of());
            assertThat(store.replace(SwitchPositions.NONE, HALTED.at(2), List.of()))
                    .isFalse();
            assertThat(store.read()).isEqualTo(HALTED);
        }
    }

    @Test
    void draftThatWasLeftBehind_isTakenAway() throws Exception {
        Files.writeString(folder.resolve("halts.tmp"), "half a docu");
        try (FileSwitchStore store = new FileSwitchStore(file)) {
            assertThat(store.read()).isEqualTo(SwitchPositions.NONE);
            assertThat(names()).containsExactly("halts.lock");
        }
    }

    static Stream<Map.Entry<byte[], String>> foreign() {
        String text = HALTED.toText();
        return Stream.of(
                Map.entry(new byte[0], "it is empty"),
                Map.entry(text.substring(0, text.length() - 5).getBytes(StandardCharsets.UTF_8), "it is damaged"),
                Map.entry(text.replace("node", "nude").getBytes(StandardCharsets.UTF_8), "it is damaged"),
                Map.entry(
                        text.replace("switch 1", "switch 2").getBytes(StandardCharsets.UTF_8),
                        "written by a newer version?"),
                Map.entry(
                        "[default]\nuser=me".getBytes(StandardCharsets.UTF_8),
                        "it is no store of halts: it begins with '[default]'"),
                Map.entry(new byte[] {(byte) 0xff, 0, 1}, "it is no text in UTF-8"),
                Map.entry(new byte[5 << 20], "it has 5242880 bytes, of at most 4194304"));
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void whatIsNoDocument_isNeitherReadNorOverwritten(Map.Entry<byte[], String> foreign) throws Exception {
        Files.write(file, foreign.getKey());
        try (FileSwitchStore store = new FileSwitchStore(file)) {
            for (Runnable work :
                    List.<Runnable>of(store::read, () -> store.replace(SwitchPositions.NONE, HALTED, List.of()))) {
                assertThatThrownBy(work::run)
                        .isInstanceOf(SwitchStoreException.class)
                        .hasMessageStartingWith(file + ": ")
                        .hasMessageContaining(foreign.getValue())
                        .hasMessageEndingWith("restore it, or move it away to begin with nothing halted");
            }
        }
        assertThat(file).hasBinaryContent(foreign.getKey());
    }

    @Test
    void linkOrFolder_isNoFile() throws Exception {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), HALTED.toText());
        Files.createSymbolicLink(file, elsewhere);
        try (FileSwitchStore store = new FileSwitchStore(file)) {
            assertThatThrownBy(store::read).hasMessageContaining("is no regular file");
            assertThatThrownBy(() -> store.replace(HALTED, HALTED.at(2), List.of()))
                    .hasMessageContaining("is no regular file");
        }
        assertThat(elsewhere).hasContent(HALTED.toText());
        assertThatThrownBy(() -> new FileSwitchStore(folder))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("there is a folder of that name");
        assertThatThrownBy(() -> new FileSwitchStore(folder.resolve("no/halts")))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("must be in a folder that exists");
        assertThatThrownBy(() -> new FileSwitchStore(Path.of("")))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("must be the name of a file");
    }

    @Test
    void secondStore_isRefused_inThisProcessAndInAnother() throws Exception {
        try (FileSwitchStore store = new FileSwitchStore(file)) {
            assertThatThrownBy(() -> new FileSwitchStore(file))
                    .isInstanceOf(SwitchStoreException.class)
                    .hasMessageContaining("in use by this process");
            store.read();
            try (HarnessProcess other = HarnessProcess.of("start", file.toString())) {
                assertThat(other.rest())
                        .anyMatch(line -> line.contains("SwitchStoreException: the store of halts is in use by process "
                                + ProcessHandle.current().pid()));
            }
        }
        try (HarnessProcess other = HarnessProcess.of("operate", file.toString(), "1")) {
            assertThat(other.line()).startsWith("began");
            assertThatThrownBy(() -> new FileSwitchStore(file))
                    .hasMessageContaining("in use by process " + other.pid());
        }
    }

    @Test
    void closedStore_saysSo() {
        FileSwitchStore store = new FileSwitchStore(file);
        store.close();
        store.close();
        assertThatThrownBy(store::read).hasMessageContaining("the store is closed");
    }

    @Test
    void diskThatIsFull_leavesWhatWasStored_andTheHaltsInForce() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "limits the size of files with bash's ulimit");
        List<String> limited = List.of("/bin/bash", "-c", "ulimit -f 1; exec \"$@\"", "limited");
        List<String> said;
        try (HarnessProcess process =
                new HarnessProcess(limited, System.getProperty("java.class.path"), "fill", file.toString())) {
            said = process.rest().stream()
                    .filter(line -> line.matches("b\\d+ .*"))
                    .toList();
        }
        assertThat(said).hasSize(12).allMatch(line -> line.matches("b\\d+ HALTED .*"));
        List<String> stored = said.stream()
                .filter(line -> line.endsWith(" stored"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
        assertThat(stored).hasSizeBetween(1, 5);
        assertThat(said.get(11)).contains("halted, but not stored: " + file + " cannot be written: ", "File too large");
        try (FileSwitchStore store = new FileSwitchStore(file)) {
            assertThat(store.read().breakers().keySet()).containsExactlyElementsOf(stored);
        }
        assertThat(names()).doesNotContain("halts.tmp");
    }

    @Test
    void folderThatIsReadOnly_leavesTheHaltInForce_andIsTriedAgain() throws Exception {
        try (Unprivileged user = new Unprivileged()) {
            List<String> said = user.run("lock-out", "halts");
            assertThat(said).contains("a HALTED stored", "pending true", "stored");
            assertThat(said)
                    .anyMatch(line -> line.startsWith("b HALTED halted, but not stored: ")
                            && line.contains("AccessDeniedException"));
            assertThat(user.run("start", "halts")).contains("began a,b");
        }
    }

    @Test
    void folderThatIsReadOnlyAtTheStart_haltsEveryBreaker() throws Exception {
        try (Unprivileged user = new Unprivileged()) {
            user.lockOut();
            List<String> said = user.run("start", "halts");
            assertThat(said).contains("began a,b,c,d,trading");
            assertThat(said)
                    .anyMatch(line -> line.contains(": the store of halts cannot be read: ")
                            && line.contains("AccessDeniedException"));
        }
    }
}

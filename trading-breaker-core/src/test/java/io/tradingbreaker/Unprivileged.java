package io.tradingbreaker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs {@link StoreHarness} as a user whom permissions concern: as who runs the tests, or as nobody if that is root. Has a
 * folder for its store, and a copy of the class path that anybody may read.
 */
final class Unprivileged implements AutoCloseable {

    private static final String SETPRIV = "/usr/bin/setpriv";
    private static final int NOBODY = 65_534;

    private final Path folder = Files.createTempDirectory("unprivileged");
    private final Path own = Files.createDirectory(folder.resolve("own"));
    private final boolean isRoot = (int) Files.getAttribute(folder, "unix:uid") == 0;
    private final String classPath;

    Unprivileged() throws IOException {
        assumeTrue(
                !isRoot || Files.isExecutable(Path.of(SETPRIV)),
                "root may write anywhere, and there is no setpriv to become nobody with");
        if (!isRoot) {
            classPath = System.getProperty("java.class.path");
            return;
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(own, "unix:uid", NOBODY);
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            copies.add(copy(Path.of(entry), folder.resolve("" + copies.size())).toString());
        }
        classPath = String.join(File.pathSeparator, copies);
    }

    private static Path copy(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            Path jar = to.resolveSibling(to.getFileName() + ".jar");
            Files.copy(from, jar);
            Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
            return jar;
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.copy(file, copy);
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        return to;
    }

    /** Forbids everybody to write in the folder. */
    void lockOut() throws IOException {
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("r-xr-xr-x"));
    }

    /** What the harness says. */
    List<String> run(String what, String file) throws IOException {
        List<String> asNobody =
                isRoot ? List.of(SETPRIV, "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups") : List.of();
        try (HarnessProcess process =
                new HarnessProcess(asNobody, classPath, what, own.resolve(file).toString())) {
            return process.rest();
        }
    }

    @Override
    public void close() throws IOException {
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

package io.tradingbreaker.spring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** A real PostgreSQL on loopback, in a folder of its own, for all tests of this process; tests are skipped without one. */
final class PostgresServer {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));

    /** PostgreSQL refuses to run as root; this one comes with its package. */
    private static final String USER = "postgres";

    private static PostgresServer shared;

    private final Path folder;
    private final Process process;
    private final int port;
    private int databases;

    private PostgresServer(Path programs) throws Exception {
        folder = Files.createTempDirectory("trading-breaker-postgres");
        if (IS_ROOT) {
            run(List.of("chown", USER, folder.toString()));
        }
        run(asUser(
                programs.resolve("initdb").toString(),
                "-D",
                folder + "/data",
                "-U",
                "desk",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync"));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        process = new ProcessBuilder(asUser(
                        programs.resolve("postgres").toString(),
                        "-D",
                        folder + "/data",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-k",
                        folder.toString(),
                        "-c",
                        "fsync=off",
                        "-c",
                        "shared_buffers=16MB"))
                .redirectErrorStream(true)
                .redirectOutput(log())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            connect("postgres").close();
            return true;
        });
    }

    /** Skips the test where there is none. */
    static synchronized PostgresServer shared() {
        Optional<Path> programs = programs();
        assumeTrue(
                programs.isPresent(), "PostgreSQL is not installed: no initdb on the PATH or in /usr/lib/postgresql");
        if (shared == null) {
            try {
                shared = new PostgresServer(programs.get());
            } catch (Exception e) {
                throw new IllegalStateException("PostgreSQL does not start", e);
            }
        }
        return shared;
    }

    int port() {
        return port;
    }

    /** A new database without tables; gives its name. */
    synchronized String newDatabase(String options) {
        String name = "desk_" + ++databases;
        execute("postgres", "CREATE DATABASE " + name + " " + options);
        return name;
    }

    void execute(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(port, database), "desk", "");
    }

    private static Optional<Path> programs() {
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(File.pathSeparator))
                                .map(Path::of),
                        debian())
                .map(folder -> folder.resolve("initdb"))
                .filter(Files::isExecutable)
                .map(PostgresServer::real)
                .map(Path::getParent)
                .filter(folder -> Files.isExecutable(folder.resolve("postgres")))
                .findFirst();
    }

    private static Stream<Path> debian() {
        File[] versions = new File("/usr/lib/postgresql").listFiles();
        return versions == null
                ? Stream.of()
                : Stream.of(versions).map(version -> version.toPath().resolve("bin"));
    }

    private static Path real(Path program) {
        try {
            return program.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> asUser(String... command) {
        List<String> whole = new ArrayList<>();
        if (IS_ROOT) {
            whole.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
        }
        whole.addAll(List.of(command));
        return whole;
    }

    private File log() {
        return folder.resolve("log").toFile();
    }

    private void run(List<String> command) throws Exception {
        Process program = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log())
                .start();
        assertThat(program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).as(Files.readString(log().toPath())).isZero();
    }

    private void stop() {
        try {
            // At once; whoever is connected is thrown out.
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
            process.waitFor(5, TimeUnit.SECONDS);
            process.destroyForcibly();
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
        }
    }
}

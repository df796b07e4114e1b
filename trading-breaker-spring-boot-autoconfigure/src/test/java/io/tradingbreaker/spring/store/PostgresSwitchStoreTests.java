package io.tradingbreaker.spring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.tradingbreaker.SwitchPositions;
import io.tradingbreaker.SwitchStoreException;
import io.tradingbreaker.spring.Line;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same on a real PostgreSQL, and what only a server can do. */
class PostgresSwitchStoreTests extends AbstractJdbcSwitchStoreTests {

    private final PostgresServer server = PostgresServer.shared();
    private String database;

    @Override
    String newDatabase() {
        database = server.newDatabase("");
        return PostgresServer.url(server.port(), database);
    }

    @Test
    void noServer_isRefused() throws IOException {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        JdbcSwitchStore store = new JdbcSwitchStore(pools.to(PostgresServer.url(nobody, "desk"), 1), "default", true);

        assertThatThrownBy(store::read)
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageMatching("the database cannot be used: .*127.0.0.1:" + nobody + " refused.*");
    }

    @Test
    void lineThatSwallowsAll_isGivenUpAndLaterAnotherIsTaken() throws IOException {
        store.read();
        try (Line line = new Line(server.port())) {
            HikariDataSource one = pools.to(PostgresServer.url(line.port(), database), 1);
            JdbcSwitchStore far = new JdbcSwitchStore(one, "default", false);
            far.read();
            line.cut();

            long begin = System.nanoTime();
            assertThatThrownBy(() -> far.replace(SwitchPositions.NONE, Halts.version(1, "alice"), Halts.all("alice")))
                    .isInstanceOf(SwitchStoreException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(60));

            line.mend();
            assertThat(far.read()).isEqualTo(SwitchPositions.NONE);
        }
    }

    @Test
    void userWhoMayNotWrite_isToldAtTheFirstReading() {
        store.read();
        server.execute(database, "CREATE ROLE " + database + "_reader LOGIN");
        server.execute(database, "GRANT SELECT, INSERT, UPDATE ON trading_breaker_switch TO " + database + "_reader");
        JdbcSwitchStore reader = new JdbcSwitchStore(as(database + "_reader"), "default", true);

        assertThatThrownBy(reader::read)
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageContainingAll(
                        "INSERT on trading_breaker_switch_audit",
                        "permission denied for table trading_breaker_switch_audit");

        server.execute(database, "GRANT INSERT ON trading_breaker_switch_audit TO " + database + "_reader");
        assertThat(reader.read()).isEqualTo(SwitchPositions.NONE);
        assertThat(reader.replace(SwitchPositions.NONE, Halts.version(1, "alice"), Halts.all("alice")))
                .as("that is all it takes")
                .isTrue();
        assertThat(reader.replace(Halts.version(1, "alice"), Halts.version(2, "bob"), Halts.all("bob")))
                .isTrue();
    }

    @Test
    void userWhoMayCreateNothing_isTold() {
        server.execute(database, "CREATE ROLE " + database + "_guest LOGIN");

        assertThatThrownBy(() -> new JdbcSwitchStore(as(database + "_guest"), "default", true).read())
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageContainingAll("the tables cannot be created", "permission denied for schema public");
    }

    @Test
    void readOnlyDatabase_isToldAtTheFirstReading() {
        store.read();
        server.execute(database, "ALTER DATABASE " + database + " SET default_transaction_read_only = on");

        assertThatThrownBy(() -> new JdbcSwitchStore(pools.to(url, 1), "default", true).read())
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageContaining("read-only transaction");
    }

    @Test
    void databaseThatCannotKeepAnyLetter_isToldAtTheFirstReading() {
        String latin = server.newDatabase("ENCODING 'LATIN1' TEMPLATE template0");
        JdbcSwitchStore store =
                new JdbcSwitchStore(pools.to(PostgresServer.url(server.port(), latin), 1), "default", true);

        assertThatThrownBy(store::read).isInstanceOf(SwitchStoreException.class).hasMessageContaining("LATIN1");
    }

    @Test
    void strictIsolation_isALostRaceLikeAnyOther() throws Exception {
        store.read();
        server.execute(database, "ALTER DATABASE " + database + " SET default_transaction_isolation = 'serializable'");
        HikariDataSource strict = pools.to(url, 8);
        JdbcSwitchStore shared = new JdbcSwitchStore(strict, "default", false);
        shared.replace(SwitchPositions.NONE, Halts.version(1, "alice"), List.of());

        for (long version = 1; version < 20; version++) {
            SwitchPositions seen = shared.read();
            List<Boolean> written = atOnce(
                    4, i -> shared.replace(seen, Halts.version(seen.version() + 1, "desk" + i), Halts.all("desk" + i)));
            assertThat(written).containsOnlyOnce(true);
        }
    }

    private HikariDataSource as(String role) {
        HikariDataSource pool = pools.to(url, 1);
        pool.setUsername(role);
        return pool;
    }
}

package io.tradingbreaker.spring.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.Rule;
import io.tradingbreaker.SwitchPositions;
import io.tradingbreaker.SwitchPositions.Position;
import io.tradingbreaker.SwitchStore.Change;
import io.tradingbreaker.SwitchStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What holds for the store on every database. */
abstract class AbstractJdbcSwitchStoreTests {

    final Pools pools = new Pools();
    String url;
    HikariDataSource pool;
    JdbcTemplate sql;
    JdbcSwitchStore store;

    /** The address of a new database without tables. */
    abstract String newDatabase();

    @BeforeEach
    void connect() {
        url = newDatabase();
        pool = pools.to(url, 8);
        sql = new JdbcTemplate(pool);
        store = new JdbcSwitchStore(pool, "default", true);
    }

    @AfterEach
    void disconnect() {
        pools.close();
    }

    @Test
    void nothingWritten_readsNone() {
        assertThat(store.read()).isEqualTo(SwitchPositions.NONE);
        assertThat(audited()).isEmpty();
        assertThat(count("trading_breaker_switch")).isZero();
    }

    @Test
    void manyBreakersInAnyLetters_areReadBackByAnother() {
        TreeMap<String, Position> breakers = new TreeMap<>();
        for (int i = 0; i < 1000; i++) {
            breakers.put(
                    "node-" + i,
                    new Position(
                            BreakerState.HALTED, "\ud83d\uded1 \u505c\u6b62 \\ ' \" %s ".repeat(12), "Jörg", Halts.AT));
        }
        SwitchPositions positions = new SwitchPositions(1, null, breakers);
        store.read();
        assertThat(store.replace(SwitchPositions.NONE, positions, List.of())).isTrue();

        assertThat(new JdbcSwitchStore(pool, "default", false).read()).isEqualTo(positions);
    }

    @Test
    void staleVersion_writesNothing() {
        store.read();
        assertThat(store.replace(SwitchPositions.NONE, Halts.version(1, "alice"), Halts.all("alice")))
                .isTrue();
        assertThat(store.replace(Halts.version(1, "alice"), Halts.version(2, "bob"), Halts.all("bob")))
                .isTrue();

        assertThat(store.replace(Halts.version(1, "alice"), Halts.version(3, "carol"), Halts.all("carol")))
                .isFalse();
        assertThat(store.replace(SwitchPositions.NONE, Halts.version(3, "carol"), Halts.all("carol")))
                .isFalse();

        assertThat(store.read()).isEqualTo(Halts.version(2, "bob"));
        assertThat(audited()).containsExactly("alice", "bob");
    }

    @Test
    void changes_areAuditedWithTheirVersion() {
        store.read();
        Position resumed = new Position(BreakerState.CLOSED, "checked", null, Halts.AT);
        store.replace(
                SwitchPositions.NONE,
                Halts.version(1, "alice"),
                List.of(new Change(Rule.HALT, null, Halts.by("alice")), new Change(Rule.RESUME, "node", resumed)));

        assertThat(sql.queryForList(
                        "SELECT version || ' ' || switch_name || ' ' || action || ' ' || coalesce(breaker, 'all') || ' by '"
                                + " || coalesce(actor, 'nobody') || ': ' || reason"
                                + " FROM trading_breaker_switch_audit ORDER BY id",
                        String.class))
                .containsExactly("1 default halt all by alice: fat finger", "1 default resume node by nobody: checked");
        assertThat(sql.queryForObject("SELECT max(changed_at) FROM trading_breaker_switch_audit", OffsetDateTime.class))
                .isEqualTo(Halts.AT.atOffset(ZoneOffset.UTC));
        assertThat(sql.queryForObject("SELECT max(instance) FROM trading_breaker_switch_audit", String.class))
                .endsWith(" (" + ProcessHandle.current().pid() + ")");
    }

    @Test
    void auditFails_nothingIsWritten() {
        store.read();
        sql.execute("DROP TABLE trading_breaker_switch_audit");

        assertThatThrownBy(() -> store.replace(SwitchPositions.NONE, Halts.version(1, "alice"), Halts.all("alice")))
                .isInstanceOf(SwitchStoreException.class);

        assertThat(count("trading_breaker_switch")).isZero();
    }

    @Test
    void firstWriteByMany_isOnes() throws Exception {
        store.read();

        List<Boolean> written = atOnce(
                8,
                i -> new JdbcSwitchStore(pool, "default", false)
                        .replace(SwitchPositions.NONE, Halts.version(1, "desk" + i), Halts.all("desk" + i)));

        assertThat(written).containsOnlyOnce(true);
        assertThat(audited()).hasSize(1);
        assertThat(store.read()).isEqualTo(Halts.version(1, audited().get(0)));
    }

    @Test
    void everyVersionByMany_isOnes() throws Exception {
        store.read();

        List<Integer> wins = atOnce(4, i -> {
            int won = 0;
            for (int attempt = 0; attempt < 50; attempt++) {
                SwitchPositions seen = store.read();
                boolean isMine =
                        store.replace(seen, Halts.version(seen.version() + 1, "desk" + i), Halts.all("desk" + i));
                won += isMine ? 1 : 0;
            }
            return won;
        });

        int all = wins.stream().mapToInt(Integer::intValue).sum();
        assertThat(all).isGreaterThanOrEqualTo(50);
        assertThat(store.read().version()).isEqualTo(all);
        assertThat(sql.queryForList("SELECT version FROM trading_breaker_switch_audit", Long.class))
                .hasSize(all)
                .doesNotHaveDuplicates();
    }

    @Test
    void otherName_isAnotherSwitch() {
        store.read();
        store.replace(SwitchPositions.NONE, Halts.version(1, "alice"), Halts.all("alice"));

        JdbcSwitchStore other = new JdbcSwitchStore(pool, "backtests", false);

        assertThat(other.read()).isEqualTo(SwitchPositions.NONE);
        assertThat(other.replace(SwitchPositions.NONE, Halts.version(1, "bob"), List.of()))
                .isTrue();
        assertThat(store.read()).isEqualTo(Halts.version(1, "alice"));
    }

    @Test
    void badName_isRefused() {
        assertThatThrownBy(() -> new JdbcSwitchStore(pool, "Desk 1", false))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage("store.switch-name is Desk 1, but must match [a-z][a-z0-9-]{0,62}");
    }

    @Test
    void tablesMissing_areAskedForAndNotMade() {
        JdbcSwitchStore unasked = new JdbcSwitchStore(pool, "default", false);

        assertThatThrownBy(unasked::read)
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageContainingAll(
                        "a table is missing",
                        "schema-postgresql.sql",
                        "trading-breaker.store.initialize-schema to always")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(unasked::read).isInstanceOf(SwitchStoreException.class);

        store.read();
        assertThat(unasked.read()).isEqualTo(SwitchPositions.NONE);
    }

    @Test
    void oneTableMissing_isMade() {
        store.read();
        store.replace(SwitchPositions.NONE, Halts.version(1, "alice"), List.of());
        sql.execute("DROP TABLE trading_breaker_switch_audit");

        assertThat(new JdbcSwitchStore(pool, "default", true).read()).isEqualTo(Halts.version(1, "alice"));
    }

    @Test
    void tablesMadeByManyAtOnce_allRead() throws Exception {
        List<SwitchPositions> read = atOnce(6, i -> new JdbcSwitchStore(pool, "default", true).read());

        assertThat(read).containsOnly(SwitchPositions.NONE);
    }

    @Test
    void foreignDocument_isRefusedAndKept() {
        store.read();
        for (String document : List.of("", "{\"halted\": true}", "trading-breaker-switch 99\ncrc32c 0\n")) {
            sql.update("DELETE FROM trading_breaker_switch");
            sql.update("INSERT INTO trading_breaker_switch VALUES ('default', 1, ?)", document);

            assertThatThrownBy(store::read)
                    .isInstanceOf(SwitchStoreException.class)
                    .hasMessageStartingWith("switch 'default' in table trading_breaker_switch: it ");
            assertThat(store.replace(SwitchPositions.NONE, Halts.version(1, "alice"), List.of()))
                    .isFalse();
        }
    }

    @Test
    void hugeDocument_isNotReadWhole() {
        store.read();
        sql.update("INSERT INTO trading_breaker_switch VALUES ('default', 1, ?)", "x".repeat(10 << 20));

        assertThatThrownBy(store::read).hasMessageContaining("it has 4194305 characters, of at most 4194304");
    }

    @Test
    void versionChangedByHand_isRefused() {
        store.read();
        store.replace(SwitchPositions.NONE, Halts.version(1, "alice"), List.of());
        sql.update("UPDATE trading_breaker_switch SET version = 7");

        assertThatThrownBy(store::read)
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageContaining("the row has version 7, the document in it 1");
    }

    @Test
    void connections_areGivenBackAsTheyWere() throws SQLException {
        HikariDataSource one = pools.to(url, 1);
        try (Connection connection = one.getConnection()) {
            SingleConnectionDataSource same = new SingleConnectionDataSource(connection, true);
            connection.setNetworkTimeout(Runnable::run, 60_000);
            int networkMillis = connection.getNetworkTimeout();
            JdbcSwitchStore onIt = new JdbcSwitchStore(same, "default", true);
            onIt.read();
            onIt.replace(SwitchPositions.NONE, Halts.version(1, "alice"), Halts.all("alice"));
            onIt.replace(SwitchPositions.NONE, Halts.version(1, "alice"), Halts.all("alice"));
            connection.createStatement().execute("DROP TABLE trading_breaker_switch_audit");
            assertThatThrownBy(() ->
                            onIt.replace(Halts.version(1, "alice"), Halts.version(2, "alice"), Halts.all("alice")))
                    .isInstanceOf(SwitchStoreException.class);

            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(connection.getNetworkTimeout()).isEqualTo(networkMillis);
            assertThat(connection.createStatement().getQueryTimeout()).isZero();
        }
    }

    @Test
    void noFreeConnection_failsAndLaterWorks() throws SQLException {
        HikariDataSource one = pools.to(url, 1);
        JdbcSwitchStore onIt = new JdbcSwitchStore(one, "default", true);
        try (Connection busy = one.getConnection()) {
            assertThat(busy.isValid(1)).isTrue();
            assertThatThrownBy(onIt::read)
                    .isInstanceOf(SwitchStoreException.class)
                    .hasMessageContaining("Connection is not available");
        }
        assertThat(onIt.read()).isEqualTo(SwitchPositions.NONE);
    }

    @Test
    void rowLocked_givesUpAndLaterWorks() throws SQLException {
        store.read();
        store.replace(SwitchPositions.NONE, Halts.version(1, "alice"), List.of());
        try (Connection other = pool.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("SELECT * FROM trading_breaker_switch FOR UPDATE");

            long begin = System.nanoTime();
            assertThatThrownBy(
                            () -> store.replace(Halts.version(1, "alice"), Halts.version(2, "bob"), Halts.all("bob")))
                    .isInstanceOf(SwitchStoreException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(60));
            assertThat(store.read()).as("reading waits for nobody").isEqualTo(Halts.version(1, "alice"));
            other.rollback();
            other.setAutoCommit(true);
        }
        assertThat(store.replace(Halts.version(1, "alice"), Halts.version(2, "bob"), List.of()))
                .isTrue();
    }

    @Test
    void commitThatWasMadeButNotConfirmed_isStored() {
        store.read();
        LostCommits lost = new LostCommits(pool, true);
        JdbcSwitchStore shaky = new JdbcSwitchStore(lost, "default", false);

        assertThat(shaky.replace(SwitchPositions.NONE, Halts.version(1, "alice"), Halts.all("alice")))
                .isTrue();

        assertThat(lost.lost()).isPositive();
        assertThat(store.read()).isEqualTo(Halts.version(1, "alice"));
        assertThat(audited()).containsExactly("alice");
    }

    @Test
    void commitThatWasNotMade_failsAndNothingIsWritten() {
        store.read();
        JdbcSwitchStore shaky = new JdbcSwitchStore(new LostCommits(pool, false), "default", false);

        assertThatThrownBy(() -> shaky.replace(SwitchPositions.NONE, Halts.version(1, "alice"), Halts.all("alice")))
                .isInstanceOf(SwitchStoreException.class)
                .hasMessage("the database has not confirmed what was written: the line is dead");

        assertThat(store.read()).isEqualTo(SwitchPositions.NONE);
        assertThat(audited()).isEmpty();
    }

    List<String> audited() {
        return sql.queryForList("SELECT actor FROM trading_breaker_switch_audit ORDER BY id", String.class);
    }

    private long count(String table) {
        return sql.queryForObject("SELECT count(*) FROM " + table, Long.class);
    }

    static <T> List<T> atOnce(int threads, Part<T> part) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<T>> results = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                Callable<T> task = () -> {
                    start.await(30, TimeUnit.SECONDS);
                    return part.run(number);
                };
                results.add(executor.submit(task));
            }
            List<T> all = new ArrayList<>();
            for (Future<T> result : results) {
                all.add(result.get(60, TimeUnit.SECONDS));
            }
            return all;
        } finally {
            executor.shutdownNow();
        }
    }

    interface Part<T> {
        T run(int number) throws Exception;
    }
}

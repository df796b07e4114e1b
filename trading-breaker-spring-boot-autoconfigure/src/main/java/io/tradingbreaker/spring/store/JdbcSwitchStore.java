package io.tradingbreaker.spring.store;

import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.SwitchPositions;
import io.tradingbreaker.SwitchStore;
import io.tradingbreaker.SwitchStoreException;
import io.tradingbreaker.spring.store.ShortTransactions.UnknownOutcomeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * Keeps halts in a row of a database, which several instances of a service may share, and adds to a second table who did
 * what. Both are written in one transaction, never in the caller's, and only by who has seen the row's version.
 *
 * <p>The tables are those of {@code schema-h2.sql} and {@code schema-postgresql.sql} beside this class. Before the first
 * reading it is tried whether they can be written to as well, and nothing is left of that: a halt must not be the first
 * to find out. Thread-safe.
 */
@ImportRuntimeHints(ScriptHints.class)
public final class JdbcSwitchStore implements SwitchStore {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    // More than a document may have: of something foreign, not the whole is read.
    private static final int LONGEST = (4 << 20) + 1;

    private static final String READ =
            "SELECT version, SUBSTRING(document FROM 1 FOR " + LONGEST + ") FROM trading_breaker_switch WHERE name = ?";
    // Waits for a transaction that is about to change the row.
    private static final String READ_AT_REST = READ + " FOR UPDATE";
    private static final String INSERT =
            "INSERT INTO trading_breaker_switch (version, document, name) VALUES (?, ?, ?)";
    private static final String UPDATE =
            "UPDATE trading_breaker_switch SET version = ?, document = ? WHERE name = ? AND version = ?";

    private final ShortTransactions transactions;
    private final String name;
    private final boolean createsTables;
    private volatile boolean isTriedOut;

    /**
     * @param name whose halts these are, where services share a database but not their halts
     * @param createsTables whether tables that are missing are created
     * @throws InvalidConfigException for a name that is none
     */
    public JdbcSwitchStore(DataSource dataSource, String name, boolean createsTables) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidConfigException("store.switch-name", name, "must match " + NAME);
        }
        transactions = new ShortTransactions(dataSource);
        this.name = name;
        this.createsTables = createsTables;
    }

    @Override
    public SwitchPositions read() {
        try {
            if (!isTriedOut) {
                tryOut();
                isTriedOut = true;
            }
            return read(READ);
        } catch (SQLException e) {
            throw SqlFailure.of("the database cannot be read", e);
        }
    }

    private SwitchPositions read(String sql) throws SQLException {
        return transactions
                .takeBack(connection ->
                        Statements.first(connection, sql, row -> new Row(row.getLong(1), row.getString(2)), name))
                .map(this::positions)
                .orElse(SwitchPositions.NONE);
    }

    private void tryOut() throws SQLException {
        try {
            transactions.takeBack(SwitchTables::tryOut);
        } catch (SQLException e) {
            if (!createsTables || !SqlFailure.isMissingTable(e)) {
                throw SqlFailure.of("the database cannot be used", e);
            }
            createTables();
        }
    }

    private void createTables() throws SQLException {
        SQLException failure = null;
        try {
            transactions.commit(SwitchTables::create);
        } catch (SQLException e) {
            failure = e;
        }
        try {
            transactions.takeBack(SwitchTables::tryOut);
        } catch (SQLException e) {
            // Not the former where another instance has been faster.
            throw SqlFailure.of("the tables cannot be created", failure == null ? e : failure);
        }
    }

    private SwitchPositions positions(Row row) {
        SwitchPositions positions;
        try {
            positions = SwitchPositions.parse(row.document);
        } catch (SwitchStoreException e) {
            throw new SwitchStoreException(description() + ": " + e.getMessage(), e);
        }
        if (positions.version() != row.version) {
            throw new SwitchStoreException(description() + ": the row has version " + row.version
                    + ", the document in it " + positions.version() + ": was it changed by hand?");
        }
        return positions;
    }

    @Override
    public boolean replace(SwitchPositions expected, SwitchPositions next, List<Change> changes) {
        String document = next.toText();
        try {
            return transactions.commit(connection -> {
                boolean isReplaced = isReplaced(connection, expected.version(), next.version(), document);
                if (isReplaced) {
                    SwitchTables.audit(connection, name, next.version(), changes);
                }
                return isReplaced;
            });
        } catch (SQLException e) {
            if (SqlFailure.isOvertaken(e)) {
                return false;
            }
            if (e instanceof UnknownOutcomeException unknown) {
                return isStored(next, unknown);
            }
            throw SqlFailure.of("the database cannot be written", e);
        }
    }

    private boolean isStored(SwitchPositions next, UnknownOutcomeException unknown) {
        try {
            if (read(READ_AT_REST).equals(next)) {
                return true;
            }
        } catch (SQLException | SwitchStoreException e) {
            unknown.addSuppressed(e);
        }
        throw SqlFailure.of("the database has not confirmed what was written", unknown);
    }

    private boolean isReplaced(Connection connection, long expected, long version, String document)
            throws SQLException {
        try {
            int rows = expected == 0
                    ? Statements.update(connection, INSERT, version, document, name)
                    : Statements.update(connection, UPDATE, version, document, name, expected);
            return rows == 1;
        } catch (SQLException e) {
            if (SqlFailure.isTaken(e)) {
                connection.rollback();
                return false;
            }
            throw e;
        }
    }

    @Override
    public String description() {
        return "switch '" + name + "' in table trading_breaker_switch";
    }

    private record Row(long version, String document) {}
}

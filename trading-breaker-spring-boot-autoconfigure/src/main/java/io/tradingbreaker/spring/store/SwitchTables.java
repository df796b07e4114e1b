package io.tradingbreaker.spring.store;

import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Rule;
import io.tradingbreaker.SwitchPositions.Position;
import io.tradingbreaker.SwitchStore.Change;
import io.tradingbreaker.SwitchStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.datasource.init.ScriptException;

/** The tables of switches and of their audit: whether they can be written, and rows of the latter. */
final class SwitchTables {

    private static final String UPDATE_NONE = "UPDATE trading_breaker_switch SET version = version WHERE 1 = 0";
    private static final String INSERT_NONE = "INSERT INTO trading_breaker_switch (name, version, document)"
            + " SELECT name, version, document FROM trading_breaker_switch WHERE 1 = 0";
    private static final String AUDIT = "INSERT INTO trading_breaker_switch_audit"
            + " (switch_name, version, changed_at, instance, actor, action, breaker, reason)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

    // A database that cannot keep these letters would refuse the halt of whoever has them in his name.
    private static final String ANY_LETTERS = "\u00df \u0416 \u6b62 \ud83d\uded1";
    private static final Change HALT_OF_ALL =
            new Change(Rule.HALT, null, new Position(BreakerState.HALTED, ANY_LETTERS, ANY_LETTERS, Instant.EPOCH));

    private SwitchTables() {}

    /** Tries whether all can be written that ever may be. To be taken back. */
    static boolean tryOut(Connection connection) throws SQLException {
        Dialect.of(connection).sync(connection);
        Statements.update(connection, UPDATE_NONE);
        Statements.update(connection, INSERT_NONE);
        audit(connection, "none", 0, List.of(HALT_OF_ALL));
        return true;
    }

    /** Creates those that are missing. */
    static boolean create(Connection connection) throws SQLException {
        String script = Dialect.of(connection).script();
        if (script == null) {
            throw new SwitchStoreException("there is no script that creates the tables in "
                    + SqlFailure.line(connection.getMetaData().getDatabaseProductName())
                    + ", only for H2 and PostgreSQL: create them by hand");
        }
        try {
            new ResourceDatabasePopulator(new ClassPathResource(script, SwitchTables.class)).populate(connection);
        } catch (ScriptException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw e;
        }
        return true;
    }

    /** Adds a row for each change. */
    static void audit(Connection connection, String switchName, long version, List<Change> changes)
            throws SQLException {
        for (Change change : changes) {
            Position position = change.position();
            Statements.update(
                    connection,
                    AUDIT,
                    switchName,
                    version,
                    position.at().atOffset(ZoneOffset.UTC),
                    ThisProcess.NAME,
                    position.actor(),
                    change.rule().code(),
                    change.breaker(),
                    position.reason());
        }
    }
}

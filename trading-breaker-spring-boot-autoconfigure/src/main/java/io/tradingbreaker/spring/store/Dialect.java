package io.tradingbreaker.spring.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** What differs from one database to another. */
enum Dialect {
    /** Limits waiting for locks by itself, and brings a commit to disk some time later. */
    H2("schema-h2.sql", null, "CHECKPOINT SYNC"),

    /** The driver's own limit would ask for the end of a statement on another connection, and wait for that. */
    POSTGRESQL("schema-postgresql.sql", "SET LOCAL statement_timeout = '3s'", null),

    /** One that nothing is known of. */
    OTHER(null, null, null);

    private final @Nullable String script;
    private final @Nullable String limit;
    private final @Nullable String sync;

    Dialect(@Nullable String script, @Nullable String limit, @Nullable String sync) {
        this.script = script;
        this.limit = limit;
        this.sync = sync;
    }

    static Dialect of(Connection connection) throws SQLException {
        return switch (connection.getMetaData().getDatabaseProductName()) {
            case "H2" -> H2;
            case "PostgreSQL" -> POSTGRESQL;
            default -> OTHER;
        };
    }

    /** The script beside this class that creates the tables; null if there is none. */
    @Nullable
    String script() {
        return script;
    }

    /** Has each statement of a transaction that begins given up after 3 s. */
    void limitStatements(Connection connection) throws SQLException {
        execute(connection, limit);
    }

    /** Brings to disk what is committed, where the commit does not. */
    void sync(Connection connection) throws SQLException {
        execute(connection, sync);
    }

    private static void execute(Connection connection, @Nullable String sql) throws SQLException {
        if (sql != null) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}

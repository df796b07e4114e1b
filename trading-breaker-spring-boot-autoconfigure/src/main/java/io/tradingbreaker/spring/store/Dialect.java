package io.tradingbreaker.spring.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** What differs from one database to another. */
enum Dialect {
    /** Brings a commit to disk some time later, unless it is told to do so now. */
    H2("schema-h2.sql") {
        @Override
        void makeDurable(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CHECKPOINT SYNC");
            }
        }
    },

    POSTGRESQL("schema-postgresql.sql"),

    /** One that nothing is known of. */
    OTHER(null);

    private final @Nullable String script;

    Dialect(@Nullable String script) {
        this.script = script;
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

    /** Brings what is committed to disk. */
    void makeDurable(Connection connection) throws SQLException {}
}

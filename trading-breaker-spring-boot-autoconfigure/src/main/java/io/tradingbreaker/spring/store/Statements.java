package io.tradingbreaker.spring.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements, each of which is cancelled if it takes longer than 3 s. */
final class Statements {

    private static final int LONGEST_SECONDS = 3;

    private Statements() {}

    /** The number of rows that were changed. */
    static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        return run(connection, sql, statement -> {
            set(statement, values);
            return statement.executeUpdate();
        });
    }

    /** What is read from the first row, if there is one. */
    static <T> Optional<T> first(Connection connection, String sql, Reading<T> reading, Object... values)
            throws SQLException {
        return run(connection, sql, statement -> {
            set(statement, values);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(reading.of(rows)) : Optional.empty();
            }
        });
    }

    private static <T> T run(Connection connection, String sql, Use<T> use)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            // H2 keeps it for the connection's later statements, which may be somebody else's.
            int before = statement.getQueryTimeout();
            statement.setQueryTimeout(LONGEST_SECONDS);
            try {
                return use.of(statement);
            } finally {
                ShortTransactions.quietly(() -> statement.setQueryTimeout(before));
            }
        }
    }

    private static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    /** Reads a row. */
    interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }
}

package io.tradingbreaker.spring.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import javax.sql.DataSource;

/**
 * Work on a database, each piece on a connection and in a transaction of its own. None waits longer than 4 s for any
 * answer of the database; for a free connection it waits as long as the pool lets it. What a connection is changed in is changed
 * back, for whom a pool gives it to next. Thread-safe.
 */
final class ShortTransactions {

    private static final int NETWORK_MILLIS = 4_000;

    private final DataSource dataSource;

    ShortTransactions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Does all of the work, so that it is on disk, or nothing.
     *
     * @throws UnknownOutcomeException if it may be either
     */
    <T> T commit(Work<T> work) throws SQLException {
        return run(connection -> {
            T result = work.on(connection);
            try {
                connection.commit();
            } catch (SQLException e) {
                throw new UnknownOutcomeException(e);
            }
            Dialect.of(connection).sync(connection);
            return result;
        });
    }

    /** Does the work and takes back what it has changed. */
    <T> T takeBack(Work<T> work) throws SQLException {
        return run(connection -> {
            T result = work.on(connection);
            connection.rollback();
            return result;
        });
    }

    private <T> T run(Work<T> work) throws SQLException {
        Connection connection = connect();
        try {
            int networkMillis = limitNetwork(connection);
            boolean isAutoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            boolean isOver = false;
            try {
                Dialect.of(connection).limitStatements(connection);
                T result = work.on(connection);
                isOver = true;
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                isOver = isRolledBack(connection, e);
                throw e;
            } finally {
                // Where the transaction may still be open, this would commit it.
                if (isOver) {
                    quietly(() -> connection.setAutoCommit(isAutoCommit));
                    quietly(() -> connection.setNetworkTimeout(Runnable::run, networkMillis));
                }
            }
        } finally {
            quietly(connection::close);
        }
    }

    private Connection connect() throws SQLException {
        try {
            return dataSource.getConnection();
        } catch (RuntimeException e) {
            // Pools throw such while they have never had a connection.
            throw new SQLException(e.getMessage(), e);
        }
    }

    /** Gives back the limit there was before. */
    private static int limitNetwork(Connection connection) throws SQLException {
        try {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, NETWORK_MILLIS);
            return before;
        } catch (SQLFeatureNotSupportedException e) {
            return 0;
        }
    }

    private static boolean isRolledBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
            return true;
        } catch (SQLException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    /** For what comes behind the work, whose result its failure does not change. */
    private static void quietly(Tidying tidying) {
        try {
            tidying.run();
        } catch (SQLException e) {
            // A connection that is broken: the next piece of work gets another one.
        }
    }

    /** The commit failed: the database has made it, will make it, or never will. */
    static final class UnknownOutcomeException extends SQLException {

        private static final long serialVersionUID = 1L;

        UnknownOutcomeException(SQLException cause) {
            super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
        }
    }

    /** A piece of work. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private interface Tidying {
        void run() throws SQLException;
    }
}

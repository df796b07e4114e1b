package io.tradingbreaker.spring.store;

import io.tradingbreaker.SwitchPositions;
import java.sql.Connection;
import java.sql.SQLException;
import org.h2.jdbcx.JdbcDataSource;

/** Writes halts to a database in a file, and prints the version of each once it is acknowledged, until it is killed. */
final class Halting {

    private Halting() {}

    public static void main(String[] arguments) throws SQLException {
        JdbcDataSource file = new JdbcDataSource();
        file.setUrl(arguments[0]);
        file.setUser("desk");
        // As in a pool: H2 brings everything to disk when the last connection is closed.
        Connection open = file.getConnection();
        JdbcSwitchStore store = new JdbcSwitchStore(file, "default", true);
        SwitchPositions last = store.read();
        while (open.isValid(0)) {
            SwitchPositions next = Halts.version(last.version() + 1, "alice");
            if (!store.replace(last, next, Halts.all("alice"))) {
                throw new IllegalStateException("somebody else is writing");
            }
            System.out.println(next.version());
            last = next;
        }
    }
}

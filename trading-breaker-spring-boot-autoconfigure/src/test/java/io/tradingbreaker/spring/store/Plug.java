package io.tradingbreaker.spring.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database that can be pulled out. */
final class Plug extends DelegatingDataSource {

    volatile boolean isOut;

    Plug(DataSource target) {
        super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (isOut) {
            throw new SQLException("connection refused", "08001");
        }
        return super.getConnection();
    }
}

package io.tradingbreaker.spring.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Connections whose commits fail: the line dies before the database has made them, or before it has said so. */
final class LostCommits extends DelegatingDataSource {

    private final boolean areMade;
    private final AtomicInteger lost = new AtomicInteger();

    LostCommits(DataSource target, boolean areMade) {
        super(target);
        this.areMade = areMade;
    }

    int lost() {
        return lost.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        lost.incrementAndGet();
                        if (areMade) {
                            connection.commit();
                        } else {
                            connection.rollback();
                        }
                        throw new SQLException("the line is dead", "08006");
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}

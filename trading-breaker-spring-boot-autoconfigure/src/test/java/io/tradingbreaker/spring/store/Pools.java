package io.tradingbreaker.spring.store;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Pools of connections to databases for tests, closed together. */
final class Pools implements AutoCloseable {

    private final List<HikariDataSource> open = new ArrayList<>();

    /** One that fails after 500 ms. */
    HikariDataSource to(String url, int connections) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername("desk");
        pool.setPassword("");
        pool.setMaximumPoolSize(connections);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(500);
        open.add(pool);
        return pool;
    }

    static String inMemory() {
        return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    }

    @Override
    public void close() {
        open.forEach(HikariDataSource::close);
    }
}

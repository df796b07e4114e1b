package io.tradingbreaker.spring.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SqlFailureTests {

    @Test
    void messageWithPasswordsAndLines_isOneLineWithoutThem() {
        SQLException failure = new SQLException(
                "No driver for jdbc:postgresql://desk:hunter2@db/halts?password=hunter2&ssl=true\nPosition: 1",
                "08001");

        assertThat(SqlFailure.of("the database cannot be used", failure))
                .hasMessage("the database cannot be used: No driver for"
                        + " jdbc:postgresql://…@db/halts?password=…&ssl=true Position: 1")
                .hasCause(failure);
    }

    @Test
    void causeThatSaysMore_isTold_andLongTextIsCut() {
        SQLException failure = new SQLException("no connection", new SQLException("x".repeat(1000)));

        assertThat(SqlFailure.of("failed", failure).getMessage())
                .startsWith("failed: no connection (xxx")
                .endsWith("xxx…")
                .hasSizeLessThan(500);
    }
}

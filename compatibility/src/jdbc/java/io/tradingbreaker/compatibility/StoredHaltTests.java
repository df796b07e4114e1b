package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** Halts in a database that Spring Boot has set up. */
class StoredHaltTests {

    private static final String OUR_TABLES = "--trading-breaker.store.initialize-schema=always";

    @TempDir
    private Path folder;

    @Test
    void halt_survivesARestart() {
        try (ConfigurableApplicationContext before = start(OUR_TABLES)) {
            before.getBean(BreakerRegistry.class).breaker("node").halt("fat finger", "alice");
        }
        try (ConfigurableApplicationContext after = start(OUR_TABLES)) {
            BreakerRegistry registry = after.getBean(BreakerRegistry.class);
            TradingBreaker node = registry.breaker("node");
            assertThat(node.state()).isEqualTo(BreakerState.HALTED);
            assertThat(node.snapshot().reason().message()).endsWith("fat finger");
            assertThat(registry.breaker("venue").state()).isEqualTo(BreakerState.CLOSED);

            node.reset("checked", "bob");

            assertThat(after.getBean(JdbcTemplate.class)
                            .queryForList(
                                    "SELECT actor FROM trading_breaker_switch_audit ORDER BY id", String.class))
                    .containsExactly("alice", "bob");
        }
        try (ConfigurableApplicationContext atLast = start(OUR_TABLES)) {
            assertThat(atLast.getBean(BreakerRegistry.class).breaker("node").state())
                    .isEqualTo(BreakerState.CLOSED);
        }
    }

    @Test
    void tablesMadeByTheApplication_areThereBeforeTheStoreIsRead() {
        try (ConfigurableApplicationContext context = start(
                "--spring.sql.init.mode=always",
                "--spring.sql.init.schema-locations=classpath:io/tradingbreaker/spring/store/schema-h2.sql")) {
            assertThat(context.getBean(BreakerRegistry.class).breaker("node").state())
                    .isEqualTo(BreakerState.CLOSED);
        }
    }

    @Test
    void noTables_haltsAndSaysWhichAreMissing() {
        try (ConfigurableApplicationContext context = start()) {
            TradingBreaker node = context.getBean(BreakerRegistry.class).breaker("node");
            assertThat(node.state()).isEqualTo(BreakerState.HALTED);
            assertThat(node.snapshot().reason().message()).contains("a table is missing");
        }
    }

    private ConfigurableApplicationContext start(String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.add("--spring.datasource.url=jdbc:h2:file:" + folder.resolve("desk"));
        arguments.add("--trading-breaker.store.type=jdbc");
        return new SpringApplicationBuilder(TradingApplication.class)
                .web(WebApplicationType.NONE)
                .run(arguments.toArray(String[]::new));
    }
}

package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.SwitchStore;
import io.tradingbreaker.spring.store.JdbcSwitchStore;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** The store of halts in a database that is set by property. */
class JdbcStoreAutoConfigurationTests {

    private final ApplicationContextRunner unset = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(TradingBreakerAutoConfiguration.class, JdbcStoreAutoConfiguration.class))
            .withPropertyValues("database=" + UUID.randomUUID(), "trading-breaker.breakers.node=");
    private final ApplicationContextRunner stored = unset.withPropertyValues(
            "trading-breaker.store.type=jdbc", "trading-breaker.store.initialize-schema=always");

    @Test
    void halt_survivesARestart() {
        stored.withUserConfiguration(One.class).run(context -> {
            assertThat(context).hasSingleBean(JdbcSwitchStore.class);
            context.getBean(BreakerRegistry.class).breaker("node").halt("fat finger", "alice");
        });
        stored.withUserConfiguration(One.class).run(context -> {
            BreakerRegistry registry = context.getBean(BreakerRegistry.class);
            assertThat(registry.breaker("node").state()).isEqualTo(BreakerState.HALTED);
            assertThat(registry.breaker("trading").state()).isEqualTo(BreakerState.CLOSED);
        });
        stored.withUserConfiguration(One.class)
                .withPropertyValues("trading-breaker.store.switch-name=backtests")
                .run(context -> {
                    BreakerRegistry registry = context.getBean(BreakerRegistry.class);
                    assertThat(registry.breaker("node").state()).isEqualTo(BreakerState.CLOSED);
                    assertThat(registry.storeStatus().description()).startsWith("switch 'backtests'");
                });
    }

    @Test
    void tables_areNotCreatedUnasked() {
        unset.withUserConfiguration(One.class)
                .withPropertyValues("trading-breaker.store.type=jdbc")
                .run(context -> {
                    BreakerRegistry registry = context.getBean(BreakerRegistry.class);
                    assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == BreakerState.HALTED);
                    assertThat(registry.storeStatus().failure().message())
                            .contains("trading-breaker.store.initialize-schema");
                });
    }

    @Test
    void dataSource_isThePrimaryOneOrTheNamedOne() {
        stored.withUserConfiguration(One.class, Another.class).run(context -> {
            context.getBean(BreakerRegistry.class).halt("fat finger", "alice");
            assertThat(audited(context.getBean("main", DataSource.class))).isEqualTo(1);
        });
        stored.withUserConfiguration(One.class, Another.class)
                .withPropertyValues("trading-breaker.store.data-source=other")
                .run(context -> {
                    context.getBean(BreakerRegistry.class).halt("fat finger", "alice");
                    assertThat(audited(context.getBean("other", DataSource.class)))
                            .isEqualTo(1);
                });
    }

    private static long audited(DataSource dataSource) {
        return new JdbcTemplate(dataSource)
                .queryForObject("SELECT count(*) FROM trading_breaker_switch_audit", Long.class);
    }

    @Test
    void dataSourceThatIsNotClear_stopsTheStart() {
        assertRefused(
                stored,
                "store.data-source is unset, but must name a bean that is a DataSource, as store.type is jdbc: there is none");
        assertRefused(
                stored.withUserConfiguration(Another.class, Third.class),
                "store.data-source is unset, but must name a bean that is a DataSource, as store.type is jdbc: other, third");
        assertRefused(
                stored.withUserConfiguration(One.class, Third.class)
                        .withPropertyValues("trading-breaker.store.data-source=breakerRegistry"),
                "store.data-source is breakerRegistry, but must name a bean that is a DataSource, as store.type is jdbc: main, third");
    }

    @Test
    void withoutSpringJdbc_stopsTheStart() {
        assertRefused(
                stored.withUserConfiguration(One.class)
                        .withClassLoader(new FilteredClassLoader(ResourceDatabasePopulator.class)),
                "store.type is jdbc, but must be a store that there is");
    }

    private static void assertRefused(ApplicationContextRunner runner, String message) {
        runner.run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith(message));
    }

    @Test
    void storeOfTheApplication_isTaken() {
        stored.withUserConfiguration(One.class)
                .withBean("ours", SwitchStore.class, () -> new JdbcSwitchStore(One.dataSource("ours"), "ours", true))
                .run(context -> assertThat(context).getBean(SwitchStore.class).isSameAs(context.getBean("ours")));
    }

    @Test
    void notChosenOrSwitchedOff_thereIsNone() {
        unset.withUserConfiguration(One.class)
                .run(context -> assertThat(context).doesNotHaveBean(SwitchStore.class));
        stored.withPropertyValues("trading-breaker.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SwitchStore.class));
    }

    @Configuration(proxyBeanMethods = false)
    static class One {

        @Bean
        @Primary
        DataSource main(Environment environment) {
            return dataSource(environment.getRequiredProperty("database"));
        }

        static DataSource dataSource(String name) {
            JdbcDataSource database = new JdbcDataSource();
            database.setUrl("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
            return database;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Another {

        @Bean
        DataSource other(Environment environment) {
            return One.dataSource("other-" + environment.getRequiredProperty("database"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Third {

        @Bean
        DataSource third() {
            return One.dataSource("third");
        }
    }
}

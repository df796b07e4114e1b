package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.SwitchStore;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Store;
import io.tradingbreaker.spring.store.JdbcSwitchStore;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** The store of halts in a database, where one is chosen. Backs off before a store of the application. */
@AutoConfiguration(after = TradingBreakerAutoConfiguration.class)
@ConditionalOnSwitch("trading-breaker.enabled")
@ConditionalOnStore(Store.Type.JDBC)
@ConditionalOnClass(ResourceDatabasePopulator.class)
@ConditionalOnBean(TradingBreakerProperties.class)
public final class JdbcStoreAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(SwitchStore.class)
    @DependsOnDatabaseInitialization
    JdbcSwitchStore jdbcSwitchStore(TradingBreakerProperties properties, ListableBeanFactory beans) {
        Store store = properties.store();
        return new JdbcSwitchStore(
                dataSource(store.dataSource(), beans),
                store.switchName(),
                store.initializeSchema() == Store.InitializeSchema.ALWAYS);
    }

    /** The one of that name, or else the only or primary one. */
    private static DataSource dataSource(@Nullable String name, ListableBeanFactory beans) {
        DataSource found = name == null || name.isBlank()
                ? beans.getBeanProvider(DataSource.class).getIfUnique()
                : beans.containsBean(name) && beans.isTypeMatch(name, DataSource.class)
                        ? beans.getBean(name, DataSource.class)
                        : null;
        if (found == null) {
            String[] all = BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, DataSource.class);
            throw new InvalidConfigException(
                    "store.data-source",
                    name == null || name.isBlank() ? "unset" : name,
                    "must name a bean that is a DataSource, as store.type is jdbc: "
                            + (all.length == 0 ? "there is none" : String.join(", ", all)));
        }
        return found;
    }
}

package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.FileSwitchStore;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.SwitchStore;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Store;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The store of halts in a file, where one is chosen. Backs off before a store of the application. */
@AutoConfiguration(after = TradingBreakerAutoConfiguration.class)
@ConditionalOnSwitch("trading-breaker.enabled")
@ConditionalOnStore(Store.Type.FILE)
@ConditionalOnBean(TradingBreakerProperties.class)
public final class FileStoreAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(SwitchStore.class)
    FileSwitchStore fileSwitchStore(TradingBreakerProperties properties) {
        String path = properties.store().path();
        if (path == null || path.isBlank()) {
            throw new InvalidConfigException(
                    "store.path", "unset", "must name the file to keep halts in, as store.type is file");
        }
        try {
            return new FileSwitchStore(Path.of(path.strip()));
        } catch (InvalidPathException e) {
            throw new InvalidConfigException("store.path", path, "must be the name of a file");
        }
    }
}

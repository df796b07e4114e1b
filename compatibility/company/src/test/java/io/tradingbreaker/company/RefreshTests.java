package io.tradingbreaker.company;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.audit.AuditTrail;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties;
import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.context.refresh.ContextRefresher;
import org.springframework.context.ConfigurableApplicationContext;

/** Spring Cloud's refresh retunes the breakers from a file that has changed, as from a configuration server. */
class RefreshTests {

    @TempDir
    Path folder;

    @Test
    void refresh_retunesTheRunningBreakers() throws IOException {
        Path file = folder.resolve("limits.yml");
        write(file, "window-size: 900");
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(CompanyApplication.class)
                .run("--server.port=0", "--server.address=127.0.0.1", "--spring.config.import=file:" + file)) {
            BreakerRegistry registry = context.getBean(BreakerRegistry.class);
            TradingBreaker node = registry.breaker("node");
            TradingBreakerProperties properties = context.getBean(TradingBreakerProperties.class);
            Permit permit = node.tryAcquire();
            permit.success();
            node.retune(limits -> limits.minimumSamples(50), "by hand", "alice");

            write(file, "window-size: 400", "p99-threshold: 300ms");
            Set<String> keys = context.getBean(ContextRefresher.class).refresh();

            assertThat(keys).contains("trading-breaker.breakers.node.window-size");
            BreakerConfig config = node.config();
            assertThat(config.windowSize()).isEqualTo(400);
            assertThat(config.p99Threshold()).hasMillis(300);
            assertThat(config.minimumSamples()).isEqualTo(50);
            assertThat(node.snapshot().window().samples()).isEqualTo(1);
            assertThat(context.getBean(TradingBreakerProperties.class)).isSameAs(properties);
            AuditTrail trail = context.getBean(AuditTrail.class);
            context.getBean(ManualScheduler.class).runDue();
            assertThat(trail.page("node", Long.MAX_VALUE, 10)).hasSize(2);
            assertThat(trail.page("node", Long.MAX_VALUE, 1).toString())
                    .contains("principal=configuration", "reason=context refresh", "window-size: 900 → 400");

            write(file, "window-size: many");
            context.getBean(ContextRefresher.class).refresh();

            assertThat(node.config()).isEqualTo(config);

            write(file, "window-size: 300");
            context.getBean(ContextRefresher.class).refresh();

            assertThat(node.config().windowSize()).isEqualTo(300);
            assertThat(node.config().p99Threshold()).hasMillis(200);
        }
    }

    private static void write(Path file, String... limits) throws IOException {
        Files.writeString(file, "trading-breaker.breakers.node:\n  " + String.join("\n  ", limits) + "\n");
    }
}

package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.FileSwitchStore;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.SwitchPositions;
import io.tradingbreaker.SwitchStore;
import io.tradingbreaker.SwitchStoreException;
import io.tradingbreaker.Transition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store of halts that is set by property. */
class FileStoreAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(TradingBreakerAutoConfiguration.class, FileStoreAutoConfiguration.class))
            .withPropertyValues("trading-breaker.breakers.node=");

    @TempDir
    private Path folder;

    private ApplicationContextRunner stored;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("halts");
        stored = runner.withPropertyValues("trading-breaker.store.path=" + file);
    }

    @Test
    void halt_survivesARestart_andListenersAreToldOfIt() {
        stored.run(context -> {
            assertThat(context).hasSingleBean(FileSwitchStore.class);
            context.getBean(BreakerRegistry.class).breaker("node").halt("fat finger", "alice");
        });
        stored.withUserConfiguration(Listening.class).run(context -> {
            BreakerRegistry registry = context.getBean(BreakerRegistry.class);
            assertThat(registry.breaker("node").state()).isEqualTo(BreakerState.HALTED);
            assertThat(registry.breaker("trading").state()).isEqualTo(BreakerState.CLOSED);
            List<Transition> told = context.getBean(Listening.class).told;
            await().atMost(Duration.ofSeconds(30)).until(() -> !told.isEmpty());
            assertThat(told).singleElement().satisfies(transition -> {
                assertThat(transition.actor()).isEqualTo("alice");
                assertThat(transition.reason().message())
                        .startsWith("halted at ")
                        .endsWith("Z: fat finger");
            });
            registry.reset("checked", "bob");
        });
        stored.run(context -> assertThat(
                        context.getBean(BreakerRegistry.class).breaker("node").state())
                .isEqualTo(BreakerState.CLOSED));
    }

    @Test
    void fileThatCannotBeRead_haltsEveryBreaker_orNone() throws Exception {
        Files.writeString(file, "something else");
        stored.run(context -> {
            BreakerRegistry registry = context.getBean(BreakerRegistry.class);
            assertThat(registry.breakers()).allMatch(breaker -> breaker.state() == BreakerState.HALTED);
            assertThat(registry.breaker("made-later").state()).isEqualTo(BreakerState.HALTED);
        });
        stored.withPropertyValues("trading-breaker.store.on-unreadable=start")
                .run(context -> assertThat(
                                context.getBean(BreakerRegistry.class).breakers())
                        .allMatch(breaker -> breaker.state() == BreakerState.CLOSED));
        assertThat(file).hasContent("something else");
    }

    @Test
    void withoutAStore_nothingIsKept() {
        runner.run(context -> assertThat(context).doesNotHaveBean(SwitchStore.class));
        runner.withPropertyValues("trading-breaker.store.path= ", "trading-breaker.store.type=")
                .run(context -> assertThat(context).doesNotHaveBean(SwitchStore.class));
        stored.withPropertyValues("trading-breaker.store.type=none")
                .run(context -> assertThat(context).doesNotHaveBean(SwitchStore.class));
        stored.withPropertyValues("trading-breaker.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SwitchStore.class));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void storeOfTheApplication_isTaken() {
        stored.withUserConfiguration(Own.class).run(context -> {
            assertThat(context).hasSingleBean(SwitchStore.class).doesNotHaveBean(FileSwitchStore.class);
            assertThat(context.getBean(BreakerRegistry.class).storeStatus().description())
                    .isEqualTo("our own");
        });
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void fileOfAnotherApplication_stopsTheStart() {
        stored.run(first -> stored.run(second -> assertThat(second)
                .getFailure()
                .rootCause()
                .isInstanceOf(SwitchStoreException.class)
                .hasMessageContaining("in use by this process")));
    }

    @Test
    void storeThatNobodyProvides_stopsTheStart() {
        runner.withPropertyValues("trading-breaker.store.type=jdbc")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidConfigException.class)
                        .hasMessageContaining("store.type is jdbc"));
    }

    @Test
    void report_saysWhatUsesTheStore() {
        try (FileSwitchStore open = new FileSwitchStore(file)) {
            assertThat(open.read()).isEqualTo(SwitchPositions.NONE);
            stored.run(context -> assertThat(new SwitchStoreFailureAnalyzer().analyze(context.getStartupFailure()))
                    .satisfies(report -> {
                        assertThat(report.getDescription())
                                .contains("The store of halts cannot be opened", "in use by this process");
                        assertThat(report.getAction()).contains("trading-breaker.store.path");
                    }));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening {

        final List<Transition> told = new CopyOnWriteArrayList<>();

        @Bean
        StateChangeListener listener(BreakerRegistry needed) {
            return told::add;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Own {

        @Bean
        SwitchStore ownStore() {
            return new SwitchStore() {

                @Override
                public SwitchPositions read() {
                    return SwitchPositions.NONE;
                }

                @Override
                public boolean replace(SwitchPositions expected, SwitchPositions next, List<Change> changes) {
                    return false;
                }

                @Override
                public String description() {
                    return "our own";
                }
            };
        }
    }
}

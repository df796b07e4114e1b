package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.KeyedBreakers;
import io.tradingbreaker.RecoveryPolicy;
import io.tradingbreaker.Retune;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.Transition;
import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.bytebuddy.ByteBuddy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;

/** What a refreshed environment changes; that Spring Cloud's event leads there is tested with Spring Cloud. */
@ExtendWith(OutputCaptureExtension.class)
class ContextRefreshTests {

    private static final String NODE = "trading-breaker.breakers.node.";
    private static final String DEFAULTS = "trading-breaker.defaults.";

    private final Map<String, Object> configured = new HashMap<>(Map.of(NODE + "minimum-samples", "100"));
    private final ManualScheduler time = new ManualScheduler();
    private final Told told = new Told();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(TradingBreakerAutoConfiguration.class, RetuningAutoConfiguration.class))
            .withInitializer(context -> context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("config-server", configured)))
            .withBean(ManualScheduler.class, () -> time)
            .withBean("breakerClock", BreakerClock.class, time::clock)
            .withBean(StateChangeListener.class, () -> told)
            .withBean(ContextRefresh.class);

    @Test
    void withoutSpringCloud_nothingListens() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(TradingBreakerAutoConfiguration.class, RetuningAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ContextRefresh.class));
    }

    @Test
    void changedKeys_areRetunedAndWhatAHandChangedStays() {
        run(context -> {
            BreakerRegistry registry = context.getBean(BreakerRegistry.class);
            registry.breaker("node").retune(limits -> limits.p99Threshold(Duration.ofMillis(300)), "slow day", "alice");
            BreakerConfig trading = registry.breaker("trading").config();
            configured.put(NODE + "window-size", "400");
            configured.put(NODE + "recovery.base-delay", "2s");

            refresh(context);

            BreakerConfig node = registry.breaker("node").config();
            assertThat(node.windowSize()).isEqualTo(400);
            assertThat(node.recovery().baseDelay()).hasSeconds(2);
            assertThat(node.minimumSamples()).isEqualTo(100);
            assertThat(node.p99Threshold()).hasMillis(300);
            assertThat(registry.breaker("trading").config()).isEqualTo(trading);
            assertThat(told.retunes)
                    .extracting(retune ->
                            retune.breaker() + " " + retune.actor() + " " + retune.reason() + " " + retune.changes())
                    .containsExactly(
                            "node alice slow day [p99-threshold: 200ms → 300ms, latency-threshold: 200ms → 300ms]",
                            "node configuration context refresh [window-size: 1000 → 400, recovery.base-delay: 1s → 2s]");
        });
    }

    @Test
    void limitOfASingleKeysBreaker_thatAHandChanged_stays() {
        run(context -> {
            KeyedBreakers keyed = context.getBean(BreakerRegistry.class).keyed("node");
            TradingBreaker own = keyed.of("fra1");
            own.retune(limits -> limits.recovery(recovery(Duration.ofSeconds(1), Duration.ofMinutes(2))), "", null);
            configured.put(NODE + "recovery.base-delay", "2s");

            refresh(context);

            assertThat(own.config().recovery()).isEqualTo(recovery(Duration.ofSeconds(2), Duration.ofMinutes(2)));
            assertThat(keyed.template().config().recovery())
                    .isEqualTo(recovery(Duration.ofSeconds(2), Duration.ofMinutes(5)));
        });
    }

    private static RecoveryPolicy recovery(Duration base, Duration most) {
        return new RecoveryPolicy(
                base, most, RecoveryPolicy.DEFAULT.multiplier(), RecoveryPolicy.DEFAULT.jitterFactor());
    }

    @Test
    void keyThatAHandChanged_isWhatTheConfigurationChangesItTo() {
        run(context -> {
            BreakerRegistry registry = context.getBean(BreakerRegistry.class);
            registry.breaker("node").retune(limits -> limits.windowSize(500), "", null);
            refresh(context);
            assertThat(registry.breaker("node").config().windowSize()).isEqualTo(500);

            configured.put(NODE + "window-size", "400");
            refresh(context);
            assertThat(registry.breaker("node").config().windowSize()).isEqualTo(400);
        });
    }

    @Test
    void nothingChanged_tellsNobody() {
        run(context -> {
            refresh(context);
            assertThat(told.retunes).isEmpty();
        });
    }

    @Test
    void keyThatIsGone_isTheDefaultAgain() {
        run(context -> {
            configured.remove(NODE + "minimum-samples");
            refresh(context);
            assertThat(config(context, "node").minimumSamples()).isEqualTo(300);
        });
    }

    @Test
    void defaults_reachEveryBreakerWithoutItsOwnAndThoseMadeLater() {
        run(context -> {
            BreakerRegistry registry = context.getBean(BreakerRegistry.class);
            registry.breaker("made-before");
            configured.put(DEFAULTS + "minimum-samples", "200");
            configured.put(DEFAULTS + "mode", "observe");

            refresh(context);

            assertThat(config(context, "node").minimumSamples()).isEqualTo(100);
            assertThat(config(context, "trading").minimumSamples()).isEqualTo(200);
            assertThat(config(context, "made-before").minimumSamples()).isEqualTo(200);
            assertThat(registry.breaker("made-after").config().minimumSamples()).isEqualTo(200);
            assertThat(registry.breakers()).allMatch(breaker -> breaker.mode() == BreakerMode.OBSERVE);
        });
    }

    @Test
    void failureThresholdThatIsGone_isTheOneOfABreakerOfItsPlace() {
        configured.put(NODE + "parent", "venue");
        configured.put(NODE + "failure-threshold", "9");
        configured.put("trading-breaker.breakers.venue.failure-threshold", "9");
        run(context -> {
            configured.remove(NODE + "failure-threshold");
            configured.put("trading-breaker.breakers.venue.failure-threshold", "");

            refresh(context);

            assertThat(config(context, "node").failureThreshold()).isEqualTo(5);
            assertThat(config(context, "venue").failureThreshold()).isZero();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "window-size | many | window-size is many, but must be a whole number",
                "window-size | 50 | minimum-samples is 100, but must be from 1 to window-size (50)",
                "p99-threshold | 2h | p99-threshold is 2h, but must be 0 (off) or from 1ms to 1h",
                "window-sise | 50 | 'window-sise' is not known under trading-breaker.breakers.node",
            })
    void whatIsNotValid_changesNothingAndIsExplained(String key, String value, String reason, CapturedOutput output) {
        run(context -> {
            configured.put(NODE + "window-age", "5m");
            configured.put(NODE + key, value);

            refresh(context);

            assertThat(config(context, "node").windowAge()).hasMinutes(1);
            assertThat(told.retunes).isEmpty();
            assertThat(output.getOut())
                    .containsOnlyOnce("ERROR")
                    .contains("every breaker stays as it was", "Property: " + NODE, "\"config-server\"", reason);

            configured.remove(NODE + key);
            refresh(context);
            assertThat(config(context, "node").windowAge()).hasMinutes(5);
        });
    }

    @Test
    void whatDoesNotFitWhatAHandChanged_changesNothing(CapturedOutput output) {
        run(context -> {
            context.getBean(BreakerRegistry.class)
                    .breaker("node")
                    .retune(limits -> limits.minimumSamples(900), "", null);
            configured.put(NODE + "window-size", "500");
            configured.put(DEFAULTS + "window-age", "5m");

            refresh(context);

            assertThat(config(context, "node").windowSize()).isEqualTo(1000);
            assertThat(config(context, "trading").windowAge()).hasMinutes(1);
            assertThat(context.getBean(BreakerRegistry.class)
                            .breaker("later")
                            .config()
                            .windowAge())
                    .hasMinutes(1);
            assertThat(output.getOut())
                    .containsOnlyOnce("ERROR")
                    .contains("changed by hand", "minimum-samples is 900, but must be from 1 to window-size (500)");
        });
    }

    @Test
    void whatIsReadAtTheStartOnly_isNamedWithoutItsValue(CapturedOutput output) {
        configured.put(NODE + "probe.type", "http");
        configured.put(NODE + "probe.endpoints", "http://hunter2@127.0.0.1:1");
        configured.put("trading-breaker.breakers.venue.window-size", "900");
        run(context -> {
            configured.put(NODE + "parent", "venue");
            configured.put(NODE + "probe.endpoints", "http://hunter3@127.0.0.1:1");
            configured.put("trading-breaker.breakers.venue.probe.timeout", "2s");
            configured.put("trading-breaker.breakers.new.window-size", "900");
            configured.put("trading-breaker.stall-check-interval", "50ms");
            configured.put("trading-breaker.audit.capacity", "50");

            refresh(context);

            assertThat(config(context, "node").parent()).isNull();
            assertThat(config(context, "venue").probeTimeout()).hasSeconds(2);
            assertThat(context.getBean(BreakerRegistry.class).find("new")).isNull();
            assertThat(output.getOut())
                    .contains("in force after a restart only: trading-breaker.audit, trading-breaker.breakers.new,"
                            + " trading-breaker.breakers.node.parent, trading-breaker.breakers.node.probe,"
                            + " trading-breaker.stall-check-interval")
                    .doesNotContain("hunter", "venue.probe");
        });
    }

    @Test
    void customizers_haveTheLastWordAsAtTheStart() {
        ApplicationContextRunner customized =
                runner.withBean(BreakerConfigCustomizer.class, () -> (name, limits) -> limits.windowSize(800));
        customized.run(context -> {
            configured.put(NODE + "window-size", "400");
            configured.put(NODE + "window-age", "5m");

            refresh(context);

            assertThat(config(context, "node").windowSize()).isEqualTo(800);
            assertThat(config(context, "node").windowAge()).hasMinutes(5);
        });
    }

    /** As with Spring Boot's developer tools, which load an application's classes and not its libraries'. */
    @Test
    void exceptionThatOnlyTheApplicationsLoaderKnows_isFoundAsAtTheStart() {
        String exception = "io.tradingbreaker.made.OfTheApplicationException";
        ClassLoader ofTheApplication = new ClassLoader(getClass().getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (!name.equals(exception)) {
                    throw new ClassNotFoundException(name);
                }
                byte[] code = new ByteBuddy()
                        .subclass(RuntimeException.class)
                        .name(name)
                        .make()
                        .getBytes();
                return defineClass(name, code, 0, code.length);
            }
        };
        configured.put(NODE + "ignore-exceptions", exception);
        runner.withClassLoader(ofTheApplication).run(context -> {
            assertThat(context).hasNotFailed();
            configured.put(NODE + "window-size", "400");

            refresh(context);

            assertThat(config(context, "node").windowSize()).isEqualTo(400);
            assertThat(config(context, "node").ignoreExceptions())
                    .extracting(Class::getName)
                    .containsExactly(exception);
        });
    }

    private void run(ContextConsumer<AssertableApplicationContext> test) {
        runner.run(test);
    }

    private void refresh(AssertableApplicationContext context) {
        context.getBean(ContextRefresh.class).refresh();
        time.runDue();
    }

    private static BreakerConfig config(AssertableApplicationContext context, String breaker) {
        return context.getBean(BreakerRegistry.class).breaker(breaker).config();
    }

    private static final class Told implements StateChangeListener {

        private final List<Retune> retunes = new ArrayList<>();

        @Override
        public void onStateChange(Transition transition) {}

        @Override
        public void onRetune(Retune retune) {
            retunes.add(retune);
        }
    }
}

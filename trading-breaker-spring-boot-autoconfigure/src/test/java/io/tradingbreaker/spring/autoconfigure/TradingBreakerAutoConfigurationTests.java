package io.tradingbreaker.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.DrillReport;
import io.tradingbreaker.HealthChecker;
import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.Intent;
import io.tradingbreaker.LatencyMonitor;
import io.tradingbreaker.Outcome;
import io.tradingbreaker.OutcomeClassifier;
import io.tradingbreaker.RecoveryScheduler;
import io.tradingbreaker.ResumePolicy;
import io.tradingbreaker.Rule;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.Transition;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import io.tradingbreaker.spring.aop.LatencyGuardedAdvisor;
import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

class TradingBreakerAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AopAutoConfiguration.class,
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class,
                    TradingPausedWebAutoConfiguration.class));

    @Test
    void nothingConfigured_defaultBreakerWithBuiltInLimits() {
        runner.run(context -> {
            BreakerRegistry registry = context.getBean(BreakerRegistry.class);
            assertThat(context.getBean("tradingBreaker")).isSameAs(registry.breaker("trading"));
            assertThat(context.getBean("tradingLatencyMonitor"))
                    .isSameAs(registry.breaker("trading").latencyMonitor());
            assertThat(context)
                    .hasBean("breakerRegistry")
                    .hasBean("breakerClock")
                    .hasBean("recoveryScheduler");
            assertThat(context).hasSingleBean(LatencyGuardedAdvisor.class);
            assertThat(context).doesNotHaveBean("tradingPausedAdvice");
            BreakerConfig config = registry.breaker("trading").config();
            assertThat(config).isEqualTo(BreakerConfig.DEFAULT.with(c -> c.failureThreshold(5)));
        });
    }

    @Test
    void userBeans_backOff() {
        runner.withUserConfiguration(VirtualTime.class, OwnBeans.class).run(context -> {
            assertThat(context.getBean(RecoveryScheduler.class)).isInstanceOf(ManualScheduler.class);
            assertThat(context).hasSingleBean(BreakerClock.class);
            assertThat(context).hasSingleBean(BreakerRegistry.class);
            assertThat(context.getBean("tradingBreaker", TradingBreaker.class).name())
                    .isEqualTo("own");
            assertThat(context).hasSingleBean(LatencyMonitor.class);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "off", "NO", "0", " false "})
    void disabled_beansPassThroughWithoutAdvisor(String off) {
        runner.withUserConfiguration(Guarded.class)
                .withPropertyValues("trading-breaker.enabled=" + off)
                .run(context -> {
                    assertThat(context).doesNotHaveBean(LatencyGuardedAdvisor.class);
                    assertThat(AopUtils.isAopProxy(context.getBean(GuardedService.class)))
                            .isFalse();
                    TradingBreaker breaker = context.getBean(TradingBreaker.class);
                    for (int i = 0; i < 50; i++) {
                        breaker.tryAcquire().failure();
                    }
                    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
                    assertThat(breaker.counters().total()).isZero();
                });
    }

    @Test
    void withoutSpringAop_breakersWithoutAdvisor() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.aop", "org.aspectj"))
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(BreakerRegistry.class);
                    assertThat(context).doesNotHaveBean("latencyGuardedAdvisor");
                });
    }

    @Test
    void withoutAspectj_stillGuarded() {
        runner.withUserConfiguration(Guarded.class)
                .withClassLoader(new FilteredClassLoader("org.aspectj"))
                .run(context -> assertThat(AopUtils.isAopProxy(context.getBean(GuardedService.class)))
                        .isTrue());
    }

    @Test
    void guardedHealthChecker_probesThroughItsOwnBreaker() {
        runner.withUserConfiguration(VirtualTime.class, GuardedChecker.class).run(context -> {
            TradingBreaker breaker = context.getBean("tradingBreaker", TradingBreaker.class);
            breaker.trip("test", null);
            context.getBean(ManualScheduler.class).advance(Duration.ofSeconds(31));
            assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
            assertThat(breaker.counters().successful()).as("the check itself").isOne();
        });
    }

    @Test
    void aopAutoOff_stillGuarded() {
        runner.withUserConfiguration(Guarded.class)
                .withPropertyValues("spring.aop.auto=false")
                .run(context -> assertThat(AopUtils.isAopProxy(context.getBean(GuardedService.class)))
                        .isTrue());
    }

    @Test
    void ownOverDefaultsOverBuiltIn_mergedOnce() {
        runner.withPropertyValues(
                        "trading-breaker.defaults.p99-threshold=150ms",
                        "trading-breaker.defaults.recovery.base-delay=2s",
                        "trading-breaker.defaults.recovery.multiplier=3",
                        "trading-breaker.defaults.resume.limit=5",
                        "trading-breaker.defaults.resume.policy=manual",
                        "trading-breaker.breakers.node.resume.policy=limited",
                        "trading-breaker.breakers.node.resume.period=12h",
                        "trading-breaker.defaults.pass=query",
                        "trading-breaker.defaults.parent=venue",
                        "trading-breaker.defaults.failure-threshold=7",
                        "trading-breaker.breakers.venue.mode=observe",
                        "trading-breaker.breakers.node.p99-threshold=400",
                        "trading-breaker.breakers.node.recovery.base-delay=500ms",
                        "trading-breaker.breakers.node.pass=cancel,reduce",
                        "trading-breaker.breakers.node.ignore-exceptions=java.io.IOException",
                        "trading-breaker.breakers.node.probe.timeout=3s",
                        "trading-breaker.breakers.node.confidence=")
                .run(context -> {
                    BreakerRegistry registry = context.getBean(BreakerRegistry.class);
                    BreakerConfig node = registry.find("node").config();
                    assertThat(node.p99Threshold()).isEqualTo(Duration.ofMillis(400));
                    assertThat(node.latencyThreshold()).isEqualTo(Duration.ofMillis(400));
                    assertThat(node.recovery().baseDelay()).isEqualTo(Duration.ofMillis(500));
                    assertThat(node.recovery().multiplier()).isEqualTo(3);
                    assertThat(node.recovery().maxDelay()).isEqualTo(Duration.ofMinutes(5));
                    assertThat(node.resume())
                            .isEqualTo(new ResumePolicy(ResumePolicy.Kind.LIMITED, 5, Duration.ofHours(12)));
                    assertThat(registry.find("venue").config().resume().kind()).isEqualTo(ResumePolicy.Kind.MANUAL);
                    assertThat(node.pass()).containsExactlyInAnyOrder(Intent.CANCEL, Intent.REDUCE);
                    assertThat(node.ignoreExceptions()).containsExactly(IOException.class);
                    assertThat(node.probeTimeout()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(node.confidence()).isNull();
                    assertThat(node.parent()).isEqualTo("venue");
                    assertThat(node.failureThreshold()).isEqualTo(7);
                    BreakerConfig venue = registry.find("venue").config();
                    assertThat(venue.parent()).isNull();
                    assertThat(venue.mode()).isEqualTo(BreakerMode.OBSERVE);
                    assertThat(venue.failureThreshold())
                            .as("off for a parent unless set there")
                            .isZero();
                    BreakerConfig trading = registry.find("trading").config();
                    assertThat(trading.latencyThreshold()).isEqualTo(Duration.ofMillis(150));
                    assertThat(trading.parent()).isEqualTo("venue");
                    BreakerConfig undeclared = registry.breaker("other").config();
                    assertThat(undeclared.p99Threshold()).isEqualTo(Duration.ofMillis(150));
                    assertThat(undeclared.parent()).isEqualTo("venue");
                });
    }

    @Test
    void parentsOwnFailureThreshold_counts() {
        runner.withPropertyValues(
                        "trading-breaker.breakers.venue.failure-threshold=4",
                        "trading-breaker.breakers.node.parent=venue")
                .run(context -> assertThat(context.getBean(BreakerRegistry.class)
                                .find("venue")
                                .config()
                                .failureThreshold())
                        .isEqualTo(4));
    }

    @Test
    void emptyList_replacesDefaults() {
        runner.withPropertyValues("trading-breaker.breakers.node.pass=")
                .run(context -> assertThat(context.getBean(BreakerRegistry.class)
                                .find("node")
                                .config()
                                .pass())
                        .isEmpty());
    }

    @Test
    void customizers_runInOrderAfterMergingBeforeValidation() {
        runner.withUserConfiguration(Customizers.class)
                .withPropertyValues("trading-breaker.breakers.node.window-size=100")
                .run(context -> {
                    BreakerRegistry registry = context.getBean(BreakerRegistry.class);
                    assertThat(registry.find("node").config().minimumSamples()).isEqualTo(40);
                    assertThat(registry.find("trading").config().minimumSamples())
                            .isEqualTo(300);
                });
    }

    @Test
    void listenersAndEvents_inOrderEachTransition() {
        runner.withUserConfiguration(VirtualTime.class, Listeners.class).run(context -> {
            context.getBean(TradingBreaker.class).trip("test", "tester");
            context.getBean(ManualScheduler.class).runDue();
            assertThat(context.getBean(Listeners.class).seen).containsExactly("first", "second", "event trip");
        });
    }

    @Test
    void classifierThatFails_isPassedOverAndNextAsked() {
        runner.withUserConfiguration(VirtualTime.class, Classifiers.class).run(context -> {
            TradingBreaker breaker = context.getBean(TradingBreaker.class);
            breaker.call(() -> "bad");
            assertThat(breaker.counters().failed()).isOne();
        });
    }

    @Test
    void healthCheckerThatNeedsBreakerAndGuardedBean_starts() {
        runner.withUserConfiguration(VirtualTime.class, Guarded.class, Checkers.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    TradingBreaker breaker =
                            context.getBean(BreakerRegistry.class).breaker("trading");
                    assertThat(AopUtils.isAopProxy(context.getBean(GuardedService.class)))
                            .isTrue();
                    breaker.trip("test", null);
                    context.getBean(ManualScheduler.class).advance(Duration.ofSeconds(31));
                    assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
                    assertThat(breaker.snapshot().reason().rule()).isEqualTo(Rule.PROBE);
                    assertThat(breaker.snapshot().recovery().lastProbe().details())
                            .isEqualTo("OPEN 1");
                });
    }

    @Test
    void reportOfADrill_isAnEvent() {
        runner.withUserConfiguration(VirtualTime.class, Drilled.class).run(context -> {
            TradingBreaker breaker = context.getBean(TradingBreaker.class);
            breaker.drill(Duration.ofSeconds(1), "monthly", "alice");
            context.getBean(ManualScheduler.class).advance(Duration.ofSeconds(1));
            assertThat(context.getBean(Drilled.class).reports)
                    .containsExactly(breaker.snapshot().drill());
        });
    }

    @Test
    void closedContext_leavesNoThread() {
        runner.withUserConfiguration(Listeners.class).run(context -> {
            context.getBean(TradingBreaker.class).trip("test", null);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !context.getBean(Listeners.class).seen.isEmpty());
            assertThat(ownThreads()).isNotEmpty();
        });
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(ownThreads()).isEmpty());
    }

    private static List<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("trading-breaker"))
                .toList();
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBeans {

        @Bean
        BreakerRegistry myRegistry(BreakerClock clock, RecoveryScheduler scheduler) {
            return BreakerRegistry.builder().clock(clock).scheduler(scheduler).build();
        }

        @Bean
        TradingBreaker tradingBreaker(BreakerRegistry registry) {
            return registry.breaker("own");
        }

        @Bean
        LatencyMonitor tradingLatencyMonitor(TradingBreaker breaker) {
            return breaker.latencyMonitor();
        }
    }

    static class GuardedChecker implements HealthChecker {

        @Override
        @LatencyGuarded(intent = Intent.QUERY)
        public HealthStatus check() {
            return HealthStatus.healthy(Duration.ofMillis(1), "fine");
        }
    }

    public static class GuardedService {

        @LatencyGuarded(intent = Intent.QUERY)
        public String read() {
            return "1";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Guarded {

        @Bean
        GuardedService guardedService() {
            return new GuardedService();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {

        @Bean
        @Order(2)
        BreakerConfigCustomizer second() {
            return (name, builder) -> {
                if (name.equals("node")) {
                    builder.minimumSamples(40);
                }
            };
        }

        @Bean
        @Order(1)
        BreakerConfigCustomizer first() {
            return (name, builder) -> {
                if (name.equals("node")) {
                    builder.minimumSamples(50);
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Listeners {

        final List<String> seen = new java.util.concurrent.CopyOnWriteArrayList<>();

        @Bean
        @Order(2)
        StateChangeListener second(TradingBreaker breaker) {
            return transition -> seen.add("second");
        }

        @Bean
        @Order(1)
        StateChangeListener first(BreakerRegistry registry) {
            return transition -> {
                seen.add("first");
                throw new IllegalStateException("a listener that fails");
            };
        }

        @EventListener
        void on(Transition transition) {
            seen.add("event " + transition.reason().rule().code());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Classifiers {

        @Bean
        @Order(1)
        OutcomeClassifier failing(BreakerRegistry registry) {
            return (breaker, result, error) -> {
                throw new IllegalStateException("a classifier that fails");
            };
        }

        @Bean
        @Order(2)
        OutcomeClassifier working() {
            return (breaker, result, error) -> "bad".equals(result) ? Outcome.FAILURE : null;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Checkers {

        @Bean
        HealthChecker checker(TradingBreaker breaker, LatencyMonitor monitor, GuardedService service) {
            return () -> HealthStatus.healthy(
                    Duration.ofMillis(monitor.window().samples()), breaker.state() + " " + service.read());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Drilled {

        final List<DrillReport> reports = new CopyOnWriteArrayList<>();

        @EventListener
        void on(DrillReport report) {
            reports.add(report);
        }
    }
}

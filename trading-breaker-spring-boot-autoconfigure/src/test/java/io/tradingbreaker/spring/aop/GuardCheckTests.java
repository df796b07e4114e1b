package io.tradingbreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;

@ExtendWith(OutputCaptureExtension.class)
class GuardCheckTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AopAutoConfiguration.class,
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class))
            .withUserConfiguration(VirtualTime.class);

    @Test
    void lazyBean_checkedWhenCreated() {
        runner.withUserConfiguration(LazyBeans.class)
                .withPropertyValues("trading-breaker.undeclared=refuse")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThatThrownBy(() -> context.getBean(OnPrivate.class))
                            .hasRootCauseInstanceOf(InvalidGuardException.class);
                    assertThatThrownBy(() -> context.getBean(Undeclared.class))
                            .hasRootCauseInstanceOf(InvalidGuardException.class)
                            .hasStackTraceContaining("must be one of those declared: [trading]");
                    assertThat(context.getBean(BreakerRegistry.class).find("nodee"))
                            .isNull();
                });
    }

    @Test
    void startReport_oneLinePerBreakerAndWarningForUndeclared(CapturedOutput output) {
        runner.withUserConfiguration(Undeclared.class)
                .withPropertyValues(
                        "trading-breaker.breakers.node.parent=trading",
                        "trading-breaker.breakers.node.resume.policy=manual",
                        "trading-breaker.breakers.node.p99-threshold=150ms")
                .run(context -> {
                    assertThat(output).containsOnlyOnce("Breaker 'node' pauses at P99 over 150ms");
                    assertThat(output)
                            .contains("WARN")
                            .contains("Breaker 'nodee' is not configured and runs with the defaults; it guards"
                                    + " Undeclared.buy(); configured are [node, trading]")
                            .containsPattern("INFO.*Breaker 'nodee' .*; guards Undeclared.buy\\(\\)")
                            .containsPattern(
                                    "INFO.*Breaker 'node' .*open for at least 30s and until an operator resumes; under 'trading'; guards no method")
                            .containsPattern("INFO.*Breaker 'trading' ");
                });
    }

    @BeforeEach
    void nothingSeen() {
        Orders.SEEN.clear();
    }

    @Test
    void order_outsideTransactionsInsideRetries() {
        runner.withUserConfiguration(Orders.class).run(context -> {
            Ordered ordered = context.getBean(Ordered.class);
            ordered.buy();
            assertThat(Orders.SEEN).containsExactly("retry", "transaction");
            context.getBean(BreakerRegistry.class).breaker("trading").trip("test", null);
            assertThatThrownBy(ordered::buy).isInstanceOf(TradingPausedException.class);
            assertThat(Orders.SEEN)
                    .as("refused inside the retry, before the transaction")
                    .containsExactly("retry", "transaction", "retry");
        });
    }

    @Test
    void orderProperty_moves() {
        runner.withUserConfiguration(Orders.class)
                .withPropertyValues("trading-breaker.aspect.order=-1")
                .run(context -> {
                    context.getBean(BreakerRegistry.class).breaker("trading").trip("test", null);
                    assertThatThrownBy(context.getBean(Ordered.class)::buy).isInstanceOf(TradingPausedException.class);
                    assertThat(Orders.SEEN).isEmpty();
                });
    }

    static class OnPrivate {
        @LatencyGuarded
        @SuppressWarnings({"unused", "UnusedMethod"})
        private void buy() {}
    }

    static class Undeclared {
        @LatencyGuarded("nodee")
        public void buy() {}
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyBeans {
        @Bean
        @Lazy
        OnPrivate onPrivate() {
            return new OnPrivate();
        }

        @Bean
        @Lazy
        Undeclared undeclared() {
            return new Undeclared();
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Advised {}

    static class Ordered {
        @LatencyGuarded
        @Advised
        public void buy() {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Orders {

        static final List<String> SEEN = new CopyOnWriteArrayList<>();

        @Bean
        Ordered ordered() {
            return new Ordered();
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static DefaultPointcutAdvisor transaction() {
            return advisor("transaction", org.springframework.core.Ordered.LOWEST_PRECEDENCE);
        }

        @Bean
        @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
        static DefaultPointcutAdvisor retry() {
            return advisor("retry", org.springframework.core.Ordered.LOWEST_PRECEDENCE - 200);
        }

        private static DefaultPointcutAdvisor advisor(String name, int order) {
            MethodInterceptor advice = call -> {
                SEEN.add(name);
                return call.proceed();
            };
            DefaultPointcutAdvisor advisor =
                    new DefaultPointcutAdvisor(AnnotationMatchingPointcut.forMethodAnnotation(Advised.class), advice);
            advisor.setOrder(order);
            return advisor;
        }
    }
}

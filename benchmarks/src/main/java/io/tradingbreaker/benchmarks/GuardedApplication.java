package io.tradingbreaker.benchmarks;

import io.github.resilience4j.circuitbreaker.annotation.CircuitBreaker;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.Advisor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** An application with everything on: counters, stall check, statistics, and meters bound to a Prometheus registry. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class GuardedApplication {

    private static final ConfigurableApplicationContext context = start();

    /** A breaker of the one application of this JVM, as if new. */
    static TradingBreaker breaker(String name) {
        // Without its meters it would be faster than it is in use.
        context.getBean(PrometheusMeterRegistry.class)
                .get("trading.breaker.calls")
                .tag("name", name)
                .functionTimers();
        TradingBreaker breaker = context.getBean(BreakerRegistry.class).breaker(name);
        breaker.reset("benchmark", null);
        return breaker;
    }

    static Desk guardedDesk() {
        return context.getBean(Desk.class);
    }

    private static ConfigurableApplicationContext start() {
        return new SpringApplicationBuilder(GuardedApplication.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.main.banner-mode=off",
                        "--logging.level.root=error",
                        "--trading-breaker.defaults.window-size=1000",
                        "--trading-breaker.defaults.minimum-samples=100",
                        "--trading-breaker.defaults.recovery-timeout=1h",
                        "--trading-breaker.breakers.alone.p99-threshold=200ms",
                        "--trading-breaker.breakers.percentile-only.failure-threshold=0",
                        "--trading-breaker.breakers.child.parent=trading",
                        "--resilience4j.circuitbreaker.instances.trading.slow-call-duration-threshold=200ms",
                        "--resilience4j.circuitbreaker.instances.trading.slow-call-rate-threshold=1",
                        "--resilience4j.circuitbreaker.instances.trading.sliding-window-size=1000");
    }

    @Bean
    Desk desk() {
        return new Desk();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static Advisor empty() {
        MethodInterceptor proceed = invocation -> invocation.proceed();
        return new DefaultPointcutAdvisor(AnnotationMatchingPointcut.forMethodAnnotation(Intercepted.class), proceed);
    }

    /** Marks the method behind an interceptor that does nothing. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface Intercepted {}

    /** Where an order goes; its host is the key. */
    public record Endpoint(String host) {}

    static class Desk {

        @Intercepted
        Object intercepted(Object order) {
            return order;
        }

        @LatencyGuarded("alone")
        Object guarded(Object order) {
            return order;
        }

        @LatencyGuarded(value = "alone", key = "#host")
        Object keyed(String host, Object order) {
            return order;
        }

        @LatencyGuarded(value = "alone", key = "#endpoint.host")
        Object keyedByProperty(Endpoint endpoint, Object order) {
            return order;
        }

        @CircuitBreaker(name = "trading")
        Object circuitBreaker(Object order) {
            return order;
        }
    }
}

package io.tradingbreaker.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.VirtualTime;
import io.tradingbreaker.spring.autoconfigure.LatencyGuardedAutoConfiguration;
import io.tradingbreaker.spring.autoconfigure.TradingBreakerAutoConfiguration;
import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.modifier.Ownership;
import net.bytebuddy.description.modifier.SyntheticState;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.FixedValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Whatever the shape of a class: a call of a guarded method is guarded, once. */
class GuardedShapesTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AopAutoConfiguration.class,
                    TradingBreakerAutoConfiguration.class,
                    LatencyGuardedAutoConfiguration.class))
            .withUserConfiguration(VirtualTime.class);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void methodOfHiddenSuperclass_guarded(boolean subclasses) {
        guardedOnce(subclasses, PublicDesk.class, context -> ((Buys) context).buy());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @SuppressWarnings("unchecked")
    void genericGuardedInterface_guarded(boolean subclasses) {
        guardedOnce(subclasses, GenericDesk.class, desk -> ((Submits<String>) desk).submit("order"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @SuppressWarnings("unchecked")
    void genericGuardedMethod_guarded(boolean subclasses) {
        guardedOnce(subclasses, GenericMethodDesk.class, desk -> ((SubmitsByMethod<String>) desk).submit("order"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void interfaceMethodInheritedFromPlainSuperclass_guarded(boolean subclasses) {
        guardedOnce(subclasses, InheritingDesk.class, desk -> ((GuardedByMethod) desk).sell());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void interfaceMethodInheritedFromGenericSuperclass_guarded(boolean subclasses) {
        guardedOnce(subclasses, GenericInheritingDesk.class, desk -> ((GuardedString) desk).submit("order"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void defaultMethod_guarded(boolean subclasses) {
        guardedOnce(subclasses, DefaultDesk.class, desk -> ((WithDefault) desk).sell());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void proxyOverClassWithoutTheInterface_guarded(boolean subclasses) {
        runner.withPropertyValues("spring.aop.proxy-target-class=" + subclasses)
                .withUserConfiguration(Repositories.class)
                .run(context -> {
                    context.getBean(GuardedByMethod.class).sell();
                    assertThat(total(context.getBean(BreakerRegistry.class))).isOne();
                });
    }

    @Test
    void proxyOverProxyWithFallback_fallbackRuns() {
        runner.withUserConfiguration(Proxies.class).run(context -> {
            context.getBean(BreakerRegistry.class).halt("test", null);
            assertThat(context.getBean(Quotes.class).quote()).isEqualTo("fallback");
        });
    }

    /** As Kotlin compiles {@code open suspend fun}: the body in a static synthetic method with the same annotations. */
    @Test
    void annotatedSyntheticMethod_isPassedOver() throws Exception {
        try (DynamicType.Unloaded<PublicDesk> kotlin = new ByteBuddy()
                .subclass(PublicDesk.class)
                .defineMethod(
                        "buy$suspendImpl", Object.class, Visibility.PUBLIC, Ownership.STATIC, SyntheticState.SYNTHETIC)
                .intercept(FixedValue.nullValue())
                .annotateMethod(AnnotationDescription.Builder.ofType(LatencyGuarded.class)
                        .build())
                .make()) {
            Class<?> desk = kotlin.load(
                            getClass().getClassLoader(), ClassLoadingStrategy.UsingLookup.of(MethodHandles.lookup()))
                    .getLoaded();
            guardedOnce(true, desk, bean -> ((Buys) bean).buy());
        }
    }

    private void guardedOnce(boolean subclasses, Class<?> bean, Consumer<Object> call) {
        runner.withPropertyValues("spring.aop.proxy-target-class=" + subclasses)
                .withBean("desk", bean)
                .run(context -> {
                    call.accept(context.getBean("desk"));
                    assertThat(total(context.getBean(BreakerRegistry.class))).isOne();
                });
    }

    private static long total(BreakerRegistry registry) {
        return registry.breaker("trading").counters().total();
    }

    interface Buys {
        void buy();
    }

    abstract static class HiddenDesk implements Buys {
        @LatencyGuarded
        @Override
        public void buy() {}
    }

    public static class PublicDesk extends HiddenDesk {}

    @LatencyGuarded
    interface Submits<T> {
        void submit(T order);
    }

    static class GenericDesk implements Submits<String> {
        @Override
        public void submit(String order) {}
    }

    interface SubmitsByMethod<T> {
        @LatencyGuarded
        void submit(T order);
    }

    static class GenericMethodDesk implements SubmitsByMethod<String> {
        @Override
        public void submit(String order) {}
    }

    interface GuardedByMethod {
        @LatencyGuarded
        void sell();
    }

    static class Plain {
        public void sell() {}
    }

    static class InheritingDesk extends Plain implements GuardedByMethod {}

    interface GuardedString {
        @LatencyGuarded
        void submit(String order);
    }

    static class Generic<T> {
        public void submit(T order) {}
    }

    static class GenericInheritingDesk extends Generic<String> implements GuardedString {}

    interface WithDefault {
        @LatencyGuarded
        default void sell() {}
    }

    static class DefaultDesk implements WithDefault {}

    @Configuration(proxyBeanMethods = false)
    static class Repositories {
        /** As Spring Data makes its repositories: the target does not implement the interface. */
        @Bean
        GuardedByMethod repository() {
            ProxyFactory factory = new ProxyFactory(new Plain());
            factory.setInterfaces(GuardedByMethod.class);
            factory.addAdvice((org.aopalliance.intercept.MethodInterceptor) call -> null);
            return (GuardedByMethod) factory.getProxy();
        }
    }

    interface Quotes {
        @LatencyGuarded(fallback = "cached")
        String quote();

        default String cached() {
            return "fallback";
        }
    }

    static class Node implements Quotes {
        @Override
        public String quote() {
            return "node";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Proxies {
        @Bean
        Quotes quotes() {
            ProxyFactory factory = new ProxyFactory(new Node());
            factory.setInterfaces(Quotes.class);
            return (Quotes) factory.getProxy();
        }
    }
}

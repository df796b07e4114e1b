package io.tradingbreaker.spring.aop;

import io.tradingbreaker.BreakerRegistry;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.aopalliance.aop.Advice;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Applies {@link LatencyGuarded}. Every class of beans is checked when its first bean is made; breakers' names are
 * checked, and reported, once all singletons are there. Thread-safe.
 */
public final class LatencyGuardedAdvisor extends AbstractPointcutAdvisor
        implements SmartInitializingSingleton, DisposableBean {

    private static final long serialVersionUID = 1L;
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final transient GuardedMethods methods;
    private final transient Supplier<BreakerRegistry> registry;
    private final transient Supplier<? extends Collection<? extends GuardedPlaces>> others;
    private final transient PendingFutures futures = new PendingFutures(IDLE);
    private final transient Reductions reductions;
    private final transient Advice advice;
    private final transient Pointcut pointcut = new GuardedPointcut();
    private final transient Set<Guard> found = ConcurrentHashMap.newKeySet();
    private volatile boolean isStarted;

    /**
     * @param registry asked for no earlier than the first guarded call or the end of the start
     * @param others what else is guarded, for the report; asked for at the end of the start
     * @param placeholders resolves the placeholders in breakers' names
     * @param alwaysSubclasses whether beans with interfaces, too, are proxied by a subclass
     * @param deferred guards what methods return before their work begins; null if no such type is known
     * @param reductions holds marked quantities against positions
     * @param order the advice's place among others; lower is further out
     */
    public LatencyGuardedAdvisor(
            Supplier<BreakerRegistry> registry,
            Supplier<? extends Collection<? extends GuardedPlaces>> others,
            UnaryOperator<String> placeholders,
            BooleanSupplier alwaysSubclasses,
            @Nullable DeferredCalls deferred,
            Reductions reductions,
            int order) {
        this.registry = registry;
        this.reductions = reductions;
        this.others = others;
        methods = new GuardedMethods(placeholders, alwaysSubclasses, deferred);
        advice = new GuardInterceptor(methods, registry, deferred, futures, reductions);
        setOrder(order);
    }

    @Override
    public Pointcut getPointcut() {
        return pointcut;
    }

    @Override
    public Advice getAdvice() {
        return advice;
    }

    @Override
    public void afterSingletonsInstantiated() {
        StartupReport report = new StartupReport(
                registry.get(),
                others.get().stream().flatMap(more -> more.places().stream()).toList());
        // Before the snapshot: a class that is found meanwhile is checked by one of the two.
        isStarted = true;
        List<Guard> guards = List.copyOf(found);
        report.check(guards);
        report.print(guards);
        report.warnOfUnchecked(guards, reductions);
    }

    @Override
    public void destroy() {
        futures.close();
    }

    /** The guarded methods of beans of that class. */
    List<Guard> guards(Class<?> type) {
        return methods.of(type);
    }

    private boolean isGuarded(Class<?> type) {
        List<Guard> guards = methods.of(type);
        boolean isNew = found.addAll(guards);
        if (isNew && isStarted) {
            StartupReport report = new StartupReport(registry.get(), List.of());
            report.check(guards);
            report.warnOfUnchecked(guards, reductions);
        }
        return !guards.isEmpty();
    }

    private final class GuardedPointcut extends StaticMethodMatcherPointcut {

        GuardedPointcut() {
            setClassFilter(LatencyGuardedAdvisor.this::isGuarded);
        }

        @Override
        public boolean matches(Method method, Class<?> targetClass) {
            return methods.find(method, targetClass) != null;
        }
    }
}

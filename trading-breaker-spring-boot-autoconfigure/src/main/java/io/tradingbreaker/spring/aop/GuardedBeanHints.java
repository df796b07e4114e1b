package io.tradingbreaker.spring.aop;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

/**
 * What native images must know of a guarded bean beyond its proxy, of which Spring tells them: annotations are looked for on
 * all methods above it, fallbacks are called by reflection, and keys ask parameters by it.
 */
final class GuardedBeanHints implements BeanRegistrationAotProcessor {

    private static final String ADVISOR = "latencyGuardedAdvisor";

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        ConfigurableListableBeanFactory beans = bean.getBeanFactory();
        if (!beans.containsBean(ADVISOR)) {
            return null;
        }
        Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
        List<Guard> guards = beans.getBean(ADVISOR, LatencyGuardedAdvisor.class).guards(type);
        if (guards.isEmpty()) {
            return null;
        }
        return (generation, code) -> {
            ReflectionHints hints = generation.getRuntimeHints().reflection();
            register(type, hints);
            guards.stream().filter(guard -> guard.key() != null).forEach(guard -> registerKey(guard, hints));
        };
    }

    private static void register(Class<?> type, ReflectionHints hints) {
        Set<Class<?>> interfaces = ClassUtils.getAllInterfacesForClassAsSet(type);
        Stream<Class<?>> classes = Stream.<Class<?>>iterate(type, Class::getSuperclass)
                .takeWhile(above -> above != null && above != Object.class);
        Stream.concat(classes, interfaces.stream())
                .distinct()
                .forEach(each -> hints.registerType(
                        each, MemberCategory.INVOKE_PUBLIC_METHODS, MemberCategory.INVOKE_DECLARED_METHODS));
    }

    /** What an expression may ask of a call: the call itself, its parameters, and what is found on the way from these. */
    private static void registerKey(Guard guard, ReflectionHints hints) {
        hints.registerType(KeyContext.Root.class, MemberCategory.INVOKE_PUBLIC_METHODS);
        for (Class<?> parameter : guard.method().getParameterTypes()) {
            hints.registerType(parameter, MemberCategory.INVOKE_PUBLIC_METHODS);
        }
        new BindingReflectionHintsRegistrar()
                .registerReflectionHints(hints, guard.method().getGenericParameterTypes());
    }
}

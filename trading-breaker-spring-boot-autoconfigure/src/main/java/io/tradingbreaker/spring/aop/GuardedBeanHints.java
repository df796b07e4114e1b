package io.tradingbreaker.spring.aop;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

/**
 * What native images must know of a guarded bean beyond its proxy, of which Spring tells them: annotations are looked for on
 * all methods above it, and fallbacks are called by reflection.
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
        return guards.isEmpty()
                ? null
                : (generation, code) ->
                        register(type, generation.getRuntimeHints().reflection());
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
}

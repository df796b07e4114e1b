package io.tradingbreaker.spring.autoconfigure;

import java.util.function.Consumer;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Hands on each bean that may be a client, or build one, once it is ready.
 *
 * @param guard adds the guards to a bean if it is of its kind
 */
record ClientBeans(Consumer<Object> guard) implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        // A scoped proxy stands for beans that come here themselves, and may have none yet.
        if (!(bean instanceof ScopedObject)) {
            guard.accept(bean);
        }
        return bean;
    }
}

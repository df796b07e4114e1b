package io.tradingbreaker.spring.autoconfigure;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;

/**
 * Stands in for a part of the registry while the registry cannot be made yet: the health checkers, which the registry
 * needs first, may themselves be given the breaker.
 */
final class StandIn {

    private StandIn() {}

    /** @param real asked at every call; answers once the registry is there */
    static <T> T of(Class<T> type, Supplier<T> real) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            try {
                return method.invoke(real.get(), args);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }));
    }
}

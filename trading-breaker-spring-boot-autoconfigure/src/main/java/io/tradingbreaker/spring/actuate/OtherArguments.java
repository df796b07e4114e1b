package io.tradingbreaker.spring.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationArgumentResolver;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;

/**
 * Gives the endpoint's write operations, as their parameter {@code others}, all that was sent under names that are no
 * parameter's: a parameter of Java cannot be called {@code window-size}. So it does with what was sent under the name of the
 * rest of the path, an array of strings, which Spring Boot lets a body and a query override: the path then counts as empty.
 * Immutable.
 */
public final class OtherArguments implements OperationInvokerAdvisor {

    private static final EndpointId ENDPOINT = EndpointId.of("circuitbreaker");
    private static final String OTHERS = "others";

    @Override
    public OperationInvoker apply(
            EndpointId endpoint, OperationType type, OperationParameters parameters, OperationInvoker invoker) {
        if (!endpoint.equals(ENDPOINT) || type != OperationType.WRITE) {
            return invoker;
        }
        Map<String, Class<?>> own = parameters.stream()
                .filter(parameter -> parameter.getType() != SecurityContext.class)
                .filter(parameter -> !parameter.getName().equals(OTHERS))
                .collect(Collectors.toUnmodifiableMap(OperationParameter::getName, OperationParameter::getType));
        return context -> invoker.invoke(withOthers(context, own));
    }

    private static InvocationContext withOthers(InvocationContext context, Map<String, Class<?>> own) {
        Map<String, Object> arguments = new LinkedHashMap<>(context.getArguments());
        Map<String, Object> others = new LinkedHashMap<>(arguments);
        own.forEach((name, type) -> {
            if (type == String[].class && !(arguments.get(name) instanceof String[])) {
                arguments.put(name, new String[0]);
            } else {
                others.remove(name);
            }
        });
        arguments.put(OTHERS, others);
        SecurityContext caller =
                Objects.requireNonNullElse(context.resolveArgument(SecurityContext.class), SecurityContext.NONE);
        return new InvocationContext(caller, arguments, new Resolver(context));
    }

    private record Resolver(InvocationContext context) implements OperationArgumentResolver {

        @Override
        public boolean canResolve(Class<?> type) {
            return context.canResolve(type);
        }

        @Override
        public <T> @Nullable T resolve(Class<T> type) {
            return context.resolveArgument(type);
        }
    }
}

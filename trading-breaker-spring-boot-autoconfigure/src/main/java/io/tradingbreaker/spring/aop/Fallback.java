package io.tradingbreaker.spring.aop;

import io.tradingbreaker.TradingPausedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * The method that runs instead of a refused one. Immutable.
 *
 * @param method of the same class, made accessible
 * @param takesRefusal whether its last parameter is the refusal
 */
record Fallback(Method method, boolean takesRefusal) {

    /** @throws InvalidGuardException if no method of that name fits */
    static Fallback find(Method guarded, Class<?> type, String name) {
        List<Method> named = GuardedMethods.in(type)
                .filter(method -> method.getName().equals(name) && !method.equals(guarded) && !method.isBridge())
                .toList();
        return named.stream()
                .filter(method -> fits(method, guarded))
                .map(method -> new Fallback(accessible(method, guarded, type), takesRefusal(method, guarded)))
                .max(Comparator.comparing(Fallback::takesRefusal))
                .orElseThrow(() -> missing(guarded, type, name, named));
    }

    /** Runs it; what it throws is thrown as it is. */
    @Nullable
    Object run(@Nullable Object target, @Nullable Object[] arguments, TradingPausedException refusal) throws Throwable {
        @Nullable Object[] passed = arguments;
        if (takesRefusal) {
            passed = Arrays.copyOf(arguments, arguments.length + 1);
            passed[arguments.length] = refusal;
        }
        try {
            return method.invoke(target, passed);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause();
            throw thrown == null ? e : thrown;
        }
    }

    private static boolean fits(Method candidate, Method guarded) {
        return !Modifier.isAbstract(candidate.getModifiers())
                && returns(guarded.getReturnType(), candidate.getReturnType())
                && (takesRefusal(candidate, guarded)
                        || Arrays.equals(candidate.getParameterTypes(), guarded.getParameterTypes()));
    }

    private static boolean returns(Class<?> asked, Class<?> given) {
        return asked == void.class ? given == void.class : asked.isAssignableFrom(given);
    }

    private static boolean takesRefusal(Method candidate, Method guarded) {
        Class<?>[] parameters = guarded.getParameterTypes();
        Class<?>[] withRefusal = Arrays.copyOf(parameters, parameters.length + 1);
        withRefusal[parameters.length] = TradingPausedException.class;
        return Arrays.equals(candidate.getParameterTypes(), withRefusal);
    }

    private static Method accessible(Method fallback, Method guarded, Class<?> type) {
        try {
            ReflectionUtils.makeAccessible(fallback);
            return fallback;
        } catch (RuntimeException e) {
            throw invalid(
                    guarded,
                    type,
                    fallback.getName(),
                    "the fallback cannot be called: " + e.getMessage(),
                    "Open the package to spring.core, or make the fallback and its class public.");
        }
    }

    private static InvalidGuardException missing(Method guarded, Class<?> type, String name, List<Method> named) {
        boolean isOverload = guarded.getName().equals(name);
        if (isOverload && named.stream().noneMatch(method -> takesRefusal(method, guarded))) {
            return invalid(
                    guarded,
                    type,
                    name,
                    "the fallback is guarded itself, and so it may be refused as well",
                    "Make a private method the fallback: an annotation on a class guards its methods but for private and"
                            + " static ones.");
        }
        String returned = guarded.getReturnType().getSimpleName();
        String signature = InvalidGuardException.signature(guarded)
                .substring(guarded.getName().length());
        String withRefusal =
                signature.replace(")", guarded.getParameterCount() == 0 ? "" : ", ") + "TradingPausedException)";
        String reason = named.isEmpty()
                ? "there is no method '" + name + "' in " + type.getName()
                : "no method '" + name + "' has the parameters and the return type that are needed; there is "
                        + named.stream()
                                .map(method -> method.getReturnType().getSimpleName() + " "
                                        + InvalidGuardException.signature(method))
                                .sorted()
                                .toList();
        return invalid(
                guarded,
                type,
                name,
                reason,
                "Add the method '" + (isOverload ? "" : returned + " " + name + signature + "' or '") + returned + " "
                        + name + withRefusal.replace("()", "(") + "' to the class, or remove the attribute.");
    }

    private static InvalidGuardException invalid(
            Method guarded, Class<?> type, String name, String reason, String remedy) {
        return new InvalidGuardException(
                InvalidGuardException.place(guarded, type), "(fallback = \"" + name + "\")", reason, remedy);
    }
}

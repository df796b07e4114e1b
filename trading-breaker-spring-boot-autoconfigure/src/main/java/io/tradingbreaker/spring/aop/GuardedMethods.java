package io.tradingbreaker.spring.aop;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.BridgeMethodResolver;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the guarded methods of a class of beans, once, and makes sure that they can be guarded. Thread-safe.
 *
 * <p>An annotation on the method, or on one that it overrides, comes before one on the class or its superclasses; last
 * comes one on an interface, which guards only the methods of that interface.
 */
final class GuardedMethods {

    private final UnaryOperator<String> placeholders;
    private final BooleanSupplier alwaysSubclasses;
    private final @Nullable DeferredCalls deferred;
    private final Map<Class<?>, List<Guard>> byType = new ConcurrentHashMap<>();

    /**
     * @param placeholders resolves a breaker's name, and a key
     * @param alwaysSubclasses whether beans with interfaces, too, are proxied by a subclass
     * @param deferred guards what is called later; null if nothing can be
     */
    GuardedMethods(
            UnaryOperator<String> placeholders, BooleanSupplier alwaysSubclasses, @Nullable DeferredCalls deferred) {
        this.placeholders = placeholders;
        this.alwaysSubclasses = alwaysSubclasses;
        this.deferred = deferred;
    }

    /**
     * The guarded methods of beans of that class.
     *
     * @throws InvalidGuardException if one cannot be guarded
     */
    List<Guard> of(Class<?> beanType) {
        Class<?> type = ClassUtils.getUserClass(beanType);
        List<Guard> known = byType.get(type);
        if (known != null) {
            return known;
        }
        List<Guard> found = AnnotationUtils.isCandidateClass(type, LatencyGuarded.class)
                // Bridges, and the bodies of Kotlin's suspending functions, which have the annotation too.
                ? in(type).filter(method -> !method.isSynthetic())
                        .map(method -> guard(method, type))
                        .flatMap(Stream::ofNullable)
                        .toList()
                : List.of();
        byType.put(type, found);
        return found;
    }

    /** The guard of a method of beans of that class; null if it is not guarded. */
    @Nullable
    Guard find(Method method, Class<?> beanType) {
        List<Guard> guards = of(beanType);
        if (guards.isEmpty()) {
            return null;
        }
        Method specific = Proxy.isProxyClass(beanType) ? method : AopUtils.getMostSpecificMethod(method, beanType);
        for (Guard guard : guards) {
            if (guard.method().equals(specific)) {
                return guard;
            }
        }
        return null;
    }

    /** The methods of a class and its superclasses, and the default methods of its interfaces. */
    static Stream<Method> in(Class<?> type) {
        return Proxy.isProxyClass(type)
                ? Arrays.stream(type.getInterfaces())
                        .flatMap(face -> Arrays.stream(face.getMethods()))
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                // A bridge may be all that stands in the class of a method that its superclass declares.
                : Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(type))
                        .map(BridgeMethodResolver::findBridgedMethod)
                        .distinct();
    }

    private @Nullable Guard guard(Method method, Class<?> type) {
        MergedAnnotation<LatencyGuarded> annotation =
                MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).get(LatencyGuarded.class);
        for (Method declared : annotation.isPresent() ? List.<Method>of() : inInterfaces(method, type)) {
            annotation = MergedAnnotations.from(declared, SearchStrategy.TYPE_HIERARCHY)
                    .get(LatencyGuarded.class);
            if (annotation.isPresent()) {
                break;
            }
        }
        if (!annotation.isPresent()) {
            annotation = onType(method, type);
        }
        if (!annotation.isPresent()) {
            return null;
        }
        check(method, type);
        LatencyGuarded guarded = annotation.synthesize();
        String fallback = guarded.fallback();
        List<Method> declarations = declarations(method, type);
        return new Guard(
                method,
                type,
                Objects.requireNonNullElse(
                        resolved("breaker's name", "", guarded.value(), method, type), guarded.value()),
                key(guarded.key(), annotation.getSource(), declarations, method, type),
                guarded.intent(),
                // Ahead of time, an interface may be all that is known of a bean; its class has the fallback.
                fallback.isBlank() || type.isInterface() ? null : Fallback.find(method, type, fallback.strip()),
                isDeferred(method, type),
                Reduction.find(method, declarations, type, guarded.intent()));
    }

    private @Nullable KeyExpression key(
            String key, @Nullable Object annotated, List<Method> declarations, Method method, Class<?> type) {
        String text = resolved("key", "key = ", key, method, type);
        if (text == null || text.isBlank()) {
            return null;
        }
        List<Method> named = new ArrayList<>(declarations);
        named.add(0, annotated instanceof Method source ? source : method);
        named.add(1, method);
        return KeyExpression.parse(text.strip(), method, named, type);
    }

    /** The method, and those that it implements or overrides. */
    private static List<Method> declarations(Method method, Class<?> type) {
        List<Method> declarations = new ArrayList<>(inInterfaces(method, type));
        declarations.add(method);
        for (Class<?> above = method.getDeclaringClass().getSuperclass();
                above != null;
                above = above.getSuperclass()) {
            Method overridden = ReflectionUtils.findMethod(above, method.getName(), method.getParameterTypes());
            if (overridden != null) {
                declarations.add(overridden);
            }
        }
        return declarations;
    }

    private boolean isDeferred(Method method, Class<?> type) {
        Class<?> returned = method.getReturnType();
        if (deferred == null || !deferred.isDeferred(returned)) {
            return false;
        }
        if (!deferred.canReturn(returned)) {
            throw new InvalidGuardException(
                    InvalidGuardException.place(method, type),
                    "",
                    "the method returns " + returned.getName() + ", which cannot be replaced by a guarded publisher",
                    "Let it return Mono, Flux or Publisher, or guard what calls it.");
        }
        return true;
    }

    private static MergedAnnotation<LatencyGuarded> onType(Method method, Class<?> type) {
        int modifiers = method.getModifiers();
        if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || ReflectionUtils.isObjectMethod(method)) {
            return MergedAnnotation.missing();
        }
        MergedAnnotation<LatencyGuarded> onClass =
                MergedAnnotations.from(type, SearchStrategy.SUPERCLASS).get(LatencyGuarded.class);
        if (onClass.isPresent()) {
            return onClass;
        }
        for (Class<?> face : ClassUtils.getAllInterfacesForClassAsSet(type)) {
            if (Arrays.stream(face.getMethods()).anyMatch(declared -> isImplementation(method, declared, type))) {
                MergedAnnotation<LatencyGuarded> onInterface = MergedAnnotations.from(
                                face, SearchStrategy.TYPE_HIERARCHY)
                        .get(LatencyGuarded.class);
                if (onInterface.isPresent()) {
                    return onInterface;
                }
            }
        }
        return MergedAnnotation.missing();
    }

    /** What a method implements, also where it is inherited from a class that knows nothing of the interface. */
    private static List<Method> inInterfaces(Method method, Class<?> type) {
        return ClassUtils.getAllInterfacesForClassAsSet(type).stream()
                .flatMap(face -> Arrays.stream(face.getMethods()))
                .filter(declared -> isImplementation(method, declared, type))
                .toList();
    }

    private static boolean isImplementation(Method method, Method declared, Class<?> type) {
        return method.getName().equals(declared.getName())
                && method.getParameterCount() == declared.getParameterCount()
                && (Proxy.isProxyClass(type)
                        ? Arrays.equals(method.getParameterTypes(), declared.getParameterTypes())
                        : AopUtils.getMostSpecificMethod(declared, type).equals(method));
    }

    private void check(Method method, Class<?> type) {
        int modifiers = method.getModifiers();
        if (Modifier.isPrivate(modifiers)) {
            throw unguardable(method, type, "the method is private", "Make it public");
        }
        if (Modifier.isStatic(modifiers)) {
            throw unguardable(method, type, "the method is static", "Make it an instance method");
        }
        if (Modifier.isFinal(modifiers)) {
            throw unguardable(method, type, "the method is final", "Remove 'final'");
        }
        boolean isPackagePrivate = !Modifier.isPublic(modifiers) && !Modifier.isProtected(modifiers);
        if (isPackagePrivate && !method.getDeclaringClass().getPackageName().equals(type.getPackageName())) {
            throw unguardable(
                    method,
                    type,
                    "the method is package-private in another package ("
                            + method.getDeclaringClass().getName() + ")",
                    "Make it public or protected");
        }
        if (Modifier.isFinal(type.getModifiers()) && !isProxiedByInterface(type)) {
            throw new InvalidGuardException(
                    type.getName(),
                    "",
                    type.isRecord() ? "the class is a record, and so it is final" : "the class is final",
                    (type.isRecord() ? "Make it a class that is not final" : "Remove 'final'")
                            + ": a bean is guarded through a subclass of its class.");
        }
    }

    private boolean isProxiedByInterface(Class<?> type) {
        return Proxy.isProxyClass(type)
                || ClassUtils.isLambdaClass(type)
                || (!alwaysSubclasses.getAsBoolean() && ClassUtils.getAllInterfacesForClass(type).length > 0);
    }

    /** Null for what is set only where an application will run that is processed ahead of time. */
    private @Nullable String resolved(String what, String attribute, String text, Method method, Class<?> type) {
        try {
            return placeholders.apply(text);
        } catch (IllegalArgumentException e) {
            if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
                return null;
            }
            throw new InvalidGuardException(
                    InvalidGuardException.place(method, type),
                    "(" + attribute + "\"" + text + "\")",
                    "the placeholder in the " + what + " cannot be resolved",
                    "Set the property that it names, or give it a default: ${property:default}.");
        }
    }

    private static InvalidGuardException unguardable(Method method, Class<?> type, String reason, String remedy) {
        return new InvalidGuardException(
                InvalidGuardException.place(method, type),
                "",
                reason,
                remedy + ", or move the annotation to a method that other beans call: only calls through the bean's"
                        + " proxy are guarded.");
    }
}

package io.tradingbreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A {@link LatencyGuarded} that cannot do its work; it stops the start. */
public final class InvalidGuardException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String place;
    private final String annotation;
    private final String reason;
    private final String remedy;

    InvalidGuardException(String place, String attributes, String reason, String remedy) {
        super("@LatencyGuarded on " + place + ": " + reason);
        this.place = place;
        this.annotation = "@LatencyGuarded" + attributes;
        this.reason = reason;
        this.remedy = remedy;
    }

    /** The class, or the class, method and parameter types, that is to be guarded. */
    public String place() {
        return place;
    }

    /** The annotation, with the attribute that is wrong if there is one. */
    public String annotation() {
        return annotation;
    }

    /** What is wrong, as the end of a sentence. */
    public String reason() {
        return reason;
    }

    /** What to do about it, as a sentence. */
    public String remedy() {
        return remedy;
    }

    static String place(Method method, Class<?> type) {
        return type.getName() + "." + signature(method);
    }

    static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", method.getName() + "(", ")"));
    }
}

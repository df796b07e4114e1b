package io.tradingbreaker.spring.aop;

import io.tradingbreaker.Intent;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * Which parameters of a method say how much it takes off which position. Immutable.
 *
 * @param quantity the index of the {@link Quantity}
 * @param instrument the index of the {@link Instrument}
 */
record Reduction(int quantity, int instrument) {

    /** Sums of longer or wider numbers would take more memory than any quantity is worth. */
    private static final int MOST_DIGITS = 100;

    /**
     * What is marked; null if nothing is.
     *
     * @param declarations the method, and those that it implements or overrides
     * @throws InvalidGuardException if the marks make no sense
     */
    static @Nullable Reduction find(Method method, List<Method> declarations, Class<?> type, Intent intent) {
        int[] quantities = marked(method, declarations, Quantity.class);
        int[] instruments = marked(method, declarations, Instrument.class);
        if (quantities.length == 0 && instruments.length == 0) {
            return null;
        }
        if (intent != Intent.REDUCE) {
            throw new InvalidGuardException(
                    InvalidGuardException.place(method, type),
                    "",
                    "parameters are marked with @Quantity or @Instrument, but the intent is " + intent,
                    "Set 'intent = Intent.REDUCE', or remove the marks: only what reduces is held against a position.");
        }
        if (quantities.length != 1 || instruments.length != 1) {
            throw invalid(
                    method,
                    type,
                    "there are " + quantities.length + " parameters marked with @Quantity and " + instruments.length
                            + " with @Instrument",
                    "Mark exactly one with each.");
        }
        Class<?> number = method.getParameterTypes()[quantities[0]];
        if (!Number.class.isAssignableFrom(ClassUtils.resolvePrimitiveIfNecessary(number))) {
            throw invalid(
                    method,
                    type,
                    "the parameter marked with @Quantity is a " + number.getSimpleName(),
                    "Mark a number: BigDecimal, long, or another.");
        }
        if (method.getParameterTypes()[instruments[0]].isArray()) {
            throw invalid(
                    method,
                    type,
                    "the parameter marked with @Instrument is an array",
                    "Mark one whose toString() names the instrument, such as a String or an enum.");
        }
        return new Reduction(quantities[0], instruments[0]);
    }

    /** Null unless it is a positive number of reasonable size. */
    @Nullable
    BigDecimal quantityOf(@Nullable Object[] arguments) {
        BigDecimal number = number(arguments[quantity]);
        return number == null || number.signum() <= 0 ? null : number;
    }

    /** Null if it cannot be told. */
    @Nullable
    String instrumentOf(@Nullable Object[] arguments) {
        Object named = arguments[instrument];
        try {
            return named == null ? null : named.toString();
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static @Nullable BigDecimal number(@Nullable Object value) {
        try {
            BigDecimal number = value instanceof BigDecimal decimal
                    ? decimal
                    : value instanceof BigInteger integer
                            ? new BigDecimal(integer)
                            : value == null ? null : new BigDecimal(value.toString());
            boolean isReasonable = number != null
                    && Math.abs((long) number.scale()) <= MOST_DIGITS
                    && number.unscaledValue().bitLength() <= 4 * MOST_DIGITS;
            return isReasonable ? number : null;
        } catch (RuntimeException e) { // NaN, an infinity, or a number of the application's own
            return null;
        }
    }

    private static int[] marked(Method method, List<Method> declarations, Class<? extends Annotation> mark) {
        return IntStream.range(0, method.getParameterCount())
                .filter(index -> declarations.stream().anyMatch(declared -> {
                    Parameter parameter = declared.getParameters()[index];
                    return parameter.isAnnotationPresent(mark);
                }))
                .toArray();
    }

    private static InvalidGuardException invalid(Method method, Class<?> type, String reason, String remedy) {
        return new InvalidGuardException(
                InvalidGuardException.place(method, type), "(intent = Intent.REDUCE)", reason, remedy);
    }
}

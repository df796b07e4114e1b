package io.tradingbreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.NativeDetector;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.ExpressionException;
import org.springframework.expression.spel.SpelCompilerMode;
import org.springframework.expression.spel.SpelEvaluationException;
import org.springframework.expression.spel.SpelParserConfiguration;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.expression.spel.support.StandardTypeLocator;
import org.springframework.util.ObjectUtils;

/**
 * The SpEL expression that gives each call of one method its key. The expression is the developer's; what it gives may come
 * from anywhere, and is only ever a key. Parsed once; thread-safe.
 *
 * <p>An expression that is one parameter and nothing else is not evaluated by SpEL. Others are compiled once they have
 * been evaluated often, where that is possible.
 */
final class KeyExpression {

    private static final Logger log = LoggerFactory.getLogger("io.tradingbreaker.spring");
    private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();
    private static final int NONE = -1;

    private final Method method;
    private final String place;
    private final SpelExpression expression;
    private final Map<String, Integer> parameters;
    // Of its own: it remembers the classes that it has seen.
    private final StandardEvaluationContext shared = new StandardEvaluationContext();
    private final int only;
    private final AtomicBoolean hasFailed = new AtomicBoolean();

    private KeyExpression(Method method, Class<?> type, SpelExpression expression, Map<String, Integer> parameters) {
        this.method = method;
        this.place = InvalidGuardException.place(method, type);
        this.expression = expression;
        this.parameters = parameters;
        shared.setTypeLocator(new StandardTypeLocator(type.getClassLoader()));
        only = expression.getAST() instanceof VariableReference variable
                ? parameters.getOrDefault(name(variable), NONE)
                : NONE;
    }

    /**
     * The expression, parsed.
     *
     * @param declarations the method and those that it implements or overrides; names of parameters in the first count most
     * @throws InvalidGuardException if it is no expression, or one that gives no call a key
     */
    static KeyExpression parse(String text, Method method, List<Method> declarations, Class<?> type) {
        SpelCompilerMode mode = NativeDetector.inNativeImage() ? SpelCompilerMode.OFF : SpelCompilerMode.MIXED;
        SpelParserConfiguration configuration = new SpelParserConfiguration(mode, type.getClassLoader());
        SpelExpression parsed;
        try {
            parsed = new SpelExpressionParser(configuration).parseRaw(text);
        } catch (ExpressionException e) {
            throw invalid(text, method, type, "the key is no SpEL expression: " + e.getMessage(), KeyCheck.REMEDY);
        }
        Map<String, Integer> parameters = parameters(method, declarations);
        KeyCheck.Fault fault = new KeyCheck(parameters).of(parsed.getAST());
        if (fault != null) {
            throw invalid(text, method, type, fault.reason(), fault.remedy());
        }
        return new KeyExpression(method, type, parsed, parameters);
    }

    /**
     * The key of a call; null if it has none, or none that could be told.
     *
     * @param target the bean itself
     */
    @Nullable
    String of(@Nullable Object target, @Nullable Object[] arguments) {
        try {
            return text(only == NONE ? evaluate(new KeyContext.Root(method, target, arguments)) : arguments[only]);
        } catch (Throwable e) { // The call is guarded all the same, by the breaker without a key.
            warn(e);
            return null;
        }
    }

    private @Nullable Object evaluate(KeyContext.Root call) {
        return expression.getValue(new KeyContext(shared, parameters, call));
    }

    /** As it was written. */
    @Override
    public String toString() {
        return expression.getExpressionString();
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        Object plain = ObjectUtils.unwrapOptional(value);
        if (plain == null) {
            return null;
        }
        String shown = ObjectUtils.nullSafeToString(plain);
        if (isOfOneObject(shown, plain.getClass().getName())) {
            throw new NoTextException(plain.getClass().getName() + " has no toString() of its own");
        }
        return shown;
    }

    /** Whether it is what {@link Object#toString} says: a key of its own for each object, of which no two calls have the same. */
    private static boolean isOfOneObject(String text, String type) {
        return text.length() > type.length() && text.charAt(type.length()) == '@' && text.startsWith(type);
    }

    /** Without what was thrown, which may hold what a caller sent. */
    private void warn(Throwable e) {
        log.debug("The key {} of {} failed", this, place, e);
        if (hasFailed.compareAndSet(false, true)) {
            log.warn(
                    "The key {} of {} failed for a call ({}{}), which is guarded by the breaker without a key; further ones are"
                            + " told at DEBUG only",
                    this,
                    place,
                    e instanceof NoTextException ? e.getMessage() : e.getClass().getSimpleName(),
                    e instanceof SpelEvaluationException spel ? " " + spel.getMessageCode() : "");
        }
    }

    private static Map<String, Integer> parameters(Method method, List<Method> declarations) {
        Map<String, Integer> parameters = new HashMap<>();
        for (Method declared : declarations) {
            @Nullable String @Nullable [] names = NAMES.getParameterNames(declared);
            for (int i = 0; names != null && i < names.length; i++) {
                String name = names[i];
                if (name != null) {
                    parameters.putIfAbsent(name, i);
                }
            }
        }
        for (int i = 0; i < method.getParameterCount(); i++) {
            parameters.putIfAbsent("p" + i, i);
            parameters.putIfAbsent("a" + i, i);
        }
        return Map.copyOf(parameters);
    }

    private static String name(VariableReference variable) {
        return variable.toStringAST().substring(1);
    }

    private static InvalidGuardException invalid(
            String text, Method method, Class<?> type, String reason, String remedy) {
        return new InvalidGuardException(
                InvalidGuardException.place(method, type), "(key = \"" + text + "\")", reason, remedy);
    }

    /** Its message tells nothing of what a caller sent. */
    private static final class NoTextException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NoTextException(String message) {
            super(message, null, false, false);
        }
    }
}

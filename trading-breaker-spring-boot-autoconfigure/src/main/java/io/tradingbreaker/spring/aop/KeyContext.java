package io.tradingbreaker.spring.aop;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.ConstructorResolver;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.MethodResolver;
import org.springframework.expression.OperatorOverloader;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypeComparator;
import org.springframework.expression.TypeConverter;
import org.springframework.expression.TypeLocator;
import org.springframework.expression.TypedValue;

/**
 * One call as a key's expression sees it: its parameters are the variables. All else is as SpEL has it, without beans and
 * assignments, and is shared by calls: making a whole context for each would cost more than evaluating a key.
 */
final class KeyContext implements EvaluationContext {

    private final EvaluationContext shared;
    private final Map<String, Integer> parameters;
    private final Root root;

    /** @param parameters the index of each name */
    KeyContext(EvaluationContext shared, Map<String, Integer> parameters, Root root) {
        this.shared = shared;
        this.parameters = parameters;
        this.root = root;
    }

    @Override
    public TypedValue getRootObject() {
        return new TypedValue(root);
    }

    @Override
    public @Nullable Object lookupVariable(String name) {
        Integer index = parameters.get(name);
        return index == null ? null : root.args[index];
    }

    @Override
    public void setVariable(String name, @Nullable Object value) {
        throw new UnsupportedOperationException("a key assigns nothing");
    }

    @Override
    public boolean isAssignmentEnabled() {
        return false;
    }

    @Override
    public List<PropertyAccessor> getPropertyAccessors() {
        return shared.getPropertyAccessors();
    }

    @Override
    public List<ConstructorResolver> getConstructorResolvers() {
        return shared.getConstructorResolvers();
    }

    @Override
    public List<MethodResolver> getMethodResolvers() {
        return shared.getMethodResolvers();
    }

    @Override
    public @Nullable BeanResolver getBeanResolver() {
        return null;
    }

    @Override
    public TypeLocator getTypeLocator() {
        return shared.getTypeLocator();
    }

    @Override
    public TypeConverter getTypeConverter() {
        return shared.getTypeConverter();
    }

    @Override
    public TypeComparator getTypeComparator() {
        return shared.getTypeComparator();
    }

    @Override
    public OperatorOverloader getOperatorOverloader() {
        return shared.getOperatorOverloader();
    }

    /** What stands behind {@code #root}: its properties are read by name. */
    static final class Root {

        private final Method method;
        private final @Nullable Object target;
        private final @Nullable Object[] args;

        Root(Method method, @Nullable Object target, @Nullable Object[] args) {
            this.method = method;
            this.target = target;
            this.args = args;
        }

        public Method getMethod() {
            return method;
        }

        public @Nullable Object getTarget() {
            return target;
        }

        public @Nullable Object[] getArgs() {
            return args;
        }
    }
}

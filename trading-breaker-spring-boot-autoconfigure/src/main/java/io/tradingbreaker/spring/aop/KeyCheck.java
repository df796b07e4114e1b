package io.tradingbreaker.spring.aop;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.InlineMap;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.OpDec;
import org.springframework.expression.spel.ast.OpInc;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.VariableReference;

/**
 * Looks in a key's expression for what could not be told for any call, so that the start stops and not each call goes
 * without its key. Immutable.
 *
 * @param parameters the index of each name
 */
record KeyCheck(Map<String, Integer> parameters) {

    static final String REMEDY =
            "Correct it: a parameter's name follows a '#', as in #endpoint.host, and text stands in quotes.";

    private static final Set<String> PROPERTIES = Set.of("method", "target", "args", "class");
    private static final Set<String> METHODS = Arrays.stream(KeyContext.Root.class.getMethods())
            .map(method -> method.getName() + "(")
            .collect(Collectors.toUnmodifiableSet());

    /** What is wrong with an expression, and what to do about it. */
    record Fault(String reason, String remedy) {}

    /** Null if nothing was found. */
    @Nullable
    Fault of(SpelNode expression) {
        return of(expression, Scope.CALL, Scope.CALL);
    }

    /**
     * Looks at a node and at all below it.
     *
     * @param here what a name without a '#' is read from
     * @param outside the same within the parentheses of a method
     */
    private @Nullable Fault of(SpelNode node, Scope here, Scope outside) {
        Fault fault = ofItself(node, here);
        for (int i = 0; i < node.getChildCount() && fault == null; i++) {
            SpelNode child = node.getChild(i);
            if (node instanceof Projection
                    || node instanceof Selection
                    || node instanceof Indexer
                    || node instanceof InlineMap) {
                fault = of(child, Scope.OTHER, Scope.OTHER);
            } else if (node instanceof CompoundExpression && i > 0) {
                fault = of(child, Scope.OTHER, outside);
            } else {
                fault = of(child, node instanceof MethodReference ? outside : here, outside);
            }
        }
        return fault;
    }

    private @Nullable Fault ofItself(SpelNode node, Scope here) {
        String text = node.toStringAST();
        if (node instanceof VariableReference || node instanceof FunctionReference) {
            return ofVariable(text.substring(1).replaceFirst("\\(.*", ""));
        }
        if (node instanceof BeanReference) {
            return new Fault("the key asks for the bean " + text + ", and a key knows no beans", REMEDY);
        }
        if (node instanceof Assign || node instanceof OpInc || node instanceof OpDec) {
            return new Fault("the key assigns something, in " + text, REMEDY);
        }
        boolean isOfNothing = here == Scope.CALL
                && ((node instanceof PropertyOrFieldReference && !PROPERTIES.contains(text))
                        || (node instanceof MethodReference && METHODS.stream().noneMatch(text::startsWith)));
        return isOfNothing
                ? new Fault("the key reads " + text + " from the call, which has only method, target and args", REMEDY)
                : null;
    }

    private @Nullable Fault ofVariable(String name) {
        return parameters.containsKey(name) || name.equals("root") || name.equals("this")
                ? null
                : new Fault(
                        "the key names #" + name + ", and the method has no such parameter; it has "
                                + new TreeSet<>(parameters.keySet()),
                        "Name a parameter, or #p0 for the first one: names are known only of classes that were compiled"
                                + " with '-parameters'.");
    }

    private enum Scope {
        /** {@link KeyContext.Root}. */
        CALL,
        /** Whatever comes before it. */
        OTHER
    }
}

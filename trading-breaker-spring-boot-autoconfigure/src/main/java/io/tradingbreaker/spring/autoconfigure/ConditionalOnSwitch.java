package io.tradingbreaker.spring.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/**
 * Matches where all named properties are true or, unless they are {@link #optIn}, not set, in every spelling that Spring Boot reads as a boolean: a
 * {@code "no"} means the same here as in the properties. One that cannot be read stops the start.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnSwitchCondition.class)
public @interface ConditionalOnSwitch {

    /** The properties' full names. */
    String[] value();

    /** The full names of those that are off where they are not set. */
    String[] optIn() default {};
}

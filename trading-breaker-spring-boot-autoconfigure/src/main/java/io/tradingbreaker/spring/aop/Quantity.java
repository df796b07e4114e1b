package io.tradingbreaker.spring.aop;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the number that says how much a method with {@code @LatencyGuarded(intent = REDUCE)} takes off a position, in
 * the unit of the {@link PositionView}. Stands on a parameter of the method or of one that it implements, together with
 * {@link Instrument}.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Quantity {}

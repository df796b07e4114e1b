package io.tradingbreaker.spring.aop;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Guards a trading method with a breaker: its calls are timed, and refused with
 * {@link io.tradingbreaker.TradingPausedException} while trading is paused.
 *
 * <p>Stands on a method, a class or an interface; the nearest one counts. A call is timed until the method returns, or
 * until the {@code CompletionStage} that it returns completes; then a refusal is a failed stage. It is timed until the {@code Future}
 * that it returns is done, whoever asks for it, seen about a millisecond late. Of a {@code Mono} or
 * {@code Flux} each subscription is a call, timed to the end of the one and to the first signal of the other; a refusal is
 * an error signal. A method that is called by its own object cannot be guarded. One that is private, static or final
 * stops the start; an annotation on the class passes over its private and static methods.
 *
 * <p>A guarded method that is entered on a thread already inside a guarded call of the same breaker, at the same or a
 * riskier intent, joins that call.
 */
@Documented
@Inherited
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface LatencyGuarded {

    /** The breaker's name; {@code ${…}} placeholders are resolved. */
    String value() default BreakerRegistry.DEFAULT_NAME;

    /**
     * A SpEL expression that gives each call a key, such as {@code #endpoint.host}: calls of one key have a breaker of
     * their own, made on demand with the settings of {@link #value}, of which there are at most {@code max-keys}. Without a
     * key, be it null or blank, {@link #value} itself guards the call; so it does where the expression fails, or gives an
     * object without a {@code toString} of its own, which is logged. Empty means that all calls share {@link #value}.
     *
     * <p>It sees the method's parameters by name, and as {@code #p0}, {@code #p1} and so on; and {@code #root.method},
     * {@code #root.target} and {@code #root.args}. {@code ${…}} placeholders are resolved before. One that cannot be parsed,
     * that names no parameter of the method, or that asks for beans or assigns, stops the start.
     */
    String key() default "";

    /** What the method does to the risk on the books. */
    Intent intent() default Intent.OPEN_RISK;

    /**
     * A method of the same class that runs instead when the call is refused: the same parameters, optionally a trailing
     * {@link io.tradingbreaker.TradingPausedException}, and the same return type. It never runs once the guarded method
     * was entered; of a publisher, it supplies the one for a refused subscription. Empty means that the refusal is thrown.
     */
    String fallback() default "";
}

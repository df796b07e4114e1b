package io.tradingbreaker.spring.desk;

import io.tradingbreaker.Transition;
import java.time.Duration;

/**
 * What is to be done when trading pauses and when it resumes: cancel resting orders, stop renewing a dead-man's switch.
 * Beans of this type are found; the bean's name is the hook's.
 *
 * <p>Trading pauses when a breaker goes from CLOSED or HALF_OPEN to OPEN or HALTED, and once more when one that is OPEN
 * is HALTED; in mode {@code observe} only a halt pauses. It resumes with CLOSED.
 *
 * <p>Runs on threads of its own, for several breakers at once, for one breaker one call after the other and in the order
 * of its transitions. It must be thread-safe, and should end when it is interrupted.
 */
public interface PauseHook {

    /** Trading has paused, though calls that were let in before may still be under way. */
    void onPause(Transition transition) throws Exception;

    /** Trading has resumed. */
    default void onResume(Transition transition) throws Exception {}

    /** How long one call may take before it is interrupted, 1 ms to 1 h; read once. */
    default Duration timeout() {
        return Duration.ofSeconds(10);
    }

    /** Whether this is a hook of that breaker. */
    default boolean supports(String breaker) {
        return true;
    }
}

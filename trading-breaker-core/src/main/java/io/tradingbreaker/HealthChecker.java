package io.tradingbreaker;

/**
 * Asks a node whether it is fit for trading, before a breaker lets a trial call through to it.
 *
 * <p>Runs on a thread of its own and may block; past {@code probe.timeout} it is interrupted and counts as unhealthy.
 * A breaker never asks while its last question is unanswered. An exception counts as unhealthy. Of several checkers
 * for one breaker all must be healthy; they are asked in order, up to the first that is not.
 */
@FunctionalInterface
public interface HealthChecker {

    HealthStatus check() throws Exception;

    /**
     * Whether this checker speaks for the breaker of that name; by default for every breaker. Asked once for each, on the
     * thread of the timers: it must not block.
     */
    default boolean supports(String breaker) {
        return true;
    }
}

package io.tradingbreaker;

/**
 * Told of every transition, once, in order, after the fact. Runs on a thread of the scheduler, one at a time per
 * breaker; a listener that throws, blocks or calls the breaker harms neither the breaker nor another breaker's
 * listeners.
 */
@FunctionalInterface
public interface StateChangeListener {

    void onStateChange(Transition transition);
}

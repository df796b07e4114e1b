package io.tradingbreaker;

import org.jspecify.annotations.Nullable;

/**
 * Told of every transition, once, in order, after the fact. Runs on a thread of the scheduler, one at a time per
 * breaker; a listener that throws, blocks or calls the breaker harms neither the breaker nor another breaker's
 * listeners.
 */
@FunctionalInterface
public interface StateChangeListener {

    void onStateChange(Transition transition);

    /**
     * What a drill that is over has shown of this listener's own work, as a check of the drill's report; null if it has
     * nothing to say. Asked after all listeners were told of the end.
     *
     * @param pause the transition that began the drill
     * @param end the one that ended it
     */
    default DrillReport.@Nullable Check checkDrill(Transition pause, Transition end) {
        return null;
    }

    /** Told of every change of a running breaker's limits, once, in order with the transitions that they decide. */
    default void onRetune(Retune retune) {}

    /** Told of a drill's report, once, after its end. */
    default void onDrillReport(DrillReport report) {}
}

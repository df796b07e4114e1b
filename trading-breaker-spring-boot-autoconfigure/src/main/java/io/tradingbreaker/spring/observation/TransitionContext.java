package io.tradingbreaker.spring.observation;

import io.micrometer.observation.Observation;
import io.tradingbreaker.Transition;

/** What is known of one transition. */
public final class TransitionContext extends Observation.Context {

    private final Transition transition;

    TransitionContext(Transition transition) {
        this.transition = transition;
    }

    public Transition transition() {
        return transition;
    }
}

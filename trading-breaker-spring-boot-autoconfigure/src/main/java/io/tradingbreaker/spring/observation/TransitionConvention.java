package io.tradingbreaker.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names the observation of a transition. A bean of this type replaces {@link DefaultTransitionConvention}. */
public interface TransitionConvention extends ObservationConvention<TransitionContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof TransitionContext;
    }
}

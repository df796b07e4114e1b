package io.tradingbreaker.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names the observation of a guarded call. A bean of this type replaces {@link DefaultBreakerCallConvention}. */
public interface BreakerCallConvention extends ObservationConvention<BreakerCallContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof BreakerCallContext;
    }
}

package io.tradingbreaker.spring.aop;

import java.util.List;

/** Calls that are guarded by configuration and not by annotations. Beans of this type are listed at the start. */
@FunctionalInterface
public interface GuardedPlaces {

    /**
     * The places, whose breakers are made by asking.
     *
     * @throws io.tradingbreaker.InvalidConfigException if there may be no breaker of that name
     */
    List<Place> places();

    /**
     * One place.
     *
     * @param breaker the breaker's name
     * @param text what is guarded, without secrets
     */
    record Place(String breaker, String text) {}
}

package io.tradingbreaker.spring.probe;

import java.net.URI;

/** Makes the looks of one {@code probe.type}. A bean of its own for each type. Thread-safe. */
public interface LookFactory {

    /** The value of {@code probe.type}, such as {@code http}. */
    String type();

    /**
     * Makes ready to look at an endpoint, without connecting; called at the start, once for each endpoint.
     *
     * @throws io.tradingbreaker.InvalidConfigException if the settings do not suit this type; the property is named
     *     relative to the breaker, as {@code probe.endpoints}
     */
    Look open(ProbeSettings settings, URI endpoint);
}

package io.tradingbreaker.spring.probe;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one breaker's probe, merged and validated. Immutable.
 *
 * <p>The endpoints, the headers' values and the token may hold secrets: what is printed shows none of them.
 *
 * @param breaker the breaker's name
 * @param type which {@link LookFactory} looks
 * @param endpoints 1 to 16 absolute URIs with a host
 * @param require how many of the endpoints must be healthy
 * @param requiredSuccesses healthy looks in a row that make an endpoint healthy
 * @param interval between looks in the background; null: looks are taken on an attempt at recovery only
 * @param timeout that a whole check may take
 * @param requestTimeout that a look may take
 * @param latencyLimit over which a look is not healthy
 * @param maxSlotAge that an endpoint's slot may stand still for
 * @param maxSlotLag slots that an endpoint may be behind the best that is known
 * @param method of the request, for type {@code http}
 * @param expectedStatus of the answer, for type {@code http}
 * @param headers sent with each request; metadata in gRPC
 * @param token sent as {@code x-token}
 * @param service whose health is asked for, for type {@code grpc-health}; empty means the server as a whole
 */
public record ProbeSettings(
        String breaker,
        String type,
        List<URI> endpoints,
        Require require,
        int requiredSuccesses,
        @Nullable Duration interval,
        Duration timeout,
        Duration requestTimeout,
        Duration latencyLimit,
        Duration maxSlotAge,
        int maxSlotLag,
        String method,
        Set<Integer> expectedStatus,
        Map<String, String> headers,
        @Nullable String token,
        String service) {

    /** How many of a probe's endpoints must be healthy. */
    public enum Require {
        /** Every one. */
        ALL,
        /** At least one. */
        ANY
    }

    public ProbeSettings {
        endpoints = List.copyOf(endpoints);
        expectedStatus = Set.copyOf(expectedStatus);
        headers = Map.copyOf(headers);
    }

    /** An endpoint without what may be secret in it: scheme, host and port. */
    public static String shown(URI endpoint) {
        return endpoint.getScheme() + "://" + endpoint.getHost()
                + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort());
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "ProbeSettings[breaker=" + breaker + ", type=" + type + ", endpoints="
                + endpoints.stream().map(ProbeSettings::shown).toList() + ", require=" + require + "]";
    }
}

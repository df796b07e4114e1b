package io.tradingbreaker.spring.probe;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one breaker's probe, merged and validated. Immutable but for the two that follow the breaker's limits.
 *
 * <p>The endpoints, the headers' values and the token may hold secrets: what is printed shows none of them.
 *
 * @param breaker the breaker's name
 * @param type which {@link LookFactory} looks
 * @param endpoints 1 to 16 absolute URIs with a host
 * @param require how many of the endpoints must be healthy
 * @param requiredSuccesses healthy looks in a row that make an endpoint healthy
 * @param interval between looks in the background; null: looks are taken on an attempt at recovery only
 * @param timeout that a whole check may take, at present
 * @param requestTimeout that a look may take
 * @param latencyLimit over which a look is not healthy, at present
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
        Supplier<Duration> timeout,
        Duration requestTimeout,
        Supplier<Duration> latencyLimit,
        Duration maxSlotAge,
        int maxSlotLag,
        String method,
        Set<Integer> expectedStatus,
        Map<String, String> headers,
        @Nullable String token,
        String service) {

    private static final long LONGEST_PAUSE_NANOS = 100_000_000;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Set<String> SLOT_TYPES = Set.of("solana-rpc", "yellowstone");

    /** How many of a probe's endpoints must be healthy. */
    public enum Require {
        /** Every one. */
        ALL,
        /** At least one. */
        ANY
    }

    /** @throws io.tradingbreaker.InvalidConfigException for the first value that is not allowed */
    public ProbeSettings {
        endpoints = List.copyOf(endpoints);
        expectedStatus = Set.copyOf(expectedStatus);
        headers = Map.copyOf(headers);
        ProbeChecks.count("probe.endpoints", endpoints.size(), 0, 16);
        ProbeChecks.count("probe.required-successes", requiredSuccesses, 1, 100);
        ProbeChecks.requestTimeout(requestTimeout, timeout.get());
        ProbeChecks.duration("probe.max-slot-age", maxSlotAge, Duration.ofMillis(100), HOUR);
        ProbeChecks.count("probe.max-slot-lag", maxSlotLag, 0, 1_000_000);
        if (interval != null) {
            ProbeChecks.duration("probe.interval", interval, Duration.ofMillis(50), HOUR);
            if (SLOT_TYPES.contains(type)) {
                ProbeChecks.interval(interval, maxSlotAge);
            }
        }
        ProbeChecks.method(method);
        ProbeChecks.statuses(expectedStatus);
        ProbeChecks.headers(headers);
        ProbeChecks.token(token);
        ProbeChecks.service(service);
    }

    /** The time between two looks of one check: the looks that are required fit into half of its timeout. */
    Duration pause() {
        return Duration.ofNanos(Math.min(LONGEST_PAUSE_NANOS, timeout.get().toNanos() / (2L * requiredSuccesses)));
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

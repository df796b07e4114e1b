package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.KeyedBreakers;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.autoconfigure.BreakerSettings.Probe;
import io.tradingbreaker.spring.probe.Look;
import io.tradingbreaker.spring.probe.LookFactory;
import io.tradingbreaker.spring.probe.OpenProbe;
import io.tradingbreaker.spring.probe.ProbeSettings;
import io.tradingbreaker.spring.probe.ProbeSettings.Require;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Merges each breaker's probe, key by key: the built-in settings, then {@code defaults}, then its own; lists and headers
 * are replaced. Opens what comes of it.
 */
final class MergedProbes {

    private static final String NONE = "none";
    private static final Set<String> OVER_GRPC = Set.of("grpc-health", "yellowstone");

    private final TradingBreakerProperties properties;
    private final Probe shared;
    private final Map<String, LookFactory> factories = new TreeMap<>();

    MergedProbes(TradingBreakerProperties properties, List<LookFactory> factories) {
        this.properties = properties;
        shared = probe(properties.defaults());
        factories.forEach(factory -> this.factories.putIfAbsent(factory.type(), factory));
    }

    private static Probe probe(@Nullable BreakerSettings breaker) {
        return breaker == null ? Probe.EMPTY : Objects.requireNonNullElse(breaker.probe(), Probe.EMPTY);
    }

    /**
     * The breaker's probe, ready to look; null if it has none. A keyed breaker has none: the endpoints are those of another
     * node, or of all.
     */
    @Nullable
    OpenProbe open(TradingBreaker breaker) {
        if (KeyedBreakers.isKeyed(breaker.name())) {
            return null;
        }
        try {
            Probe own = probe(properties.breakers().get(breaker.name()));
            ProbeSettings settings = settings(breaker, own);
            return settings.type().equals(NONE) ? null : open(settings);
        } catch (InvalidConfigException e) {
            throw new InvalidBreakerException(breaker.name(), e, false);
        }
    }

    private ProbeSettings settings(TradingBreaker breaker, Probe own) {
        Duration timeout = breaker.config().probeTimeout();
        Duration patience = Duration.ofMillis(400);
        return new ProbeSettings(
                breaker.name(),
                type(own),
                endpoints(first(own, Probe::endpoints, List.of())),
                first(own, Probe::require, Require.ALL),
                first(own, Probe::requiredSuccesses, 1),
                own.interval() == null ? shared.interval() : own.interval(),
                () -> breaker.config().probeTimeout(),
                first(own, Probe::requestTimeout, timeout.compareTo(patience) < 0 ? timeout : patience),
                () -> breaker.config().latencyThreshold(),
                first(own, Probe::maxSlotAge, Duration.ofSeconds(1)),
                first(own, Probe::maxSlotLag, 20),
                text(own, Probe::method, "GET").toUpperCase(Locale.ROOT),
                first(own, Probe::expectedStatus, Set.of(200)),
                first(own, Probe::headers, Map.of()),
                text(own, Probe::token, "").isEmpty() ? null : text(own, Probe::token, ""),
                text(own, Probe::service, ""));
    }

    private String type(Probe own) {
        String type = text(own, Probe::type, "").toLowerCase(Locale.ROOT);
        if (type.isEmpty() && own.endpoints() != null && !own.endpoints().isEmpty()) {
            throw new InvalidConfigException("probe.type", "unset", "must be set where probe.endpoints are" + types());
        }
        return type.isEmpty() ? NONE : type;
    }

    private String types() {
        return ": " + String.join(", ", factories.keySet()) + " or none";
    }

    private <T> T first(Probe own, Function<Probe, @Nullable T> key, T builtIn) {
        T value = key.apply(own);
        if (value == null) {
            value = key.apply(shared);
        }
        return value == null ? builtIn : value;
    }

    private String text(Probe own, Function<Probe, @Nullable String> key, String builtIn) {
        String value = key.apply(own);
        if (value == null || value.isBlank()) {
            value = key.apply(shared);
        }
        return value == null || value.isBlank() ? builtIn : value.strip();
    }

    private static List<URI> endpoints(List<String> texts) {
        List<URI> endpoints = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            endpoints.add(endpoint(i, texts.get(i).strip()));
        }
        return endpoints;
    }

    private static URI endpoint(int number, String text) {
        try {
            URI endpoint = new URI(text);
            if (endpoint.getScheme() != null && endpoint.getHost() != null && endpoint.getPort() <= 65_535) {
                return endpoint;
            }
        } catch (URISyntaxException e) {
            // Not the cause of what is thrown: it repeats the text, which may hold a secret.
        }
        throw new InvalidConfigException(
                "probe.endpoints[" + number + "]",
                "not shown",
                "must be an absolute URI with a host, such as https://node.example.com:8899");
    }

    private OpenProbe open(ProbeSettings settings) {
        LookFactory factory = factories.get(settings.type());
        if (factory == null) {
            boolean isGrpcWanting = OVER_GRPC.contains(settings.type());
            throw new InvalidConfigException(
                    "probe.type",
                    settings.type(),
                    "must be one of" + types()
                            + (isGrpcWanting
                                    ? "; for this one add io.grpc:grpc-netty and io.grpc:grpc-stub to the class path"
                                    : ""));
        }
        if (settings.endpoints().isEmpty()) {
            throw new InvalidConfigException(
                    "probe.endpoints", "unset", "must be 1 to 16 URIs where probe.type is " + settings.type());
        }
        List<Look> looks = new ArrayList<>();
        try {
            settings.endpoints().forEach(endpoint -> looks.add(factory.open(settings, endpoint)));
        } catch (RuntimeException e) {
            looks.forEach(Look::close);
            throw e;
        }
        return new OpenProbe(settings, looks);
    }
}

package io.tradingbreaker.spring.probe.grpc;

import io.tradingbreaker.spring.probe.ProbeSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings of a probe, of which gRPC reads the headers, the token and the service. */
final class Settings {

    private Settings() {}

    static ProbeSettings plain() {
        return of(Map.of(), null, "");
    }

    static ProbeSettings of(Map<String, String> headers, @Nullable String token, String service) {
        return new ProbeSettings(
                "node",
                "yellowstone",
                List.of(URI.create("http://localhost")),
                ProbeSettings.Require.ALL,
                1,
                null,
                () -> Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                () -> Duration.ofMillis(200),
                Duration.ofSeconds(2),
                20,
                "GET",
                Set.of(200),
                headers,
                token,
                service);
    }
}

package io.tradingbreaker.spring.probe;

import io.tradingbreaker.spring.probe.ProbeSettings.Require;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Settings for tests: the built-in ones, but for the fields that a test changes. */
final class SettingsOf {

    String type = "http";
    Require require = Require.ALL;
    int requiredSuccesses = 1;
    Duration interval;
    Duration timeout = Duration.ofSeconds(3);
    Duration requestTimeout = Duration.ofMillis(400);
    Duration latencyLimit = Duration.ofMillis(200);
    Duration maxSlotAge = Duration.ofSeconds(2);
    int maxSlotLag = 20;
    String method = "GET";
    Set<Integer> expectedStatus = Set.of(200);
    Map<String, String> headers = Map.of();
    String token;

    ProbeSettings at(List<URI> endpoints) {
        return new ProbeSettings(
                "node",
                type,
                endpoints,
                require,
                requiredSuccesses,
                interval,
                () -> timeout,
                requestTimeout,
                () -> latencyLimit,
                maxSlotAge,
                maxSlotLag,
                method,
                expectedStatus,
                headers,
                token,
                "");
    }
}

package io.tradingbreaker.sample.jupiter;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How quotes are got.
 *
 * @param urls base addresses; the first one's breaker is {@code quotes-a}, and so on
 * @param apiKey sent with every call; unset sends none
 * @param apiKeyHeader the header that carries it
 * @param connectTimeout of a call
 * @param readTimeout of a call; longer than the breakers' threshold, and short, as another endpoint is asked then
 */
@ConfigurationProperties("jupiter")
public record JupiterProperties(
        @DefaultValue List<URI> urls,
        @Nullable String apiKey,
        @DefaultValue("x-api-key") String apiKeyHeader,
        @DefaultValue("500ms") Duration connectTimeout,
        @DefaultValue("400ms") Duration readTimeout) {

    private static final int MOST = 26;

    public JupiterProperties {
        if (urls.isEmpty() || urls.size() > MOST) {
            throw new IllegalArgumentException("jupiter.urls must be 1 to " + MOST);
        }
    }

    /** Without what may hold a key. */
    @Override
    public String toString() {
        return "JupiterProperties[" + urls.size() + " urls]";
    }
}

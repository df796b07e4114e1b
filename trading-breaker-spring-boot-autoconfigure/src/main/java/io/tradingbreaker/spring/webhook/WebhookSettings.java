package io.tradingbreaker.spring.webhook;

import io.tradingbreaker.BreakerState;
import io.tradingbreaker.InvalidConfigException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where transitions are sent, and how. Shows no secret.
 *
 * @param url http or https; user, path and query are secret
 * @param timeout what one attempt may take, 100 ms to 1 min
 * @param attempts how often a delivery is tried, 1 to 20
 * @param queueSize how many transitions wait, 1 to 100,000; the eldest gives way
 * @param headers sent along; secret
 * @param states the states whose beginning is told
 */
public record WebhookSettings(
        URI url, Duration timeout, int attempts, int queueSize, Map<String, String> headers, Set<BreakerState> states) {

    private static final String HIDDEN = "******";
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9-]*");
    private static final Pattern TEXT = Pattern.compile("[\\x20-\\x7e\\x80-\\xff]{0,8192}");

    /**
     * Checks what is given.
     *
     * @throws InvalidConfigException if something is not allowed
     */
    public WebhookSettings {
        if (timeout.compareTo(Duration.ofMillis(100)) < 0 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new InvalidConfigException("webhook.timeout", timeout.toMillis() + "ms", "must be from 100ms to 1m");
        }
        count("webhook.attempts", attempts, 20);
        count("webhook.queue-size", queueSize, 100_000);
        headers.forEach(WebhookSettings::header);
        if (states.isEmpty()) {
            throw new InvalidConfigException("webhook.states", "[]", "must name at least one state");
        }
        headers = Map.copyOf(headers);
        states = Set.copyOf(states);
    }

    /**
     * Reads a URL.
     *
     * @throws InvalidConfigException if it is none of http or https
     */
    public static URI url(String text) {
        try {
            URI url = new URI(text.strip());
            boolean isHttp = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (isHttp && url.getHost() != null && url.getPort() <= 65_535) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below, without the text, which may hold secrets.
        }
        throw new InvalidConfigException("webhook.url", HIDDEN, "must be a URL that begins with http:// or https://");
    }

    /** Scheme, host and port: all that may be shown. */
    public String place() {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    private static void count(String property, int value, int most) {
        if (value < 1 || value > most) {
            throw new InvalidConfigException(property, value, "must be from 1 to " + most);
        }
    }

    private static void header(String name, String value) {
        boolean isAllowed =
                HEADER.matcher(name).matches() && TEXT.matcher(value).matches();
        try {
            if (isAllowed) {
                HttpRequest.newBuilder().header(name, value); // knows which ones are the client's own
            }
        } catch (IllegalArgumentException e) {
            isAllowed = false;
        }
        if (!isAllowed) {
            String key = name.toLowerCase(Locale.ROOT);
            throw new InvalidConfigException(
                    KEY.matcher(key).matches() ? "webhook.headers." + key : "webhook.headers",
                    HIDDEN,
                    "must be the name of a header that a client may set, with a value of one line");
        }
    }

    @Override
    public String toString() {
        return "WebhookSettings[" + place() + "]";
    }
}

package io.tradingbreaker.spring.probe;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What must not be shown although a server may repeat it. Immutable. */
public final class Secrets {

    private static final String HIDDEN = "******";
    private static final int SHORTEST = 6;
    /** Shorter ones are words, such as the path of a health page. */
    private static final int SHORTEST_IN_PATH = 12;

    private final List<String> secrets = new ArrayList<>();

    public Secrets(ProbeSettings settings) {
        add(settings.token(), SHORTEST, "\\s+");
        settings.headers().values().forEach(value -> add(value, SHORTEST, "\\s+"));
        for (URI endpoint : settings.endpoints()) {
            add(endpoint.getUserInfo(), SHORTEST, ":");
            add(ProbeHttp.basic(endpoint), SHORTEST, " ");
            add(endpoint.getPath(), SHORTEST_IN_PATH, "/");
            add(endpoint.getRawPath(), SHORTEST_IN_PATH, "/");
            add(endpoint.getRawQuery(), SHORTEST, "[&=]");
            add(endpoint.getQuery(), SHORTEST, "[&=]");
        }
        secrets.sort(Comparator.comparing(String::length).reversed());
    }

    private void add(@Nullable String text, int shortest, String between) {
        for (String part : Objects.requireNonNullElse(text, "").split(between, -1)) {
            if (part.length() >= shortest) {
                secrets.add(part);
            }
        }
    }

    /** Whether a text repeats one. */
    public boolean areIn(String text) {
        return secrets.stream().anyMatch(text::contains);
    }

    String hide(String text) {
        String safe = text;
        for (String secret : secrets) {
            safe = safe.replace(secret, HIDDEN);
        }
        return safe;
    }
}

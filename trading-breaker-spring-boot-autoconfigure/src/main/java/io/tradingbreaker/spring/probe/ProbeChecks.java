package io.tradingbreaker.spring.probe;

import io.tradingbreaker.InvalidConfigException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of settings, whose failures name the setting and what is allowed, and show no secret. */
final class ProbeChecks {

    static final String HIDDEN = "******";

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final int LONGEST_TEXT = 8192;
    private static final int LONGEST_SERVICE = 200;
    private static final int MOST_HEADERS = 32;
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9-]*");
    private static final Pattern TEXT = Pattern.compile("[\\x20-\\x7e]*");

    private ProbeChecks() {}

    static void count(String property, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidConfigException(property, value, "must be from " + least + " to " + most);
        }
    }

    static void duration(String property, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidConfigException(
                    property,
                    ProbeText.duration(value),
                    "must be from " + ProbeText.duration(least) + " to " + ProbeText.duration(most)
                            + (value.compareTo(least) < 0 ? " (a number without a unit means milliseconds)" : ""));
        }
    }

    static void requestTimeout(Duration value, Duration timeout) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(timeout) > 0) {
            throw new InvalidConfigException(
                    "probe.request-timeout",
                    ProbeText.duration(value),
                    "must be from " + ProbeText.duration(SHORTEST) + " to probe.timeout (" + ProbeText.duration(timeout)
                            + ")");
        }
    }

    /** Looks that are farther apart could never prove that the slot is young enough. */
    static void interval(Duration value, Duration maxSlotAge) {
        Duration most = maxSlotAge.dividedBy(2);
        if (value.compareTo(most) > 0) {
            throw new InvalidConfigException(
                    "probe.interval",
                    ProbeText.duration(value),
                    "must be at most half of probe.max-slot-age (" + ProbeText.duration(most) + ")");
        }
    }

    static void method(String value) {
        if (!METHODS.contains(value)) {
            throw new InvalidConfigException("probe.method", ProbeText.line(value), "must be GET, HEAD or POST");
        }
    }

    static void statuses(Set<Integer> values) {
        if (values.isEmpty()) {
            throw new InvalidConfigException("probe.expected-status", "empty", "must have at least one status");
        }
        for (int value : values) {
            count("probe.expected-status", value, 200, 599);
        }
    }

    static void headers(Map<String, String> headers) {
        if (headers.size() > MOST_HEADERS) {
            throw new InvalidConfigException(
                    "probe.headers", headers.size() + " headers", "must be at most " + MOST_HEADERS);
        }
        headers.forEach((name, value) -> {
            if (!NAME.matcher(name).matches() || !isText(value)) {
                throw header(name, "must be the name of a header with a value of one line in printable ASCII");
            }
        });
    }

    static InvalidConfigException header(String name, String allowed) {
        String key = name.toLowerCase(Locale.ROOT);
        return new InvalidConfigException(
                KEY.matcher(key).matches() ? "probe.headers." + key : "probe.headers", HIDDEN, allowed);
    }

    static void token(@Nullable String value) {
        if (value != null && !isText(value)) {
            throw new InvalidConfigException("probe.token", HIDDEN, "must be one line in printable ASCII");
        }
    }

    static void service(String value) {
        if (value.length() > LONGEST_SERVICE || !TEXT.matcher(value).matches()) {
            throw new InvalidConfigException(
                    "probe.service",
                    ProbeText.line(value),
                    "must be at most " + LONGEST_SERVICE + " characters of printable ASCII");
        }
    }

    private static boolean isText(String value) {
        return value.length() <= LONGEST_TEXT && TEXT.matcher(value).matches();
    }
}

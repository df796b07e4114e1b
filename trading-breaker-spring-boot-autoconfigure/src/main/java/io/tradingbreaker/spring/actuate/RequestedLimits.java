package io.tradingbreaker.spring.actuate;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerConfigBuilder;
import io.tradingbreaker.InvalidConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The limits that an operator wants: all that was sent besides the order itself.
 *
 * @param reader null if limits cannot be changed here
 * @param sent by key; from outside, so nothing is known of keys and values
 */
record RequestedLimits(@Nullable LimitReader reader, Map<String, ? extends @Nullable Object> sent) {

    private static final int LONGEST = 200;
    private static final Pattern SHOWABLE_KEY = Pattern.compile("[A-Za-z0-9._-]{1,60}");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    /**
     * Reads all of them.
     *
     * @throws RefusedRequestException if there is none, or for the first key that is not one of a limit that can be changed
     * @throws InvalidConfigException for the first value that cannot be read
     */
    BiConsumer<BreakerConfig, BreakerConfigBuilder> read() {
        if (reader == null) {
            throw new RefusedRequestException(400, "limits cannot be changed here", List.of());
        }
        if (sent.isEmpty()) {
            throw new RefusedRequestException(400, "no limit was given that is to change", reader.keys());
        }
        Map<String, String> texts = new LinkedHashMap<>();
        sent.forEach((key, value) -> {
            checkKey(key, reader);
            texts.put(key, text(key, value));
        });
        return reader.read(texts);
    }

    private static void checkKey(String key, LimitReader reader) {
        if (reader.keys().contains(key)) {
            return;
        }
        String why = reader.whyFixed(key);
        throw new RefusedRequestException(
                400, shown(key) + (why == null ? " is no limit of a breaker" : " " + why), reader.keys());
    }

    /** A key as the beginning of a sentence. */
    static String shown(String key) {
        return SHOWABLE_KEY.matcher(key).matches() ? "'" + key + "'" : "one of the keys";
    }

    private static String text(String key, @Nullable Object value) {
        if (!(value instanceof String text)) {
            throw new InvalidConfigException(key, "not one string", "must be one");
        }
        if (text.isBlank()) {
            throw new InvalidConfigException(key, "blank", "must have a value; what is left out stays as it is");
        }
        if (text.length() > LONGEST || UNPRINTABLE.matcher(text).find()) {
            throw new InvalidConfigException(
                    key, "not printable or too long", "must be one line of at most " + LONGEST + " characters");
        }
        return text.strip();
    }
}

package io.tradingbreaker;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Words for people: figures with units, and text from outside made safe for one line of a log. */
final class Text {

    private static final int LONGEST = 200;
    private static final long MOST_SECONDS = 1_000_000_000;

    private Text() {}

    static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }

    /** The YAML's spelling: 30s, 200ms, 5m. */
    static String duration(Duration value) {
        long nanos = value.toNanosPart();
        if (value.isZero()) {
            return "0";
        }
        long seconds = value.toSeconds();
        if (nanos != 0 && (seconds > MOST_SECONDS || seconds < -MOST_SECONDS)) {
            return value.toString();
        }
        if (nanos % 1_000_000 != 0) {
            return String.format(Locale.ROOT, "%.3fms", value.toNanos() / 1e6);
        }
        if (nanos != 0) {
            return value.toMillis() + "ms";
        }
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** Of an exception, even one that fails to describe itself. */
    static String of(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (RuntimeException | Error e) {
            return thrown.getClass().getName();
        }
    }

    /** An operator's reason as one bounded line. */
    static String reason(String reason) {
        String line = oneLine(reason);
        return line.isEmpty() ? "no reason given" : line;
    }

    /** An operator's name as one bounded line; null if there is none. */
    static @Nullable String actor(@Nullable String actor) {
        String line = actor == null ? "" : oneLine(actor);
        return line.isEmpty() ? null : line;
    }

    /** One bounded line: control characters and line separators become spaces, so that no log line can be forged. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LONGEST));
        text.codePoints()
                .limit(LONGEST)
                .map(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE -> ' ';
                    default -> c;
                })
                .forEach(line::appendCodePoint);
        return line.toString().strip();
    }
}

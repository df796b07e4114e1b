package io.tradingbreaker;

import java.time.Duration;

/** Range checks whose failure names the setting, its value and what is allowed. */
final class Checks {

    private Checks() {}

    static void duration(String property, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidConfigException(
                    property,
                    Text.duration(value),
                    "must be from " + Text.duration(least) + " to " + Text.duration(most)
                            + (value.compareTo(least) < 0 ? " (a number without a unit means milliseconds)" : ""));
        }
    }

    /** A duration of which zero means "off". */
    static void durationOrOff(String property, Duration value, Duration least, Duration most) {
        if (value.isZero()) {
            return;
        }
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidConfigException(
                    property,
                    Text.duration(value),
                    "must be 0 (off) or from " + Text.duration(least) + " to " + Text.duration(most));
        }
    }

    static void number(String property, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new InvalidConfigException(
                    property, value, "must be from " + Text.number(least) + " to " + Text.number(most));
        }
    }

    static void count(String property, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidConfigException(property, value, "must be from " + least + " to " + most);
        }
    }
}

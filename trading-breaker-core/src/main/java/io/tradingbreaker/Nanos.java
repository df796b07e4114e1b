package io.tradingbreaker;

import java.time.Duration;

/** Conversions between the API's durations and the nanoseconds inside. */
final class Nanos {

    private Nanos() {}

    static Tally tally(long count, long nanos) {
        return new Tally(count, Duration.ofNanos(nanos));
    }

    static double toMillis(long nanos) {
        return nanos / 1e6;
    }
}

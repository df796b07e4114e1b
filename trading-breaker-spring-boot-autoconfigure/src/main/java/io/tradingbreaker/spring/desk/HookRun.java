package io.tradingbreaker.spring.desk;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One call of a hook.
 *
 * @param breaker the breaker's name
 * @param hook the bean's name
 * @param event what has happened
 * @param at when it began; of one that was skipped, when that was decided
 * @param took how long it took, or has taken so far
 * @param result what came of it
 * @param detail one line for people; null if there is nothing to say
 */
public record HookRun(
        String breaker,
        String hook,
        Event event,
        Instant at,
        Duration took,
        Result result,
        @Nullable String detail) {

    /** What a hook is told of. */
    public enum Event {
        PAUSE,
        RESUME;

        /** As in views: {@code pause}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What comes of a call. */
    public enum Result {
        RUNNING,
        OK,
        /** It threw. */
        FAILED,
        /** It was interrupted, and may still go on if it ignores that. */
        TIMED_OUT,
        /** It was not called. */
        SKIPPED;

        /** As in views and meters: {@code timed-out}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}

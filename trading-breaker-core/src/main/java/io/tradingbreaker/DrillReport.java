package io.tradingbreaker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a drill has shown. Immutable.
 *
 * @param actor who asked for it; null if unknown
 * @param reason what for
 * @param startedAt the wall clock's time, for people; likewise {@code endedAt}
 */
public record DrillReport(
        String breaker, @Nullable String actor, String reason, Instant startedAt, Instant endedAt, List<Check> checks) {

    public DrillReport {
        checks = List.copyOf(checks);
    }

    /** Whether every check passed. */
    public boolean passed() {
        return checks.stream().allMatch(Check::passed);
    }

    /**
     * One of the things that were looked at.
     *
     * @param name a word such as {@code refuses}
     * @param detail what was found; one line of at most 200 characters
     * @param took the time from the beginning of the drill; null where it means nothing
     */
    public record Check(
            String name,
            boolean passed,
            String detail,
            @Nullable Duration took) {

        public Check {
            name = Text.oneLine(name);
            detail = Text.oneLine(detail);
        }
    }
}

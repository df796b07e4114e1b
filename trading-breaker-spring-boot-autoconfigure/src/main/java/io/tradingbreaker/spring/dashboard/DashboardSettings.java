package io.tradingbreaker.spring.dashboard;

import io.tradingbreaker.InvalidConfigException;
import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;

/**
 * How much the dashboard remembers.
 *
 * @param history how far back, 1 min to 24 h and at most 1,800 intervals
 * @param interval the time between two points of it, 1 s to 1 min
 */
public record DashboardSettings(Duration history, Duration interval) {

    private static final int MOST_POINTS = 1800;

    /** @throws InvalidConfigException for the first value that is out of its range */
    public DashboardSettings {
        if (isOutside(interval, Duration.ofSeconds(1), Duration.ofMinutes(1))) {
            throw new InvalidConfigException(
                    "dashboard.interval",
                    DurationStyle.SIMPLE.print(interval),
                    "must be from 1s to 1m (a number without a unit means milliseconds)");
        }
        Duration most = interval.multipliedBy(MOST_POINTS);
        if (isOutside(history, Duration.ofMinutes(1), Duration.ofDays(1)) || history.compareTo(most) > 0) {
            throw new InvalidConfigException(
                    "dashboard.history",
                    DurationStyle.SIMPLE.print(history),
                    "must be from 1m to 24h, and at most " + MOST_POINTS + " times dashboard.interval ("
                            + most.toSeconds() + "s)");
        }
    }

    int points() {
        return (int) history.dividedBy(interval);
    }

    private static boolean isOutside(Duration value, Duration least, Duration most) {
        return value.compareTo(least) < 0 || value.compareTo(most) > 0;
    }
}

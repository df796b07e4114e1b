package io.tradingbreaker;

import java.time.Duration;
import java.util.Objects;

/**
 * How many breakers a template has for single keys, and for how long. Immutable.
 *
 * @param maxKeys the number of keys that have a breaker of their own at the same time, 1 to 10,000; each that is used takes
 *     some 30 KB with the default window
 * @param whenFull what is done with a key that finds no room
 * @param idleTimeout how long a key's breaker stays without a call, 1 s to 24 h
 */
public record KeyPolicy(int maxKeys, WhenFull whenFull, Duration idleTimeout) {

    /** 100 keys, which are forgotten after 10 min without a call; further ones share the template's breaker. */
    public static final KeyPolicy DEFAULT = new KeyPolicy(100, WhenFull.SHARE, Duration.ofMinutes(10));

    /** What is done with the calls of a key that finds no room. */
    public enum WhenFull {
        /** The template itself guards them, all together. */
        SHARE,
        /** Those that open risk are refused; the template guards the others. In observe mode it guards all. */
        REFUSE
    }

    /** @throws InvalidConfigException if a value is out of its range */
    public KeyPolicy {
        Checks.count("max-keys", maxKeys, 1, 10_000);
        Objects.requireNonNull(whenFull, "whenFull");
        Checks.duration("key-idle-timeout", idleTimeout, Duration.ofSeconds(1), Duration.ofDays(1));
    }
}

package io.tradingbreaker;

import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that follows from one configuration of a breaker. A step reads it once, and a retuning replaces it as a
 * whole. Immutable.
 */
final class Tuning {

    final BreakerConfig config;
    final TripRules rules;
    /** A call over this is slow. */
    final long slowNanos;
    /** A sample over this counts against the percentile. */
    final long overNanos;
    /** A call older than this is given up. */
    final long lostNanos;
    /** A stream that is silent for longer is silent beyond the limit; 0: none is. */
    final long silenceNanos;
    /** The time without local pauses since when calls have been slow from {@link #slowNanos} on. */
    final long slowSince;
    /** How it came about; null for the first. */
    final Publisher.@Nullable Retuned cause;

    private final EnumSet<Intent> passing = EnumSet.noneOf(Intent.class);

    private Tuning(BreakerConfig config, TripRules rules, long slowSince, Publisher.@Nullable Retuned cause) {
        this.config = config;
        this.rules = rules;
        this.slowSince = slowSince;
        this.cause = cause;
        slowNanos = config.latencyThreshold().toNanos();
        overNanos = config.p99Threshold().isZero()
                ? slowNanos
                : config.p99Threshold().toNanos();
        lostNanos = config.permitTimeout().toNanos();
        silenceNanos = config.streamSilence().toNanos();
        passing.addAll(config.pass());
    }

    static Tuning first(BreakerConfig config) {
        return new Tuning(config, new TripRules(config), 0, null);
    }

    /**
     * The one that follows by a retuning.
     *
     * @param active the time without local pauses
     */
    Tuning retuned(Publisher.Retuned by, long active) {
        BreakerConfig next = by.retune().after();
        boolean isSame = next.latencyThreshold().equals(config.latencyThreshold());
        return new Tuning(next, new TripRules(next), isSame ? slowSince : active, by);
    }

    /** The same limits in another mode. */
    Tuning in(BreakerMode mode) {
        return new Tuning(config.with(changed -> changed.mode(mode)), rules, slowSince, cause);
    }

    /** An empty window with these limits. */
    Window window() {
        return new Window(config.windowSize(), config.windowAge().toNanos(), overNanos, rules);
    }

    /** How often the breaker has been retuned. */
    long number() {
        return cause == null ? 0 : cause.number();
    }

    /** Whether a pause lets calls of that intent through. */
    boolean passes(Intent intent) {
        return passing.contains(intent);
    }
}

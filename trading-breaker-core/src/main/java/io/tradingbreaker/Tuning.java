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
    /** How it came about; null for the first. */
    final Publisher.@Nullable Retuned cause;

    private final EnumSet<Intent> passing = EnumSet.noneOf(Intent.class);

    private Tuning(BreakerConfig config, TripRules rules, Publisher.@Nullable Retuned cause) {
        this.config = config;
        this.rules = rules;
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
        return new Tuning(config, new TripRules(config), null);
    }

    /** The one that follows by a retuning. */
    static Tuning retuned(Publisher.Retuned cause) {
        BreakerConfig config = cause.retune().after();
        return new Tuning(config, new TripRules(config), cause);
    }

    /** The same limits in another mode. */
    Tuning in(BreakerMode mode) {
        return new Tuning(config.with(changed -> changed.mode(mode)), rules, cause);
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

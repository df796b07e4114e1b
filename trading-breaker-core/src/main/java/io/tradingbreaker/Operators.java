package io.tradingbreaker;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What operators' calls do about halts, resumes and resets, of one breaker or of all of them. In memory alone ({@link AllBreakers}), or with a store
 * behind it ({@link StoredSwitch}). Thread-safe.
 */
sealed interface Operators permits AllBreakers, StoredSwitch {

    /** Makes a breaker one that can be found; one that is to be halted is halted before. */
    void add(TradingBreaker breaker);

    void halt(StateMachine breaker, String reason, @Nullable String actor);

    void resume(StateMachine breaker, String reason, @Nullable String actor);

    void reset(StateMachine breaker, String reason, @Nullable String actor);

    /** Halts every breaker, and those that are added later. */
    void halt(String reason, @Nullable String actor);

    void resume(String reason, @Nullable String actor);

    void reset(String reason, @Nullable String actor);

    /** A breaker has begun to wait for an operator. Does not block. */
    default void waits(StateMachine breaker) {}

    /** The breakers of which the store says something by name. */
    default Set<String> spokenOf() {
        return Set.of();
    }

    /** What there is to say of the store; null without one. */
    default @Nullable StoreStatus status() {
        return null;
    }

    default void close() {}
}

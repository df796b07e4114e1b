package io.tradingbreaker;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows the guarded calls and the transitions of all breakers of a registry, for tracing and the like. A call that joins
 * another is part of it and is not told of. Thread-safe; runs on the threads that make the calls, outside the time
 * that they are given. What it throws harms no call: it is logged once.
 */
public interface CallObserver {

    /**
     * A call has been let in and is about to begin.
     *
     * @param breaker the breaker that was asked, not a level above it
     * @param state the state in which it was let in
     * @param origin what the call is made in
     * @return null if it is not to be followed
     */
    @Nullable
    Call admitted(String breaker, Intent intent, BreakerState state, Origin origin);

    /**
     * A call was refused, by the breaker that was asked or by a level above it.
     *
     * @param breaker the breaker that was asked
     * @param origin what the call is made in
     */
    void refused(String breaker, Intent intent, TradingPausedException refusal, Origin origin);

    /**
     * A transition is being decided on this thread, outside any followed call. Must be fast: the thread may be the one of
     * the timers.
     *
     * @return told of the transition before the listeners, on their thread
     */
    StateChangeListener deciding();

    /** One call that is followed. Exactly one of {@link #ended} and {@link #abandoned} comes last. */
    interface Call {

        /** This thread works for the call until the scope is closed, which it does itself. */
        Scope open();

        /** What goes with the call where no thread does, by key: put into the context of a reactive stream. */
        Map<Object, Object> context();

        /**
         * This call decides a transition. Must be fast and must not block: a call that hangs is judged on the thread of
         * the stall check.
         *
         * @return told of the transition before the listeners, on their thread
         */
        StateChangeListener deciding();

        /**
         * The call has ended, on whatever thread.
         *
         * @param error what it threw, without wrappers; only of a failure
         */
        void ended(Outcome outcome, @Nullable Throwable error);

        /** The call was given up after {@code permit-timeout}. Told on a listeners' thread. */
        void abandoned();
    }

    /** A thread's time in a call. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {

        @Override
        void close();
    }

    /** What a call is made in where the thread does not say: a reactive stream's context. */
    @FunctionalInterface
    interface Origin {

        /** The calling thread alone. */
        Origin THREAD = key -> null;

        /** The value of that key; null if there is none. */
        @Nullable
        Object get(Object key);
    }
}

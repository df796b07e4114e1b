package io.tradingbreaker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of state. A breaker's transitions are numbered from 1 without a gap, and each {@code from} is the
 * {@code to} before it.
 *
 * @param breaker the breaker's name
 * @param sequence the number of this transition
 * @param at the wall clock's time, for people
 * @param from the state before
 * @param to the state after
 * @param reason why
 * @param actor the operator who asked for it; null if the breaker itself did
 */
public record Transition(
        String breaker,
        long sequence,
        Instant at,
        BreakerState from,
        BreakerState to,
        TransitionReason reason,
        @Nullable String actor) {}

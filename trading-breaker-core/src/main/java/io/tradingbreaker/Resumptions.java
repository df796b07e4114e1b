package io.tradingbreaker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a breaker came out of its latest pauses. A closing by trials is its own, unless an operator's resume began that
 * recovery. Immutable.
 *
 * @param own the times of its own closings on the monotonic clock, newest first, as many as the limit
 * @param isByHand whether an operator has resumed the present pause
 */
record Resumptions(List<Long> own, boolean isByHand) {

    /** How the message of a trip goes on that waits. */
    static final String WAITS = "; waits for an operator's resume";

    static final Resumptions NONE = new Resumptions(List.of(), false);

    /** The message of a trip that waits, without that. */
    static String withoutWaits(String message) {
        int end = message.indexOf(WAITS);
        return end < 0 ? message : message.substring(0, end);
    }

    /** How the message of a trip at that time goes on if it waits for an operator; null if it does not. */
    @Nullable
    String whyTripWaits(ResumePolicy policy, long now) {
        return switch (policy.kind()) {
            case AUTOMATIC -> null;
            case MANUAL -> WAITS;
            case LIMITED ->
                isUsedUp(policy, now)
                        ? WAITS + ", as trading has resumed by itself " + policy.limit() + " times in "
                                + Text.duration(policy.period())
                        : null;
        };
    }

    private boolean isUsedUp(ResumePolicy policy, long now) {
        int limit = policy.limit();
        return own.size() >= limit && now - own.get(limit - 1) < policy.period().toNanos();
    }

    /** Whether the policy counts any of them yet. */
    boolean matter(ResumePolicy policy, long now) {
        return policy.kind() == ResumePolicy.Kind.LIMITED
                && !own.isEmpty()
                && now - own.get(0) < policy.period().toNanos();
    }

    Resumptions after(Transition transition, long now, int limit) {
        Rule rule = transition.reason().rule();
        if (transition.to() == BreakerState.CLOSED) {
            return rule == Rule.TRIALS && !isByHand ? closedNow(now, limit) : with(false);
        }
        return rule == Rule.RESUME || rule == Rule.TRIP ? with(rule == Rule.RESUME) : this;
    }

    private Resumptions closedNow(long now, int limit) {
        List<Long> newestFirst = new ArrayList<>();
        newestFirst.add(now);
        newestFirst.addAll(own.subList(0, Math.min(own.size(), limit - 1)));
        return new Resumptions(List.copyOf(newestFirst), false);
    }

    private Resumptions with(boolean byHand) {
        return byHand == isByHand ? this : new Resumptions(own, byHand);
    }
}

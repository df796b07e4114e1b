package io.tradingbreaker;

import java.time.Duration;
import java.util.Map;

/**
 * What a breaker has counted since it was made. Cheap to read. The account holds at every reading:
 * {@code total = permitted + rejected} and
 * {@code permitted = successful + failed + ignored + abandoned + inFlight}.
 *
 * @param successfulTime the summed latency of successful calls; likewise for failed and ignored ones
 * @param abandoned permits given up after {@code permit-timeout}
 * @param stale completions that came after their phase had ended, or after they were abandoned
 * @param slow calls that took longer than {@code latency-threshold}, stalled ones included
 * @param stalled calls that were seen to be slow before they returned
 * @param wouldReject calls that ran only because the mode is {@link BreakerMode#OBSERVE}
 * @param consecutiveFailures the present run of failed or slow calls
 * @param oldestInFlight the age of the oldest call in flight; zero without one
 * @param recoveryAttempts attempts at recovery since the breaker was made
 * @param healthyProbes health checks answered well
 * @param unhealthyProbes health checks answered badly, late or not at all
 * @param alertDelay from the decision on a transition until all listeners were told
 * @param transitions the number of each kind of transition that has happened
 */
public record BreakerCounters(
        long total,
        long permitted,
        long rejected,
        long successful,
        long failed,
        long ignored,
        long abandoned,
        long inFlight,
        Duration successfulTime,
        Duration failedTime,
        Duration ignoredTime,
        long stale,
        long slow,
        long stalled,
        long wouldReject,
        long stateChanges,
        long consecutiveFailures,
        Duration oldestInFlight,
        long recoveryAttempts,
        Tally healthyProbes,
        Tally unhealthyProbes,
        Tally alertDelay,
        Map<TransitionKind, Long> transitions) {

    /** A legal combination of states and rule. */
    public record TransitionKind(BreakerState from, BreakerState to, Rule rule) {}
}

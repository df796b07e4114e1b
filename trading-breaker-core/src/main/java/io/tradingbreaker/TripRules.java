package io.tradingbreaker;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rules that end CLOSED. Each answers in constant time; the figures for people are worked out only for a trip. */
final class TripRules {

    private final BreakerConfig config;
    private final boolean percentileOn;
    private final int failureThreshold;
    private final AllowedOver allowed;

    TripRules(BreakerConfig config) {
        this.config = config;
        percentileOn = !config.p99Threshold().isZero();
        Integer threshold = config.failureThreshold();
        failureThreshold = threshold == null ? 0 : threshold;
        allowed = new AllowedOver(config);
    }

    /** How many samples may be over in a window of n. */
    int allowed(int n) {
        return allowed.of(n);
    }

    /** An over-threshold sample has entered a window. */
    @Nullable
    Finding percentile(Window window, long now) {
        if (!percentileOn) {
            return null;
        }
        window.trim(now);
        return percentile(window.estimate(Window.OVER)) == null ? null : percentile(window.recount(Window.OVER));
    }

    /** So many samples are over. */
    @Nullable
    Finding percentile(Samples.Share over) {
        int limit = allowed.of(over.of());
        return over.marked() > limit ? at -> explainPercentile(at, over, limit) : null;
    }

    /** The run of failed or slow calls has become longer. */
    @Nullable
    Finding consecutive(int run) {
        if (failureThreshold == 0 || run < failureThreshold) {
            return null;
        }
        return at -> at.machine.explanations.reason(
                at,
                Rule.CONSECUTIVE,
                run + " failed or slow calls in a row (failure-threshold " + failureThreshold + ", slow is over "
                        + Text.duration(config.latencyThreshold()) + ")",
                (double) run,
                (double) failureThreshold);
    }

    /** A failure has entered a window. */
    @Nullable
    Finding errorRate(Window window, long now) {
        double limit = config.errorRateThreshold();
        if (limit == 0) {
            return null;
        }
        window.trim(now);
        return errorRate(window.estimate(Window.FAILED)) == null ? null : errorRate(window.recount(Window.FAILED));
    }

    /** So many samples failed. */
    @Nullable
    Finding errorRate(Samples.Share failed) {
        double limit = config.errorRateThreshold();
        double rate = rate(failed.marked(), failed.of());
        if (rate < limit) {
            return null;
        }
        return at -> at.machine.explanations.reason(
                at,
                Rule.ERROR_RATE,
                String.format(
                        Locale.ROOT,
                        "%d of %s failed: %.1f %%, limit %.1f %%",
                        failed.marked(),
                        samples(failed.of()),
                        100 * rate,
                        100 * limit),
                rate,
                limit);
    }

    private double rate(int failed, int n) {
        return (double) failed / allowed.judgedAs(n);
    }

    /** This JVM stood still. */
    @Nullable
    Finding localPause(long pausedNanos) {
        long limit = config.localPauseLimit().toNanos();
        if (limit == 0 || pausedNanos <= limit) {
            return null;
        }
        return at -> at.machine.explanations.reason(
                at,
                Rule.LOCAL_PAUSE,
                "this JVM stood still for " + Text.millis(Nanos.toMillis(pausedNanos))
                        + " of the last 10 s (local-pause-limit " + Text.duration(config.localPauseLimit()) + ")",
                Nanos.toMillis(pausedNanos),
                Nanos.toMillis(limit));
    }

    /** A watched stream is silent beyond the limit. */
    Finding streamSilence(WatchedStreams.Silence silence) {
        return at -> at.machine.explanations.reason(
                at,
                Rule.STREAM_SILENCE,
                silence + " (stream-silence " + Text.duration(config.streamSilence()) + ")",
                Nanos.toMillis(silence.nanos()),
                Nanos.toMillis(config.streamSilence().toNanos()));
    }

    private TransitionReason explainPercentile(Phase phase, Samples.Share over, int limit) {
        double threshold = Nanos.toMillis(config.p99Threshold().toNanos());
        Latencies latencies = phase.machine.latencies(phase);
        double observed = Math.max(observedMillis(latencies), threshold);
        String message = String.format(
                Locale.ROOT,
                "P%s %s over %s: %d of %s slower, %d allowed",
                Text.number(config.percentile()),
                Text.millis(observed),
                Text.millis(threshold),
                over.marked(),
                samples(over.of()),
                limit);
        return phase.machine.explanations.reason(latencies, Rule.PERCENTILE, message, observed, threshold);
    }

    private String samples(int n) {
        int m = allowed.judgedAs(n);
        return n == m ? n + " samples" : n + " samples (judged as " + m + ")";
    }

    /** The exact percentile by nearest rank, with the missing samples of a short window as the fastest. */
    private double observedMillis(Latencies latencies) {
        long[] sorted = latencies.nanos.clone();
        Arrays.sort(sorted);
        int m = allowed.judgedAs(sorted.length);
        int at = allowed.rank(m) - 1 - (m - sorted.length);
        return at < 0 ? 0 : Nanos.toMillis(sorted[at]);
    }

    /** A rule that has fired, and how it explains itself. */
    @FunctionalInterface
    interface Finding {

        TransitionReason reason(Phase phase);
    }
}

package io.tradingbreaker;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Holds breakers against their models and collects what differs. */
final class ModelComparison {

    private final BreakerRegistry registry;
    private final BreakerClock clock;
    private final ModelTime time;
    private final StringBuilder differences = new StringBuilder();

    ModelComparison(BreakerRegistry registry, BreakerClock clock, ModelTime time) {
        this.registry = registry;
        this.clock = clock;
        this.time = time;
    }

    /** Null without any. */
    String differences() {
        return differences.length() == 0 ? null : differences.toString();
    }

    void compare(Breaker breaker, BreakerModel level, boolean isThorough) {
        level.window.trim();
        Phase phase = breaker.gate().machine().phase();
        TransitionReason reason = phase.reason();
        BreakerCounters c = breaker.counters();
        Latencies window = breaker.gate().machine().latencies(phase);
        int n = level.window.size();
        differ(level, "state", breaker.state(), level.state);
        differ(level, "mode", breaker.mode(), level.mode);
        differ(level, "rule", reason == null ? null : reason.rule(), level.rule);
        differ(level, "attempt", phase.failedAttempts(), level.attempts());
        Duration wait = phase.state == BreakerState.OPEN ? phase.retryAfter() : null;
        long due = wait == null ? -1 : wait.toNanos();
        differ(level, "until the next attempt", due, level.untilDue());
        differ(level, "waits", breaker.awaitsResume(), level.waits);
        differ(level, "samples", window.nanos.length, n);
        differ(level, "over", window.over, level.window.over());
        differ(level, "total", c.total(), level.permitted + level.rejected);
        differ(level, "permitted", c.permitted(), level.permitted);
        differ(level, "rejected", c.rejected(), level.rejected);
        differ(level, "successful", c.successful(), level.ended(Outcome.SUCCESS));
        differ(level, "failed", c.failed(), level.ended(Outcome.FAILURE));
        differ(level, "ignored", c.ignored(), level.ended(Outcome.IGNORED) + level.ended(Outcome.DISCARDED));
        differ(level, "abandoned", c.abandoned(), level.abandoned);
        differ(level, "in flight", c.inFlight(), (long) level.inFlight.size());
        differ(level, "stale", c.stale(), level.stale);
        differ(level, "slow", c.slow(), level.slow);
        differ(level, "stalled", c.stalled(), level.stalled);
        differ(level, "would reject", c.wouldReject(), level.wouldReject);
        differ(level, "changes", c.stateChanges(), level.changes);
        differ(level, "run", c.consecutiveFailures(), level.run);
        differ(level, "recovery attempts", c.recoveryAttempts(), level.recoveryAttempts);
        differ(level, "healthy probes", c.healthyProbes().count(), level.prober.healthy);
        differ(level, "unhealthy probes", c.unhealthyProbes().count(), level.prober.unhealthy);
        if (isThorough) {
            compareThoroughly(breaker.snapshot(), level, c, window.nanos);
        }
    }

    private void compareThoroughly(BreakerSnapshot s, BreakerModel level, BreakerCounters c, long[] window) {
        differ(level, "allowed", s.window().allowed(), (long) level.window.allowed());
        differ(level, "since", Duration.between(s.since(), clock.instant()), nanos(time.now() - level.since));
        BreakerSnapshot.Probe probe = s.recovery().lastProbe();
        differ(level, "last probe", probe == null ? null : probe.healthy(), level.prober.last);
        differ(level, "transitions", c.transitions(), level.transitions);
        differ(level, "time of successes", c.successfulTime(), nanos(level.nanos(Outcome.SUCCESS)));
        differ(level, "time of failures", c.failedTime(), nanos(level.nanos(Outcome.FAILURE)));
        long ignoredNanos = level.nanos(Outcome.IGNORED) + level.nanos(Outcome.DISCARDED);
        differ(level, "time of the ignored", c.ignoredTime(), nanos(ignoredNanos));
        long active = time.active();
        long oldest =
                level.inFlight.stream().mapToLong(h -> active - h.start).max().orElse(0);
        differ(level, "oldest", c.oldestInFlight(), nanos(oldest));
        level.inFlight.stream().filter(h -> h.sample != null).forEach(h -> h.sample.nanos = active - h.start);
        List<Long> expected = level.window.samples.stream()
                .map(sample -> sample.nanos)
                .sorted()
                .toList();
        differ(level, "latencies", Arrays.stream(window).sorted().boxed().toList(), expected);
        if (level.config.samplingRate() == 1 && !expected.isEmpty()) {
            differ(level, "least", s.latency().min(), nanos(expected.get(0)));
            differ(level, "greatest", s.latency().max(), nanos(expected.get(expected.size() - 1)));
        }
        differ(level, "pauses", registry.localPauses(), Nanos.tally(time.pauses(), time.paused()));
    }

    /** Each listener sees every transition once, from where the one before it led to. */
    void compareChain(Breaker breaker, BreakerModel level, List<Transition> told) {
        BreakerState from = BreakerState.CLOSED;
        long sequence = 0;
        for (Transition t : told) {
            if (t.breaker().equals(level.name)) {
                sequence++;
                differ(level, "number of a transition", t.sequence(), sequence);
                differ(level, "from of transition " + sequence, t.from(), from);
                from = t.to();
            }
        }
        differ(level, "state last told", from, breaker.state());
        differ(level, "transitions told", sequence, breaker.counters().stateChanges());
    }

    private static Duration nanos(long nanos) {
        return Duration.ofNanos(nanos);
    }

    void differ(BreakerModel level, String what, long is, long specified) {
        if (is != specified) {
            differ(level, what, (Long) is, (Long) specified);
        }
    }

    void differ(BreakerModel level, String what, Object is, Object specified) {
        if (!Objects.equals(is, specified)) {
            differences.append(String.format("%n    %s: %s is %s, specified %s", level.name, what, is, specified));
        }
    }
}

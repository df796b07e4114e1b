package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Calls pass; five rules decide whether that goes on. */
final class ClosedPhase extends Phase {

    private final TripRules rules;
    private final boolean followsTrials;
    private final AtomicInteger run = new AtomicInteger();

    /** @param followsTrials whether trials led here, which a trip would prove wrong; an operator's reset takes no proof */
    ClosedPhase(StateMachine machine, Entry entry, boolean followsTrials) {
        super(machine, BreakerState.CLOSED, entry);
        this.rules = machine.rules;
        this.followsTrials = followsTrials;
    }

    @Override
    Kind admit(Intent intent) {
        return Kind.DECIDING;
    }

    @Override
    long stalledOver(long ageNanos, long now) {
        long sample = super.stalledOver(ageNanos, now);
        trip(rules.percentile(this, now));
        return sample;
    }

    @Override
    void stalledSlow(Kind kind, int more, boolean first) {
        trip(rules.consecutive(run.addAndGet(more)));
    }

    @Override
    void succeededFast(Kind kind, long latencyNanos, long now) {
        super.succeededFast(kind, latencyNanos, now);
        endRun();
    }

    @Override
    void ended(Call call) {
        if (!call.isSample()) {
            return;
        }
        boolean isInWindow = record(call);
        if (call.isFastSuccess()) {
            endRun();
        }
        boolean isNewOver = call.isOver() && call.sample() == Window.NONE;
        if (isNewOver && trip(rules.percentile(this, call.now()))) {
            return;
        }
        if (call.isBad() && !call.wasSlow() && trip(rules.consecutive(run.incrementAndGet()))) {
            return;
        }
        if (call.isFailure() && isInWindow) {
            trip(rules.errorRate(this, call.now()));
        }
    }

    private void endRun() {
        if (run.get() != 0) {
            run.set(0);
        }
    }

    /** This JVM stood still for so long in the last 10 s. */
    void pausedLocally(long pausedNanos) {
        trip(rules.localPause(pausedNanos));
    }

    /** @param silence of a watched stream, if one is beyond its limit */
    void watched(WatchedStreams.@Nullable Silence silence) {
        trip(silence == null ? null : rules.streamSilence(silence));
    }

    private boolean trip(TripRules.@Nullable Finding finding) {
        if (finding == null) {
            return false;
        }
        if (isCurrent()) {
            // To trip before it was stable shows that the attempt which closed it had failed after all.
            boolean isRelapse = followsTrials && !isStable();
            machine.open(this, finding.reason(this), null, failedAttempts() + (isRelapse ? 1 : 0));
        }
        return true;
    }

    /** Forgotten once the breaker is stable. */
    @Override
    int failedAttempts() {
        return isStable() ? 0 : super.failedAttempts();
    }

    /** Whether nothing of how it came about counts any more. */
    boolean isForgettable(long now) {
        return (entry.sequence() == 0 || isStable()) && !entry.resumptions().matter(machine.config.resume(), now);
    }

    private boolean isStable() {
        long closedNanos = machine.clock.nanoTime() - entry.nanos();
        return closedNanos >= machine.config.recoveryTimeout().toNanos();
    }

    int run() {
        return run.get();
    }
}

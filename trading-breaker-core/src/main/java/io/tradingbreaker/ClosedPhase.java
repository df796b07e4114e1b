package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Calls pass; five rules decide whether that goes on. */
final class ClosedPhase extends Phase {

    private final boolean followsTrials;
    // Failed and slow calls in a row.
    private final AtomicInteger run = new AtomicInteger();

    /** @param followsTrials whether trials led here, which a trip would prove wrong; an operator's reset takes no proof */
    ClosedPhase(StateMachine machine, Entry entry, boolean followsTrials) {
        super(machine, BreakerState.CLOSED, entry);
        this.followsTrials = followsTrials;
    }

    @Override
    Kind admit(Intent intent) {
        return Kind.DECIDING;
    }

    @Override
    long stalledOver(long ageNanos, long now) {
        long sample = super.stalledOver(ageNanos, now);
        if (!isOver(ageNanos) || trip(percentile(now))) {
            return sample;
        }
        return judgeOvertaken(sample, ageNanos, false, now);
    }

    @Override
    void stalledOverAgain(long sample, long ageNanos, long now) {
        if (isNewOver(window().amend(sample, ageNanos, false))) {
            trip(percentile(now));
        }
    }

    private static boolean isNewOver(int marks) {
        return marks != Window.LEFT && (marks & Window.OVER) != 0;
    }

    private TripRules.@Nullable Finding percentile(long now) {
        Window judged = window().current();
        return judged.rules.percentile(judged, now);
    }

    private TripRules.@Nullable Finding errorRate(long now) {
        Window judged = window().current();
        return judged.rules.errorRate(judged, now);
    }

    @Override
    void stalledSlow(Kind kind, int more, boolean first) {
        trip(machine.tuning().rules.consecutive(run.addAndGet(more)));
    }

    @Override
    void succeededFast(Kind kind, long latencyNanos, long now) {
        long sample = window().enter(latencyNanos, false, now);
        endRun();
        if (isOver(latencyNanos) && !trip(percentile(now))) {
            judgeOvertaken(sample, latencyNanos, false, now);
        }
    }

    @Override
    void ended(Call call) {
        if (!call.isSample()) {
            return;
        }
        if (call.sample() != Window.NONE) {
            judge(call, window().amend(call.sample(), call.latencyNanos(), call.isFailure()));
            return;
        }
        long sample = window().enter(call.latencyNanos(), call.isFailure(), call.now());
        int marks = (isOver(call.latencyNanos()) ? Window.OVER : 0) | (call.isFailure() ? Window.FAILED : 0);
        if (!judge(call, marks) && marks != 0) {
            judgeOvertaken(sample, call.latencyNanos(), call.isFailure(), call.now());
        }
    }

    /** @param marks those that are new in the window, or {@link Window#LEFT} */
    private boolean judge(Call call, int marks) {
        if (call.isFastSuccess()) {
            endRun();
        }
        if (isNewOver(marks) && trip(percentile(call.now()))) {
            return true;
        }
        if (call.isBad() && !call.wasSlow() && trip(machine.tuning().rules.consecutive(run.incrementAndGet()))) {
            return true;
        }
        return call.isFailure() && marks != Window.LEFT && trip(errorRate(call.now()));
    }

    /**
     * A thread that was held up may have judged when its sample was displaced by a whole window of others. The sample then
     * enters again behind those, as its call has not returned yet. Returns the index that it has in the end.
     */
    private long judgeOvertaken(long sample, long latencyNanos, boolean isFailure, long now) {
        long last = sample;
        boolean hasTripped = false;
        while (!hasTripped && isCurrent() && window().current().isOvertaken(last)) {
            last = window().enter(latencyNanos, isFailure, now);
            hasTripped = (isOver(latencyNanos) && trip(percentile(now))) || (isFailure && trip(errorRate(now)));
        }
        return last;
    }

    private void endRun() {
        if (run.get() != 0) {
            run.set(0);
        }
    }

    /** The latency threshold has changed. */
    void recountRun(boolean isRaised, InFlight inFlight, long slowNanos, long active, long now) {
        int was;
        int next;
        do {
            was = run.get();
            Window judged = window().current();
            judged.trim(now);
            int found = RunRecount.of(judged, inFlight, this, slowNanos, active, now);
            next = isRaised ? Math.min(was, found) : Math.max(was, found);
        } while (!run.compareAndSet(was, next));
    }

    /** This JVM stood still for so long in the last 10 s. */
    void pausedLocally(long pausedNanos) {
        trip(machine.tuning().rules.localPause(pausedNanos));
    }

    /** @param silence of a watched stream, if one is beyond its limit */
    void watched(WatchedStreams.@Nullable Silence silence) {
        trip(silence == null ? null : machine.tuning().rules.streamSilence(silence));
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
        return (entry.sequence() == 0 || isStable())
                && !entry.resumptions().matter(machine.config().resume(), now);
    }

    private boolean isStable() {
        long closedNanos = machine.clock.nanoTime() - entry.nanos();
        return closedNanos >= machine.config().recoveryTimeout().toNanos();
    }

    /** Whether there are calls that a run could be made of. */
    boolean hasRun() {
        return run.get() != 0 || hasWindow();
    }

    int run() {
        return run.get();
    }
}

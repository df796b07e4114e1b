package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Calls pass; five rules decide whether that goes on.
 *
 * <p>A sample that can decide is announced before it enters the window, and until it has been judged whoever enters another
 * judges for it. So a thread that is held up in between cannot have its sample displaced unjudged.
 */
final class ClosedPhase extends Phase {

    private static final long ONE_OVER = 1;
    private static final long ONE_FAILED = 1L << 32;

    private final boolean followsTrials;
    // Failed and slow calls in a row.
    private final AtomicInteger run = new AtomicInteger();
    // Announced samples: those over in the lower half, failed ones in the upper.
    private final AtomicLong unjudged = new AtomicLong();

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
        unjudged.addAndGet(ONE_OVER);
        try {
            long sample = super.stalledOver(ageNanos, now);
            if (isOver(ageNanos)) {
                trip(percentile(now));
            }
            return sample;
        } finally {
            unjudged.addAndGet(-ONE_OVER);
        }
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
        if (isOver(latencyNanos)) {
            succeededOver(kind, latencyNanos, now);
        } else {
            super.succeededFast(kind, latencyNanos, now);
            endRun();
        }
        judgeForOthers(now);
    }

    /** Over, but not slow: the percentile's threshold is the lower one. */
    private void succeededOver(Kind kind, long latencyNanos, long now) {
        unjudged.addAndGet(ONE_OVER);
        try {
            super.succeededFast(kind, latencyNanos, now);
            endRun();
            trip(percentile(now));
        } finally {
            unjudged.addAndGet(-ONE_OVER);
        }
    }

    @Override
    void ended(Call call) {
        if (!call.isSample()) {
            return;
        }
        boolean isEntered = call.sample() == Window.NONE;
        long announced = (isEntered && call.isOver() ? ONE_OVER : 0) + (call.isFailure() ? ONE_FAILED : 0);
        unjudged.addAndGet(announced);
        try {
            judge(call);
        } finally {
            unjudged.addAndGet(-announced);
        }
        judgeForOthers(call.now());
    }

    private void judge(Call call) {
        int marks = record(call);
        if (call.isFastSuccess()) {
            endRun();
        }
        if (isNewOver(marks) && trip(percentile(call.now()))) {
            return;
        }
        if (call.isBad() && !call.wasSlow() && trip(machine.tuning().rules.consecutive(run.incrementAndGet()))) {
            return;
        }
        if (call.isFailure() && marks != Window.LEFT) {
            trip(errorRate(call.now()));
        }
    }

    private void judgeForOthers(long now) {
        long announced = unjudged.get();
        if (announced == 0) {
            return;
        }
        boolean hasTripped = (int) announced != 0 && trip(percentile(now));
        if (!hasTripped && announced >= ONE_FAILED) {
            trip(errorRate(now));
        }
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

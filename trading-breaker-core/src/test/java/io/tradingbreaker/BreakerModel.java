package io.tradingbreaker;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What one breaker is specified to do: sequential, in virtual time, with lists for windows and sums for counts. Written from
 * the design, to be compared with the breaker step by step.
 */
final class BreakerModel {

    /** What an admitted call may decide. */
    enum Part {
        ALL,
        TRIAL,
        NOTHING,
        NOTHING_BUT_FOR_OBSERVE
    }

    final String name;
    BreakerConfig config;
    final boolean hasChecker;
    final ModelTime time;
    final ModelWindow window;
    private final ModelTrials trials;
    final List<Call> inFlight = new ArrayList<>();
    final Map<BreakerCounters.TransitionKind, Long> transitions = new HashMap<>();
    private final Map<Outcome, Long> ended = new EnumMap<>(Outcome.class);
    private final Map<Outcome, Long> nanos = new EnumMap<>(Outcome.class);
    final ModelProber prober;
    private long slowNanos;
    private long overNanos;
    private long slowSince;
    private long checkedSlowNanos;

    BreakerMode mode;
    BreakerState state = BreakerState.CLOSED;
    boolean waits;
    Rule rule;
    long since;
    long run;
    long permitted, rejected, abandoned, stale, slow, stalled, wouldReject, changes, recoveryAttempts;

    // Whatever begins in a stay belongs to it; a new object is a new stay.
    private Object stay = new Object();
    private int failedAttempts;
    private boolean closedByTrials;
    private boolean isDrill;
    private boolean isByHand;
    private final List<Long> ownClosings = new ArrayList<>();
    /** Trips that waited for an operator because of the limit, and those that did not only because of the period. */
    long overTheLimit, pastThePeriod;

    private long due;
    private ModelTime.Work timer;

    BreakerModel(String name, BreakerConfig config, ModelTime time, BooleanSupplier checker) {
        this.name = name;
        this.config = config;
        this.time = time;
        hasChecker = checker != null;
        prober = new ModelProber(time, config.probeTimeout().toNanos(), checker);
        window = new ModelWindow(config, time);
        trials = new ModelTrials(config);
        mode = config.mode();
        tune(config);
        checkedSlowNanos = slowNanos;
    }

    private void tune(BreakerConfig next) {
        config = next;
        slowNanos = next.latencyThreshold().toNanos();
        overNanos =
                next.p99Threshold().isZero() ? slowNanos : next.p99Threshold().toNanos();
        window.tune(next, overNanos);
    }

    // ---- other limits ----

    void retune(BreakerConfig next) {
        long before = slowNanos;
        tune(next);
        if (slowNanos == before) {
            return;
        }
        slowSince = time.active();
        if (state == BreakerState.CLOSED) {
            long found = recountedRun();
            run = slowNanos > before ? Math.min(run, found) : Math.max(run, found);
        }
    }

    /**
     * The newest samples back to the last fast success; calls in flight as far as they were counted, and those without a
     * sample since then for what they have been slow since then.
     */
    private long recountedRun() {
        List<Call> flying = new ArrayList<>(inFlight);
        flying.removeIf(call -> call.stay != stay);
        long length = 0;
        long sinceSuccess = Long.MAX_VALUE;
        for (Iterator<ModelWindow.Sample> i = window.samples.descendingIterator(); i.hasNext(); ) {
            ModelWindow.Sample sample = i.next();
            Call call =
                    flying.stream().filter(c -> c.sample == sample).findFirst().orElse(null);
            if (call != null) {
                flying.remove(call);
                length += stillCounted(call, time.active());
            } else if (sample.known > slowNanos || sample.isFailed) {
                length += Math.max(1, times(sample.known));
            } else {
                sinceSuccess = time.now() - sample.entered;
                break;
            }
        }
        for (Call call : flying) {
            long age = time.active() - call.start;
            long before = sinceSuccess > age ? 0 : times(age - sinceSuccess);
            length += Math.min(call.multiples, times(age) - before);
        }
        return length;
    }

    private long stillCounted(Call call, long active) {
        return Math.min(call.multiples, times(active - call.start));
    }

    private long times(long nanos) {
        return Math.max(0, (nanos + slowNanos - 1) / slowNanos - 1);
    }

    // ---- calls ----

    /** Null is a refusal. */
    Call admit(Intent intent) {
        Part part = part(intent);
        if (part == null) {
            rejected++;
            return null;
        }
        if (part == Part.TRIAL) {
            trials.begin();
        }
        return new Call(stay, part);
    }

    private Part part(Intent intent) {
        if (state == BreakerState.CLOSED) {
            return Part.ALL;
        }
        if (config.pass().contains(intent)) {
            return Part.NOTHING;
        }
        if (state == BreakerState.HALF_OPEN && trials.isSlotFree()) {
            return Part.TRIAL;
        }
        boolean refuses = mode == BreakerMode.ENFORCE || state == BreakerState.HALTED;
        return refuses ? null : Part.NOTHING_BUT_FOR_OBSERVE;
    }

    /** A level below has refused. */
    void cancel(Call call) {
        if (call.part == Part.TRIAL) {
            trials.cancel();
        }
    }

    void begin(Call call) {
        call.start = time.active();
        permitted++;
        wouldReject += call.part == Part.NOTHING_BUT_FOR_OBSERVE ? 1 : 0;
        inFlight.add(call);
    }

    void end(Call call, Outcome outcome) {
        if (!inFlight.remove(call)) {
            stale++;
            return;
        }
        long latency = Math.max(0, time.active() - call.start);
        ended.merge(outcome, 1L, Long::sum);
        nanos.merge(outcome, latency, Long::sum);
        boolean wasStalled = call.wasSlow;
        boolean isTimed = outcome != Outcome.DISCARDED;
        boolean isSlow = wasStalled || (isTimed && latency > slowNanos);
        slow += isSlow && !wasStalled ? 1 : 0;
        if (call.stay != stay) {
            stale++;
            return;
        }
        boolean isOver = isTimed && latency > overNanos;
        boolean isFailure = outcome == Outcome.FAILURE;
        boolean isBad = isSlow || isFailure;
        boolean isNewSample = call.sample == null;
        boolean failureEntered = isFailure;
        boolean isNewOver = isNewSample && isOver;
        if (!isNewSample) {
            window.trim();
            boolean isIn = window.contains(call.sample);
            failureEntered &= isIn;
            isNewOver = window.amend(call.sample, latency) && isIn;
            call.sample.isFailed = isFailure;
        } else if (outcome == Outcome.SUCCESS || isFailure || (isTimed && (isSlow || isOver))) {
            window.enter(latency, isFailure);
        }
        boolean isFastSuccess = outcome == Outcome.SUCCESS && !isSlow;
        if (state == BreakerState.CLOSED) {
            run = isFastSuccess ? 0 : run;
            boolean tripped = isNewOver && percentile();
            if (!tripped && isBad && !wasStalled) {
                tripped = lengthenRun(1);
            }
            if (!tripped && failureEntered) {
                errorRate();
            }
        } else if (call.part == Part.TRIAL && !wasStalled) {
            endTrial(isFastSuccess, isBad);
        }
    }

    long ended(Outcome outcome) {
        return ended.getOrDefault(outcome, 0L);
    }

    /** The summed latencies of calls that ended so. */
    long nanos(Outcome outcome) {
        return nanos.getOrDefault(outcome, 0L);
    }

    // ---- the stall check ----

    void check(long recentlyPaused) {
        if (state == BreakerState.CLOSED && recentlyPaused > 0) {
            long limit = config.localPauseLimit().toNanos();
            tripIf(limit > 0 && recentlyPaused > limit, Rule.LOCAL_PAUSE);
        }
        boolean isRaised = slowNanos > checkedSlowNanos;
        checkedSlowNanos = slowNanos;
        for (Call call : inFlight.isEmpty() ? List.<Call>of() : List.copyOf(inFlight)) {
            long age = time.active() - call.start;
            if (isRaised) {
                call.multiples = stillCounted(call, slowSince);
            }
            if (age > overNanos && (!call.isSeenOver || call.overNanos < overNanos)) {
                call.isSeenOver = true;
                call.overNanos = overNanos;
                seenOver(call, age);
            }
            long multiples = times(age);
            if (multiples > call.multiples) {
                seenSlow(call, multiples);
            }
            if (age > config.permitTimeout().toNanos()) {
                inFlight.remove(call);
                abandoned++;
                if (call.sample != null) {
                    window.amend(call.sample, age);
                }
            }
        }
    }

    private void seenOver(Call call, long age) {
        if (call.stay == stay) {
            boolean isNew = call.sample == null;
            if (isNew) {
                call.sample = window.enter(age, false);
            }
            window.trim();
            boolean isOver = isNew || (window.amend(call.sample, age) && window.contains(call.sample));
            if (isOver && state == BreakerState.CLOSED) {
                percentile();
            }
        }
    }

    private void seenSlow(Call call, long multiples) {
        boolean isFirst = !call.wasSlow;
        call.wasSlow = true;
        long more = multiples - call.multiples;
        call.multiples = multiples;
        stalled += isFirst ? 1 : 0;
        slow += isFirst ? 1 : 0;
        if (call.stay == stay && state == BreakerState.CLOSED) {
            lengthenRun(more);
        } else if (call.stay == stay && call.part == Part.TRIAL && isFirst) {
            endTrial(false, true);
        }
    }

    // ---- the rules ----

    private boolean percentile() {
        boolean isOn = !config.p99Threshold().isZero();
        return tripIf(isOn && window.over() > window.allowed(), Rule.PERCENTILE);
    }

    private boolean lengthenRun(long more) {
        run += more;
        Integer threshold = config.failureThreshold();
        return tripIf(threshold > 0 && run >= threshold, Rule.CONSECUTIVE);
    }

    private void errorRate() {
        double limit = config.errorRateThreshold();
        tripIf(limit > 0 && window.errorRate() >= limit, Rule.ERROR_RATE);
    }

    private boolean tripIf(boolean holds, Rule why) {
        if (holds) {
            // Flapping: the trials that led here have proved nothing.
            boolean isRelapse = closedByTrials && !isStable();
            move(BreakerState.OPEN, why, attempts() + (isRelapse ? 1 : 0));
        }
        return holds;
    }

    // ---- recovery ----

    private boolean isStable() {
        return time.now() - since >= config.recoveryTimeout().toNanos();
    }

    /** Failed attempts since the last stable CLOSED. */
    int attempts() {
        return state == BreakerState.CLOSED && isStable() ? 0 : failedAttempts;
    }

    /** Until the next attempt; −1 if none is due. */
    long untilDue() {
        return state == BreakerState.OPEN && !waits ? Math.max(0, due - time.now()) : -1;
    }

    private void attempt() {
        recoveryAttempts++;
        if (hasChecker) {
            ask();
        } else {
            move(BreakerState.HALF_OPEN, Rule.TIMEOUT, failedAttempts);
        }
    }

    private void ask() {
        Object asking = stay;
        prober.ask(isHealthy -> {
            if (asking == stay) {
                answered(isHealthy);
            }
        });
    }

    private void answered(boolean isHealthy) {
        if (isDrill) {
            move(isHealthy ? BreakerState.CLOSED : BreakerState.OPEN, isHealthy ? Rule.DRILL : Rule.PROBE, attempts());
        } else if (state == BreakerState.OPEN && isHealthy) {
            move(BreakerState.HALF_OPEN, Rule.PROBE, failedAttempts);
        } else if (state == BreakerState.OPEN) {
            failedAttempts++;
            long remains = since + config.recoveryTimeout().toNanos() - time.now();
            attemptIn(Math.max(backoff(failedAttempts), remains));
        } else if (!isHealthy) {
            move(BreakerState.OPEN, Rule.PROBE, failedAttempts + 1);
        } else if (trials.hasFailed()) {
            move(BreakerState.OPEN, Rule.TRIALS, failedAttempts + 1);
        } else {
            freshSlots();
        }
    }

    private void attemptIn(long wait) {
        due = time.now() + wait;
        timer = time.after(wait, this::attempt);
    }

    private long backoff(int k) {
        RecoveryPolicy policy = config.recovery();
        double grown = policy.baseDelay().toNanos() * Math.pow(policy.multiplier(), k - 1.0);
        return k == 0 ? 0 : (long) Math.min((double) policy.maxDelay().toNanos(), grown);
    }

    private void endTrial(boolean isFastSuccess, boolean isBad) {
        if (!isFastSuccess && !isBad) {
            trials.cancel();
            return;
        }
        trials.end(isFastSuccess);
        if (trials.haveSucceeded()) {
            move(BreakerState.CLOSED, Rule.TRIALS, failedAttempts);
        } else if (isBad && !trials.canSucceed()) {
            move(BreakerState.OPEN, Rule.TRIALS, failedAttempts + 1);
        }
    }

    private void halfOpenTimeout() {
        if (trials.hasFailed()) {
            move(BreakerState.OPEN, Rule.TRIALS, failedAttempts + 1);
        } else if (hasChecker) {
            ask();
        } else {
            freshSlots();
        }
    }

    private void freshSlots() {
        trials.renew();
        timer = time.after(config.halfOpenTimeout().toNanos(), this::halfOpenTimeout);
    }

    // ---- operators; false is a conflict ----

    boolean trip() {
        if (state == BreakerState.CLOSED || state == BreakerState.HALF_OPEN || isDrill) {
            move(BreakerState.OPEN, Rule.TRIP, attempts());
        }
        return state != BreakerState.HALTED;
    }

    boolean halt() {
        if (state != BreakerState.HALTED) {
            move(BreakerState.HALTED, Rule.HALT, attempts());
        }
        return true;
    }

    boolean isResumable() {
        return state == BreakerState.HALTED || waits;
    }

    boolean resume() {
        boolean isResumed = isResumable();
        if (isResumed) {
            move(BreakerState.OPEN, Rule.RESUME, failedAttempts);
        }
        return isResumed;
    }

    boolean drill(long nanos) {
        boolean isAllowed = state == BreakerState.CLOSED;
        if (isAllowed) {
            move(BreakerState.OPEN, Rule.DRILL, attempts());
            due = time.now() + nanos;
            timer = time.after(nanos, this::drillIsOver);
        }
        return isAllowed;
    }

    private void drillIsOver() {
        if (hasChecker) {
            ask();
        } else {
            move(BreakerState.CLOSED, Rule.DRILL, attempts());
        }
    }

    boolean reset() {
        if (state == BreakerState.CLOSED) {
            beginStay();
            failedAttempts = 0;
            closedByTrials = false;
        } else {
            move(BreakerState.CLOSED, Rule.RESET, 0);
        }
        return true;
    }

    private void beginStay() {
        stay = new Object();
        window.clear();
        run = 0;
        trials.clear();
    }

    private void move(BreakerState to, Rule why, int attempts) {
        transitions.merge(new BreakerCounters.TransitionKind(state, to, why), 1L, Long::sum);
        boolean fallsBack = state == BreakerState.HALF_OPEN && why != Rule.TRIP;
        boolean isTrip = to == BreakerState.OPEN && !fallsBack && why != Rule.RESUME && why != Rule.DRILL;
        waits = isTrip && mayNotResume();
        if (to == BreakerState.CLOSED && why == Rule.TRIALS && !isByHand) {
            ownClosings.add(time.now());
        }
        isByHand = why == Rule.RESUME || (isByHand && !isTrip && to != BreakerState.CLOSED);
        isDrill = to == BreakerState.OPEN && why == Rule.DRILL;
        changes++;
        state = to;
        rule = why;
        since = time.now();
        failedAttempts = attempts;
        closedByTrials = to == BreakerState.CLOSED && why == Rule.TRIALS;
        time.cancel(timer);
        beginStay();
        if (to == BreakerState.OPEN && !waits && !isDrill) {
            long least = config.recoveryTimeout().toNanos();
            attemptIn(why == Rule.RESUME ? 0 : Math.max(least, backoff(attempts)));
        } else if (to == BreakerState.HALF_OPEN) {
            freshSlots();
        }
    }

    /** Whether the policy leaves resuming to an operator. */
    private boolean mayNotResume() {
        ResumePolicy policy = config.resume();
        if (policy.kind() != ResumePolicy.Kind.LIMITED) {
            return policy.kind() == ResumePolicy.Kind.MANUAL;
        }
        long since = time.now() - policy.period().toNanos();
        boolean isOver = ownClosings.stream().filter(at -> at > since).count() >= policy.limit();
        overTheLimit += isOver ? 1 : 0;
        pastThePeriod += !isOver && ownClosings.size() >= policy.limit() ? 1 : 0;
        return isOver;
    }

    /** A call at this level. */
    static final class Call {
        final Object stay;
        final Part part;
        long start;
        long multiples;
        boolean isSeenOver;
        boolean wasSlow;
        long overNanos;
        ModelWindow.Sample sample;

        Call(Object stay, Part part) {
            this.stay = stay;
            this.part = part;
        }
    }
}

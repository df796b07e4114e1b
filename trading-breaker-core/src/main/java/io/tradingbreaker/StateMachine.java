package io.tradingbreaker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The present phase of one breaker and all ways from one to the next.
 *
 * <p>A transition is one compare-and-set of the phase, so of all who would leave a phase one does. The winner ends the
 * old phase's timers, begins the new one's, and hands the transition to the publisher, which puts it in order.
 * Thread-safe, lock-free.
 */
final class StateMachine {

    private static final Logger log = LoggerFactory.getLogger(StateMachine.class);
    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(StateMachine.class, "phase", Phase.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final String name;
    final BreakerClock clock;
    final RecoveryScheduler scheduler;
    final Prober prober;
    final WatchedStreams streams;
    final Accounts accounts;
    final Operators operators;
    final @Nullable Observing observing;
    final LocalPauses pauses;
    final Drills drills;
    final Explanations explanations;
    private final Publisher publisher;
    final Tunings tunings;

    private volatile Phase phase;

    StateMachine(String name, BreakerConfig config, SharedParts parts, InFlight inFlight, Accounts accounts) {
        this.name = name;
        this.accounts = accounts;
        clock = parts.clock();
        scheduler = parts.scheduler();
        pauses = parts.pauses();
        operators = parts.operators();
        observing = parts.observing();
        explanations = new Explanations(this, inFlight);
        drills = new Drills(clock, parts.listeners());
        publisher = new Publisher(scheduler, clock, parts.listeners(), drills);
        prober = new Prober(this, parts.checkers());
        streams = new WatchedStreams(name);
        tunings = new Tunings(this, config, inFlight, publisher);
        phase = new ClosedPhase(this, Phase.Entry.first(clock), false);
    }

    Phase phase() {
        return phase;
    }

    boolean isCurrent(Phase candidate) {
        return candidate == phase;
    }

    /** The limits in force now. */
    Tuning tuning() {
        return tunings.current();
    }

    BreakerConfig config() {
        return tuning().config;
    }

    // ---- the ways from phase to phase; who comes too late to leave a phase does nothing, and is told so by false ----

    /** A trip may have to wait for an operator; falling back from trials is still the pause that it was. */
    boolean open(Phase from, TransitionReason reason, @Nullable String actor, int failedAttempts) {
        boolean isTrip = from.state != BreakerState.HALF_OPEN || reason.rule() == Rule.TRIP;
        String waits = isTrip ? from.entry.resumptions().whyTripWaits(config().resume(), clock.nanoTime()) : null;
        return waits == null
                ? move(from, BreakerState.OPEN, reason, actor, failedAttempts, e -> OpenPhase.tripped(this, e))
                : openToWait(from, reason.and(waits), actor, failedAttempts, false);
    }

    private boolean openToWait(
            Phase from, TransitionReason reason, @Nullable String actor, int failedAttempts, boolean isKept) {
        return move(
                from,
                BreakerState.OPEN,
                reason,
                actor,
                failedAttempts,
                entry -> OpenPhase.waiting(this, entry, isKept));
    }

    void halfOpen(Phase from, TransitionReason reason) {
        move(
                from,
                BreakerState.HALF_OPEN,
                reason,
                null,
                from.failedAttempts(),
                entry -> new HalfOpenPhase(this, entry));
    }

    boolean close(Phase from, TransitionReason reason, @Nullable String actor, int failedAttempts) {
        boolean followsTrials = reason.rule() == Rule.TRIALS;
        return move(
                from,
                BreakerState.CLOSED,
                reason,
                actor,
                failedAttempts,
                entry -> new ClosedPhase(this, entry, followsTrials));
    }

    boolean move(
            Phase from,
            BreakerState to,
            TransitionReason reason,
            @Nullable String actor,
            int failedAttempts,
            Function<Phase.Entry, Phase> target) {
        Tuning decidedUnder = tuning();
        long now = clock.nanoTime();
        Transition transition =
                new Transition(name, from.entry.sequence() + 1, clock.instant(), from.state, to, reason, actor);
        Phase next = target.apply(from.entry.next(
                transition, now, failedAttempts, decidedUnder.config.resume().limit()));
        if (!PHASE.compareAndSet(this, from, next)) {
            return false;
        }
        try {
            accounts.count(transition);
            publisher.add(transition, now, Decision.now(observing), decidedUnder.cause);
        } finally {
            // A phase without its timers would last for ever.
            next.begin();
            from.stop();
        }
        return true;
    }

    /** Puts a phase in the place of another without a transition. */
    boolean replace(Phase from, Phase to) {
        return PHASE.compareAndSet(this, from, to);
    }

    /** Whether nothing has failed that is to be done again, and nothing can in this phase, under these limits. */
    boolean isQuiet() {
        Phase current = phase;
        return current.state == BreakerState.CLOSED && publisher.hasTold(current.entry.sequence(), tuning().number());
    }

    /** Does again what has failed. */
    void mend() {
        Phase current = phase;
        try {
            current.mend();
            tunings.retuneWindow();
        } finally {
            publisher.mend(current.entry, tuning().cause);
        }
    }

    /** Cancels work that is needed no more; harmless if the scheduler fails to. */
    void cancel(RecoveryScheduler.Task task) {
        try {
            task.cancel();
        } catch (RuntimeException | Error e) {
            log.error("The scheduler failed to cancel work of breaker '{}'", name, e);
        }
    }

    // ---- operators ----

    void trip(String reason, @Nullable String actor) {
        for (; ; ) {
            Phase from = phase;
            if (from.state == BreakerState.HALTED) {
                throw new BreakerConflictException(
                        "breaker '" + name + "' is HALTED and cannot be tripped", List.of("resume", "reset"));
            }
            if (from instanceof OpenPhase
                    || open(from, asked(from, Rule.TRIP, reason), Text.actor(actor), from.failedAttempts())) {
                return;
            }
        }
    }

    void halt(String reason, @Nullable String actor) {
        for (; ; ) {
            Phase from = phase;
            if (from.state == BreakerState.HALTED
                    || move(
                            from,
                            BreakerState.HALTED,
                            asked(from, Rule.HALT, reason),
                            Text.actor(actor),
                            from.failedAttempts(),
                            entry -> new HaltedPhase(this, entry))) {
                return;
            }
        }
    }

    void resume(String reason, @Nullable String actor) {
        Phase from = phase;
        if (!isResumable(from)
                || !move(
                        from,
                        BreakerState.OPEN,
                        asked(from, Rule.RESUME, reason),
                        Text.actor(actor),
                        from.failedAttempts(),
                        entry -> OpenPhase.resumed(this, entry))) {
            throw new BreakerConflictException(
                    "breaker '" + name + "' is " + phase.state
                            + " and cannot be resumed: only a halt is, and a pause that waits for it",
                    List.of("trip", "halt", "reset"));
        }
    }

    static boolean isResumable(Phase phase) {
        return phase.state == BreakerState.HALTED || awaitsResume(phase);
    }

    /** Whether no timer leads out of a phase, but an operator's resume. */
    static boolean awaitsResume(Phase phase) {
        return phase instanceof OpenPhase open && open.awaitsResume();
    }

    /**
     * Makes it wait for an operator, as it did when an earlier process ended, unless it waits already. For a breaker that
     * nobody can have found yet, or of which nobody knew.
     */
    void waitAgain(String reason, @Nullable String actor, Instant since) {
        String message = "since " + since + ", before this start: " + reason;
        Phase from;
        TransitionReason waits;
        @Nullable String by;
        do {
            from = phase;
            boolean isTrip = from.state != BreakerState.HALTED;
            waits = asked(from, isTrip ? Rule.TRIP : Rule.RESUME, message).and(Resumptions.WAITS);
            by = isTrip ? Text.actor(actor) : null; // who tripped it has resumed nothing
        } while (!awaitsResume(from) && !openToWait(from, waits, by, 0, true));
    }

    void reset(String reason, @Nullable String actor) {
        for (; ; ) {
            Phase from = phase;
            boolean isDone = from.state == BreakerState.CLOSED
                    ? PHASE.compareAndSet(this, from, new ClosedPhase(this, from.entry.afresh(), false))
                    : close(from, asked(from, Rule.RESET, reason), Text.actor(actor), 0);
            if (isDone) {
                return;
            }
        }
    }

    TransitionReason asked(Phase from, Rule rule, String reason) {
        return explanations.reason(from, rule, Text.reason(reason), null, null);
    }

    // ---- views ----

    /** The window of a phase now, stalled calls with their ages so far. */
    Latencies latencies(Phase of) {
        return explanations.latencies(of);
    }

    /** The watched stream that is silent beyond the limit now, for the longest time. */
    WatchedStreams.@Nullable Silence silence() {
        return streams.beyondLimit(pauses.active(clock.nanoTime()), tuning().silenceNanos);
    }

    Tally alertDelay() {
        return publisher.alertDelay();
    }
}

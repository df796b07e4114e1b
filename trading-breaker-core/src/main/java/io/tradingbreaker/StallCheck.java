package io.tradingbreaker;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the calls in flight of one breaker and tells their phases what has become of them: over the percentile's
 * threshold, slow, slower still, lost. Runs on the stall check's thread only; meets the ends of calls at their slots.
 *
 * <p>Looks only when there can be something new: a call that begins after a look is over no threshold before the least of
 * them has passed. So a breaker without calls costs next to nothing.
 */
final class StallCheck {

    private static final Logger log = LoggerFactory.getLogger(StallCheck.class);

    private static final long LONGEST_QUIET = 1_000_000_000;

    private final Gate gate;
    private final StateMachine machine;
    private final @Nullable Observing observing;
    private final InFlight inFlight;
    // Under which the multiples in the slots were counted.
    private long slowNanos;
    // Of the last look: the limits and the phase, and how old time is when there can be something new under these.
    private @Nullable Tuning lookedUnder;
    private @Nullable Phase lookedIn;
    private long dueActive;

    StallCheck(Gate gate, StateMachine machine, InFlight inFlight) {
        this.gate = gate;
        this.machine = machine;
        observing = machine.observing;
        this.inFlight = inFlight;
        slowNanos = machine.tuning().slowNanos;
    }

    /** Whether a look could find something new. */
    boolean isDue(long active) {
        return active - dueActive >= 0 || machine.tuning() != lookedUnder || machine.phase() != lookedIn;
    }

    /**
     * @param active the time without local pauses, in which calls age
     * @param now the monotonic time, at which samples enter the window
     */
    void run(long active, long now) {
        boolean isAnyLost = false;
        Tuning tuning = machine.tuning();
        lookedUnder = tuning;
        lookedIn = machine.phase();
        // Before its window counts by a lowered threshold, a call that is entered as over would not count as such.
        boolean findsOver = machine.phase().isTuned(tuning);
        boolean isRaised = tuning.slowNanos > slowNanos;
        slowNanos = tuning.slowNanos;
        long quietNanos = quietNanos(tuning);
        for (Slot slot : inFlight.slots()) {
            slot.forgetPast();
            if (isRaised) {
                recount(slot, tuning);
            }
            isAnyLost |= check(slot, tuning, findsOver, active, now);
            quietNanos = Math.min(quietNanos, quietNanos(slot, tuning, active));
        }
        dueActive = findsOver && machine.isQuiet() ? active + quietNanos : active;
        inFlight.releaseDead();
        if (isAnyLost) {
            inFlight.replaceGone();
        }
    }

    /** How long no call that begins from now on can be of interest. Not the same for all breakers, so that they take turns. */
    private static long quietNanos(Tuning tuning) {
        long least = Math.min(Math.min(tuning.overNanos, tuning.slowNanos), Math.min(tuning.lostNanos, LONGEST_QUIET));
        return least - ThreadLocalRandom.current().nextLong(least / 4 + 1);
    }

    /** How long a slot's call cannot be of further interest. */
    private static long quietNanos(Slot slot, Tuning tuning, long active) {
        long s = slot.state;
        if (Slot.isFree(s) || Slot.isGone(s)) {
            return Long.MAX_VALUE;
        }
        if (!Slot.isLive(s)) {
            // It may have read the clock already.
            return 0;
        }
        // What is read here may be of the slot's next call, which then is younger than this look.
        boolean isOver = (s & Slot.OVER) != 0 && slot.overNanos >= tuning.overNanos;
        long nextSlow = (slot.multiples + 1L) * tuning.slowNanos;
        long next = Math.min(isOver ? nextSlow : Math.min(nextSlow, tuning.overNanos), tuning.lostNanos);
        return next - (active - slot.start);
    }

    /** Takes back what a call has been counted for beyond a threshold that was raised; the run is recounted likewise. */
    private void recount(Slot slot, Tuning tuning) {
        long s = slot.state;
        if (Slot.isLive(s) && slot.multiples > 0 && slot.stall(s)) {
            slot.multiples = Math.min(slot.multiples, times(tuning.slowSince - slot.start, tuning));
            giveBack(slot, s, 0);
        }
    }

    /** How often the latency threshold has been passed at that age. */
    private static int times(long age, Tuning tuning) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, (age - 1) / tuning.slowNanos));
    }

    /** Returns whether the call was given up. */
    private boolean check(Slot slot, Tuning tuning, boolean findsOver, long active, long now) {
        long s = slot.state;
        if (!Slot.isLive(s)) {
            return false;
        }
        // What is read here may be of the slot's next call; then the state has changed and the slot is not taken.
        long age = active - slot.start;
        // Again where the threshold has been raised: the sample may have been under it meanwhile.
        boolean isOver =
                findsOver && age > tuning.overNanos && ((s & Slot.OVER) == 0 || slot.overNanos < tuning.overNanos);
        int multiples = times(age, tuning);
        boolean isSlower = multiples > slot.multiples;
        boolean isLost = age > tuning.lostNanos;
        if (!(isOver || isSlower || isLost) || !slot.stall(s)) {
            return false;
        }
        int flags = (isOver ? Slot.OVER : 0) | (isSlower ? Slot.SLOW : 0);
        Look look = new Look(slot, age, now, isOver ? tuning.overNanos : 0, multiples, (s & Slot.SLOW) == 0);
        try {
            if (observing == null) {
                tell(look);
            } else {
                observing.stalled(slot.observed, () -> tell(look));
            }
            Phase admittedBy = slot.phase;
            if (isLost && admittedBy != null && slot.sample != Window.NONE) {
                // Nobody will say how long it took; it was this long at least.
                admittedBy.window().amend(slot.sample, age, false);
            }
        } catch (RuntimeException | Error e) {
            // The slot must be given back whatever happens.
            log.error("Breaker '{}' could not judge a stalled call", machine.name, e);
        }
        if (isLost && slot.giveUp(s)) {
            abandon(slot.observed);
            return true;
        }
        giveBack(slot, s, flags);
        return false;
    }

    /** Not here: an observer may be slow. */
    private void abandon(@Nullable ObservedCall call) {
        if (call == null) {
            return;
        }
        try {
            machine.scheduler.publish(call::abandon);
        } catch (RuntimeException | Error e) {
            log.error("The scheduler failed to tell of an abandoned call of breaker '{}'", machine.name, e);
        }
    }

    private void tell(Look look) {
        Slot slot = look.slot;
        Phase admittedBy = slot.phase;
        Phase phase = admittedBy != null && machine.isCurrent(admittedBy) ? admittedBy : null;
        try {
            if (look.overNanos > 0) {
                slot.overNanos = look.overNanos;
                if (phase != null) {
                    tellOver(look, phase);
                }
            }
        } finally {
            // Also without its sample: nobody else says that a trial has failed.
            if (look.multiples > slot.multiples) {
                countSlower(look);
            }
        }
    }

    private static void tellOver(Look look, Phase phase) {
        Slot slot = look.slot;
        if (slot.sample == Window.NONE) {
            slot.sample = phase.stalledOver(look.age, look.now);
        } else {
            phase.stalledOverAgain(slot.sample, look.age, look.now);
        }
    }

    private void countSlower(Look look) {
        Slot slot = look.slot;
        int more = look.multiples - slot.multiples;
        slot.multiples = look.multiples;
        if (look.isFirst) {
            slot.stalled++;
        }
        Phase phase = slot.phase;
        if (phase != null && machine.isCurrent(phase)) {
            phase.stalledSlow(slot.kind, more, look.isFirst);
        }
    }

    private void giveBack(Slot slot, long s, int flags) {
        if (!slot.unstall(s, flags)) {
            // The call ended meanwhile and left its outcome.
            gate.settle(slot, (int) s | flags, slot.handedOutcome, slot.handedActive, slot.handedNow);
        }
    }

    /**
     * What a look at a call has found.
     *
     * @param overNanos the threshold that it is found to be over; 0 if to none
     * @param multiples how often it has passed the latency threshold
     * @param isFirst whether it was not slow before
     */
    private record Look(Slot slot, long age, long now, long overNanos, int multiples, boolean isFirst) {}
}

package io.tradingbreaker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the calls in flight of one breaker and tells their phases what has become of them: over the percentile's
 * threshold, slow, slower still, lost. Runs on the stall check's thread only; meets the ends of calls at their slots.
 */
final class StallCheck {

    private static final Logger log = LoggerFactory.getLogger(StallCheck.class);

    private final Gate gate;
    private final StateMachine machine;
    private final @Nullable Observing observing;
    private final InFlight inFlight;

    StallCheck(Gate gate, StateMachine machine, InFlight inFlight) {
        this.gate = gate;
        this.machine = machine;
        observing = machine.observing;
        this.inFlight = inFlight;
    }

    /**
     * @param active the time without local pauses, in which calls age
     * @param now the monotonic time, at which samples enter the window
     */
    void run(long active, long now) {
        boolean isAnyLost = false;
        Tuning tuning = machine.tuning();
        for (Slot slot : inFlight.slots()) {
            slot.forgetPast();
            isAnyLost |= check(slot, tuning, active, now);
        }
        inFlight.releaseDead();
        if (isAnyLost) {
            inFlight.replaceGone();
        }
    }

    /** Returns whether the call was given up. */
    private boolean check(Slot slot, Tuning tuning, long active, long now) {
        long s = slot.state;
        if (!Slot.isLive(s)) {
            return false;
        }
        // What is read here may be of the slot's next call; then the state has changed and the slot is not taken.
        long age = active - slot.start;
        boolean isOver = age > tuning.overNanos && (s & Slot.OVER) == 0;
        int multiples = (int) Math.min(Integer.MAX_VALUE, (age - 1) / tuning.slowNanos);
        boolean isSlower = age > tuning.slowNanos && multiples > slot.multiples;
        boolean isLost = age > tuning.lostNanos;
        if (!(isOver || isSlower || isLost) || !slot.stall(s)) {
            return false;
        }
        int flags = (isOver ? Slot.OVER : 0) | (isSlower ? Slot.SLOW : 0);
        try {
            int passed = isSlower ? multiples : slot.multiples;
            if (observing == null) {
                tell(slot, isOver, age, now, passed);
            } else {
                observing.stalled(slot.observed, () -> tell(slot, isOver, age, now, passed));
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

    private void tell(Slot slot, boolean isOver, long age, long now, int multiples) {
        Phase phase = slot.phase;
        try {
            if (isOver && phase != null && machine.isCurrent(phase)) {
                slot.sample = phase.stalledOver(age, now);
            }
        } finally {
            // Also without its sample: nobody else says that a trial has failed.
            if (multiples > slot.multiples) {
                countSlower(slot, phase, multiples);
            }
        }
    }

    private void countSlower(Slot slot, @Nullable Phase phase, int multiples) {
        boolean isFirst = slot.multiples == 0;
        int more = multiples - slot.multiples;
        slot.multiples = multiples;
        if (isFirst) {
            slot.stalled++;
        }
        if (phase != null && machine.isCurrent(phase)) {
            phase.stalledSlow(slot.kind, more, isFirst);
        }
    }

    private void giveBack(Slot slot, long s, int flags) {
        if (!slot.unstall(s, flags)) {
            // The call ended meanwhile and left its outcome.
            gate.settle(slot, (int) s | flags, slot.handedOutcome, slot.handedActive, slot.handedNow);
        }
    }
}

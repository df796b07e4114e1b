package io.tradingbreaker;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The limits of one breaker that are in force, and the ways to others. The phase goes on over all of them. Thread-safe;
 * the {@link Retuner} alone changes limits, one thread at a time.
 */
final class Tunings {

    private final StateMachine machine;
    private final InFlight inFlight;
    private final Publisher publisher;
    private final AtomicInteger windowRetunes = new AtomicInteger();
    private volatile Tuning current;

    Tunings(StateMachine machine, BreakerConfig config, InFlight inFlight, Publisher publisher) {
        this.machine = machine;
        this.inFlight = inFlight;
        this.publisher = publisher;
        current = Tuning.first(config);
    }

    Tuning current() {
        return current;
    }

    /** Changes the limits. For the retuner alone, who then has it told. */
    void retune(Retune retune) {
        Tuning before = current;
        publisher.keep(before.cause); // should the one before have failed to
        Publisher.Retuned cause = new Publisher.Retuned(
                before.number() + 1,
                machine.phase().entry.sequence(),
                retune,
                new Decision(Decision.diagnosticContext(), null));
        long now = machine.clock.nanoTime();
        long active = machine.pauses.active(now);
        Tuning after = before.retuned(cause, active);
        current = after;
        publisher.keep(cause);
        while (!machine.phase().isTuned(after)) {
            retuneWindow();
            Thread.onSpinWait();
        }
        if (before.slowNanos != after.slowNanos && machine.phase() instanceof ClosedPhase closed && closed.hasRun()) {
            closed.recountRun(after.slowNanos > before.slowNanos, inFlight, after.slowNanos, active, now);
        }
    }

    /** Has the last retuning told. */
    void tell() {
        publisher.wakeUp();
    }

    /** Gives the window the present limits; whoever comes while another does so leaves it to them. */
    void retuneWindow() {
        if (machine.phase().isTuned(current) || windowRetunes.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        try {
            do {
                machine.phase().tune(current);
                seen = windowRetunes.addAndGet(-seen);
            } while (seen != 0);
        } catch (RuntimeException | Error e) {
            windowRetunes.set(0);
            throw e;
        }
    }

    /** Switches the mode; false if it is that already. For the retuner alone. */
    boolean mode(BreakerMode mode) {
        Tuning before = current;
        if (before.config.mode() == mode) {
            return false;
        }
        current = before.in(mode);
        return true;
    }
}

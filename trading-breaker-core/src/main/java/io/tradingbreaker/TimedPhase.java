package io.tradingbreaker;

import java.util.function.Consumer;

/** A phase that a timer leads out of, by way of the health checkers. */
abstract sealed class TimedPhase extends Phase permits OpenPhase, HalfOpenPhase, DrillPhase {

    final PhaseTimer timer = new PhaseTimer(this);

    TimedPhase(StateMachine machine, BreakerState state, Entry entry) {
        super(machine, state, entry);
    }

    @Override
    final void stop() {
        timer.stop();
    }

    @Override
    final void mendTimer() {
        timer.mend();
    }

    /** Asks the health checkers; where there is none, the watched streams; where all is well with them, goes on. */
    final void ask(Consumer<BreakerSnapshot.Probe> answer, Runnable otherwise) {
        Prober prober = machine.prober;
        if (!prober.isAbsent()) {
            prober.ask(timer, answer);
            return;
        }
        BreakerSnapshot.Probe silence = prober.silence();
        if (silence != null) {
            answer.accept(silence);
        } else {
            otherwise.run();
        }
    }
}

package io.tradingbreaker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** The one timer of a phase. It does nothing once the phase has ended, even if it is set after that. Thread-safe. */
final class PhaseTimer {

    private static final RecoveryScheduler.Task NONE = () -> {};
    private static final RecoveryScheduler.Task STOPPED = () -> {};

    private final Phase phase;
    private final AtomicReference<RecoveryScheduler.Task> task = new AtomicReference<>(NONE);

    PhaseTimer(Phase phase) {
        this.phase = phase;
    }

    void in(long nanos, Runnable work) {
        RecoveryScheduler.Task next = phase.machine.scheduler.after(Duration.ofNanos(Math.max(0, nanos)), () -> {
            if (phase.isCurrent()) {
                work.run();
            }
        });
        RecoveryScheduler.Task last = task.getAndUpdate(t -> t == STOPPED ? STOPPED : next);
        if (last == STOPPED) {
            next.cancel();
        }
    }

    void stop() {
        task.getAndSet(STOPPED).cancel();
    }
}

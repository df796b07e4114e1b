package io.tradingbreaker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one timer of a phase. It does nothing once the phase has ended, even if it is set after that. Should the scheduler
 * fail to take it, or its work fail, {@link #mend} tries again. Thread-safe.
 */
final class PhaseTimer {

    private static final Logger log = LoggerFactory.getLogger(PhaseTimer.class);
    private static final long RETRY_NANOS = 1_000_000_000;
    private static final RecoveryScheduler.Task NONE = () -> {};
    private static final RecoveryScheduler.Task STOPPED = () -> {};

    private final Phase phase;
    private final AtomicReference<RecoveryScheduler.Task> task = new AtomicReference<>(NONE);
    private final AtomicReference<@Nullable Missed> missed = new AtomicReference<>();

    PhaseTimer(Phase phase) {
        this.phase = phase;
    }

    void in(long nanos, Runnable work) {
        try {
            set(Math.max(0, nanos), work);
        } catch (RuntimeException | Error e) {
            missed.set(new Missed(phase.machine.clock.nanoTime() + nanos, work));
            log.error("The scheduler failed to take a timer of breaker '{}'; trying again", phase.machine.name, e);
        }
    }

    void mend() {
        if (missed.get() != null) {
            Missed late = missed.getAndSet(null);
            if (late != null) {
                in(late.dueNanos - phase.machine.clock.nanoTime(), late.work);
            }
        }
    }

    void stop() {
        phase.machine.cancel(task.getAndSet(STOPPED));
    }

    private void set(long nanos, Runnable work) {
        RecoveryScheduler.Task next = phase.machine.scheduler.after(Duration.ofNanos(nanos), () -> run(work));
        RecoveryScheduler.Task last = task.getAndUpdate(t -> t == STOPPED ? STOPPED : next);
        if (last == STOPPED) {
            phase.machine.cancel(next);
        }
    }

    private void run(Runnable work) {
        if (!phase.isCurrent()) {
            return;
        }
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            missed.set(new Missed(phase.machine.clock.nanoTime() + RETRY_NANOS, work));
            log.error("A timer of breaker '{}' failed; trying again", phase.machine.name, e);
        }
    }

    private record Missed(long dueNanos, Runnable work) {}
}

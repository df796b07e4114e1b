package io.tradingbreaker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one timer of a phase. It does nothing once the phase has ended, even if it is set after that. Should the scheduler
 * fail to take it, or its work fail, {@link #mend} tries again. What is needed for that is not made when memory may be
 * short. Thread-safe.
 */
final class PhaseTimer {

    private static final Logger log = LoggerFactory.getLogger(PhaseTimer.class);
    private static final long RETRY_NANOS = 1_000_000_000;
    private static final RecoveryScheduler.Task NONE = () -> {};
    private static final RecoveryScheduler.Task STOPPED = () -> {};

    private final Phase phase;
    private final AtomicReference<RecoveryScheduler.Task> task = new AtomicReference<>(NONE);
    private final AtomicReference<@Nullable Runnable> missed = new AtomicReference<>();
    private final AtomicReference<@Nullable Runnable> failed = new AtomicReference<>();
    private volatile long dueNanos;

    PhaseTimer(Phase phase) {
        this.phase = phase;
    }

    boolean isOn() {
        return phase.isCurrent();
    }

    /** Does work at that time of the monotonic clock, or at once if it is past. */
    void at(long nanos, Runnable work) {
        dueNanos = nanos;
        try {
            set(Math.max(0, nanos - phase.machine.clock.nanoTime()), work);
        } catch (RuntimeException | Error e) {
            missed.set(work);
            log.error("The scheduler failed to take a timer of breaker '{}'; trying again", phase.machine.name, e);
        }
    }

    /** Does work now, also if the phase has ended; should it fail, again in a while if the phase is still on. */
    void orLater(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            failed.set(work);
            log.error("Work of breaker '{}' failed; trying again", phase.machine.name, e);
        }
    }

    void mend() {
        if (missed.get() != null) {
            Runnable work = missed.getAndSet(null);
            if (work != null) {
                at(dueNanos, work);
            }
        }
        if (failed.get() != null) {
            long again = phase.machine.clock.nanoTime() + RETRY_NANOS;
            Runnable work = failed.getAndSet(null);
            if (work != null) {
                at(again, work);
            }
        }
    }

    void stop() {
        phase.machine.cancel(task.getAndSet(STOPPED));
    }

    private void set(long nanos, Runnable work) {
        RecoveryScheduler.Task next = phase.machine.scheduler.after(Duration.ofNanos(nanos), () -> {
            if (isOn()) {
                orLater(work);
            }
        });
        RecoveryScheduler.Task last = task.getAndUpdate(t -> t == STOPPED ? STOPPED : next);
        phase.machine.cancel(last == STOPPED ? next : last);
    }
}

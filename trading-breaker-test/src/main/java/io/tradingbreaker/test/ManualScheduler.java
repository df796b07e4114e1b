package io.tradingbreaker.test;

import io.tradingbreaker.RecoveryScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a breaker's timers, stall checks, health checks and listeners on the thread of the test, when the test lets time
 * pass. Nothing runs by itself, and nothing waits.
 *
 * <pre>{@code
 * ManualScheduler time = new ManualScheduler();
 * BreakerRegistry registry = BreakerRegistry.builder().clock(time.clock()).scheduler(time).build();
 * Permit permit = registry.breaker("trading").tryAcquire();
 * time.advance(Duration.ofMillis(250)); // the call hangs for 250 ms of virtual time
 * permit.success();
 * }</pre>
 *
 * <p>Work may be scheduled from any thread; time belongs to one thread at a time.
 */
public final class ManualScheduler implements RecoveryScheduler {

    private final ManualClock clock = new ManualClock();
    private final List<Work> queue = new ArrayList<>();
    private final List<Work> held = new ArrayList<>();
    private boolean holdsProbes;
    private boolean closed;

    /** The clock that this scheduler moves. */
    public ManualClock clock() {
        return clock;
    }

    /** Lets time pass, step by step: everything runs at the moment when it is due. */
    public void advance(Duration time) {
        long end = clock.nanoTime() + time.toNanos();
        for (Work next = takeDue(end); next != null; next = takeDue(end)) {
            if (next.due - clock.nanoTime() > 0) {
                clock.moveTo(next.due);
            }
            run(next);
        }
        // Work that advances time itself may have gone further.
        if (end - clock.nanoTime() > 0) {
            clock.moveTo(end);
        }
    }

    /** Runs what is due now, such as listeners, without letting time pass. */
    public void runDue() {
        advance(Duration.ZERO);
    }

    /** Lets this JVM stand still: time passes, nothing runs, and then everything that is overdue runs. */
    public void pause(Duration time) {
        clock.moveTo(clock.nanoTime() + time.toNanos());
        runDue();
    }

    /** Makes health checks hang from now on, until {@link #releaseProbes}. */
    public synchronized void holdProbes() {
        holdsProbes = true;
    }

    /** Lets the health checks that hang run on, and later ones too. */
    public synchronized void releaseProbes() {
        holdsProbes = false;
        held.forEach(work -> work.due = clock.nanoTime());
        queue.addAll(held);
        held.clear();
    }

    @Override
    public synchronized Task after(Duration delay, Runnable timer) {
        return add(queue, new Work(timer, delay.toNanos(), null));
    }

    @Override
    public synchronized Task every(Duration interval, Runnable stallCheck) {
        return add(queue, new Work(stallCheck, interval.toNanos(), interval));
    }

    @Override
    public synchronized Task probe(Runnable check) {
        return add(holdsProbes ? held : queue, new Work(check, 0, null));
    }

    @Override
    public synchronized void publish(Runnable listeners) {
        add(queue, new Work(listeners, 0, null));
    }

    /** Drops all work. */
    @Override
    public synchronized void close() {
        closed = true;
        queue.clear();
        held.clear();
    }

    private Task add(List<Work> to, Work work) {
        if (!closed) {
            to.add(work);
        }
        return () -> remove(work);
    }

    // A check that hangs goes on hanging, as one that ignores its interrupt does.
    private synchronized void remove(Work work) {
        work.isCancelled = true;
        queue.remove(work);
    }

    /** The work that is due first, in the order in which it was scheduled, up to that time. */
    private synchronized @Nullable Work takeDue(long end) {
        Work first = null;
        for (Work work : queue) {
            if (work.due - end <= 0 && (first == null || work.due - first.due < 0)) {
                first = work;
            }
        }
        if (first != null) {
            queue.remove(first);
        }
        return first;
    }

    private void run(Work work) {
        work.action.run();
        if (work.interval != null) {
            repeat(work, work.interval);
        }
    }

    private synchronized void repeat(Work work, Duration interval) {
        if (!closed && !work.isCancelled) {
            work.due = clock.nanoTime() + interval.toNanos();
            queue.add(work);
        }
    }

    private final class Work {

        private final Runnable action;
        private final @Nullable Duration interval;
        private long due;
        private boolean isCancelled;

        Work(Runnable action, long delayNanos, @Nullable Duration interval) {
            this.action = action;
            this.interval = interval;
            due = clock.nanoTime() + Math.max(0, delayNanos);
        }
    }
}

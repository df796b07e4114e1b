package io.tradingbreaker;

import java.time.Duration;

/**
 * Runs the timers of recovery, the stall check, health checks and listeners. One scheduler serves every breaker of a
 * registry, on a bounded number of threads. Thread-safe.
 *
 * <p>Health checks and listeners run through {@link #probe} and {@link #publish} only, so that they delay neither a timer
 * nor the stall check. A timer may look the health checkers up and ask {@link HealthChecker#supports}. The tests' scheduler is {@code io.tradingbreaker.test.ManualScheduler}.
 */
public interface RecoveryScheduler extends AutoCloseable {

    /** Runs {@code timer} once, {@code delay} from now. */
    Task after(Duration delay, Runnable timer);

    /** Runs {@code stallCheck} again and again, {@code interval} after it last ended, on a thread of its own. */
    Task every(Duration interval, Runnable stallCheck);

    /** Runs a health check, which may block; {@link Task#cancel} interrupts it. */
    Task probe(Runnable check);

    /** Runs listeners, which may block. */
    void publish(Runnable listeners);

    /** Ends all work; what is scheduled later does not run. */
    @Override
    void close();

    /** The scheduler for production: daemon threads, at most 64 each for health checks and listeners. */
    static RecoveryScheduler threaded() {
        return new ThreadedScheduler();
    }

    /** Work that has been scheduled. */
    @FunctionalInterface
    interface Task {

        /** Cancels the work if it has not run, and interrupts it if it is a running health check. */
        void cancel();
    }
}

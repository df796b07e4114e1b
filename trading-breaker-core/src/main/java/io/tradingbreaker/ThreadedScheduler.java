package io.tradingbreaker;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread for timers, one for the stall check, and two pools for user code that shrink to nothing when idle. */
final class ThreadedScheduler implements RecoveryScheduler {

    private static final Logger log = LoggerFactory.getLogger(ThreadedScheduler.class);
    private static final int POOL_SIZE = 64;

    private final ScheduledThreadPoolExecutor timers = scheduled("trading-breaker-timer");
    private final ScheduledThreadPoolExecutor stallCheck = scheduled("trading-breaker-stall-check");
    private final ThreadPoolExecutor probes = pool("trading-breaker-probe-");
    private final ThreadPoolExecutor listeners = pool("trading-breaker-listener-");

    @Override
    public Task after(Duration delay, Runnable timer) {
        try {
            return cancelling(timers.schedule(logged(timer), delay.toNanos(), TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    @Override
    public Task every(Duration interval, Runnable check) {
        long nanos = interval.toNanos();
        return cancelling(stallCheck.scheduleWithFixedDelay(logged(check), nanos, nanos, TimeUnit.NANOSECONDS));
    }

    @Override
    public Task probe(Runnable check) {
        try {
            Future<?> running = probes.submit(logged(check));
            return () -> running.cancel(true);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    @Override
    public void publish(Runnable work) {
        try {
            listeners.execute(logged(work));
        } catch (RejectedExecutionException closed) {
            log.debug("Transitions after the scheduler was closed are not published");
        }
    }

    @Override
    public void close() {
        timers.shutdownNow();
        stallCheck.shutdownNow();
        probes.shutdownNow();
        // What has happened is still told: listeners end their queue, for a moment at most.
        listeners.shutdown();
        try {
            if (!listeners.awaitTermination(2, TimeUnit.SECONDS)) {
                listeners.shutdownNow();
            }
        } catch (InterruptedException e) {
            listeners.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static Task cancelling(Future<?> future) {
        return () -> future.cancel(false);
    }

    /** An exception would end a periodic task for good. */
    private static Runnable logged(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                log.error("Unexpected failure inside the breaker's scheduler", e);
            }
        };
    }

    private static ScheduledThreadPoolExecutor scheduled(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, daemon(name, null));
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    private static ThreadPoolExecutor pool(String prefix) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                POOL_SIZE,
                POOL_SIZE,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                daemon(prefix, new AtomicInteger()));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private static ThreadFactory daemon(String name, @Nullable AtomicInteger counter) {
        return work -> {
            Thread thread = new Thread(work, counter == null ? name : name + counter.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}

package io.tradingbreaker;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The one thread that a store is called on, one piece of work after the other, so that a store that hangs holds up
 * nothing else. Who waits does so for a limited time. Thread-safe.
 */
final class StoreLane {

    private static final long LAST_WORDS_MILLIS = 2_000;

    private final Duration timeout;
    private final Consumer<SwitchStoreException> onOverdue;
    private final ThreadPoolExecutor worker;
    private volatile long begunNanos;
    private volatile boolean isBusy;

    /** @param onOverdue told of what is not done in time */
    StoreLane(Duration timeout, Consumer<SwitchStoreException> onOverdue) {
        this.timeout = timeout;
        this.onOverdue = onOverdue;
        worker = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread thread = new Thread(work, "trading-breaker-store");
            thread.setDaemon(true);
            return thread;
        });
        worker.allowCoreThreadTimeOut(true);
    }

    /**
     * Does work and waits for it.
     *
     * @throws SwitchStoreException if the work does, or is not done in time; what has begun then goes on
     */
    void run(Runnable work) {
        if (isStuck()) {
            throw overdue();
        }
        FutureTask<Void> task = task(work);
        try {
            worker.execute(task);
            task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw new SwitchStoreException("the registry of breakers is closed", e);
        } catch (TimeoutException e) {
            giveUp(task);
            throw overdue();
        } catch (InterruptedException e) {
            giveUp(task);
            Thread.currentThread().interrupt();
            throw new SwitchStoreException("interrupted while waiting for the store", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("unexpected failure inside the store's lane", e.getCause());
        }
    }

    /** Does work some time, unless there is other work. */
    void runIfIdle(Runnable work) {
        if (isStuck()) {
            overdue();
        } else if (!isBusy && worker.getQueue().isEmpty()) {
            runLater(work);
        }
    }

    private void runLater(Runnable work) {
        try {
            worker.execute(task(work));
        } catch (RejectedExecutionException closed) {
            // Nothing is kept any more.
        }
    }

    /** Does this work last, if it can be done within a while. */
    void close(Runnable last) {
        runLater(last);
        worker.shutdown();
        try {
            if (!worker.awaitTermination(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private FutureTask<Void> task(Runnable work) {
        return new FutureTask<>(
                () -> {
                    begunNanos = System.nanoTime();
                    isBusy = true;
                    try {
                        work.run();
                    } finally {
                        isBusy = false;
                    }
                },
                null);
    }

    private void giveUp(FutureTask<Void> task) {
        task.cancel(false);
        worker.remove(task);
    }

    private boolean isStuck() {
        return isBusy && System.nanoTime() - begunNanos > timeout.toNanos();
    }

    private SwitchStoreException overdue() {
        SwitchStoreException overdue =
                new SwitchStoreException("the store has not answered within " + Text.duration(timeout));
        onOverdue.accept(overdue);
        return overdue;
    }
}

package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadedSchedulerTests {

    private static final Duration SOON = Duration.ofMillis(1);

    private final RecoveryScheduler scheduler = RecoveryScheduler.threaded();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void allThreads_areDaemonsWithAName() throws Exception {
        LinkedBlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        Runnable work = () -> threads.add(Thread.currentThread());
        scheduler.after(SOON, work);
        scheduler.probe(work);
        scheduler.publish(work);
        RecoveryScheduler.Task stallCheck = scheduler.every(SOON, work);
        for (int i = 0; i < 4; i++) {
            assertThat(threads.take())
                    .matches(Thread::isDaemon)
                    .extracting(Thread::getName)
                    .asString()
                    .startsWith("trading-breaker-");
        }
        stallCheck.cancel();
    }

    @Test
    void tasks_canBeCancelled_alsoOfAClosedScheduler() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        RecoveryScheduler.Task probe = scheduler.probe(noting(() -> {
            began.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }));
        began.await();
        probe.cancel();
        interrupted.await();
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch cancelled = new CountDownLatch(1);
        scheduler.after(SOON, () -> await(cancelled)); // the one thread of timers
        scheduler.after(SOON, runs::incrementAndGet).cancel();
        CountDownLatch later = new CountDownLatch(2);
        scheduler.after(SOON, noting(later::countDown));
        scheduler.publish(noting(later::countDown));
        cancelled.countDown();
        later.await();
        scheduler.close();
        scheduler.after(SOON, runs::incrementAndGet).cancel();
        scheduler.probe(runs::incrementAndGet).cancel();
        scheduler.publish(runs::incrementAndGet);
        awaitEndOfThreads();
        assertThat(runs).hasValue(0);
    }

    @Test
    void close_tellsWhatHasHappened_andEndsAllThreads() throws Exception {
        CountDownLatch others = new CountDownLatch(2);
        scheduler.after(SOON, noting(others::countDown));
        scheduler.probe(noting(others::countDown));
        CountDownLatch checked = new CountDownLatch(1);
        scheduler.every(SOON, noting(checked::countDown));
        others.await();
        checked.await();
        Thread closing = Thread.currentThread();
        AtomicInteger told = new AtomicInteger();
        // More than the pool has threads, so that some are queued.
        for (int i = 0; i < 200; i++) {
            scheduler.publish(noting(() -> {
                // Nothing is told before close() waits for it.
                while (closing.getState() != Thread.State.TIMED_WAITING && told.get() == 0) {
                    LockSupport.parkNanos(100_000);
                }
                told.incrementAndGet();
            }));
        }
        scheduler.close();
        awaitEndOfThreads();
        assertThat(told).hasValue(200);
        assertThat(threads).hasSizeGreaterThan(3);
    }

    @Test
    void closeByAnInterruptedThread_doesNotWait_andStaysInterrupted() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch began = new CountDownLatch(1);
        scheduler.publish(() -> {
            began.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        began.await();
        Thread.currentThread().interrupt();
        scheduler.close();
        assertThat(Thread.interrupted()).isTrue();
        interrupted.await();
    }

    private Runnable noting(Runnable work) {
        return () -> {
            threads.add(Thread.currentThread());
            work.run();
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEndOfThreads() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }
}

package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ThreadedSchedulerTests {

    private static final Duration SOON = Duration.ofMillis(1);

    private final RecoveryScheduler scheduler = RecoveryScheduler.threaded();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    @Timeout(20)
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
    @Timeout(20)
    void tasks_canBeCancelled_alsoOfAClosedScheduler() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        RecoveryScheduler.Task probe = scheduler.probe(() -> {
            began.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        began.await();
        probe.cancel();
        interrupted.await();
        AtomicInteger runs = new AtomicInteger();
        scheduler.after(Duration.ofMillis(50), runs::incrementAndGet).cancel();
        CountDownLatch later = new CountDownLatch(1);
        scheduler.after(Duration.ofMillis(60), later::countDown);
        later.await();
        scheduler.close();
        scheduler.after(SOON, runs::incrementAndGet).cancel();
        scheduler.probe(runs::incrementAndGet).cancel();
        scheduler.publish(runs::incrementAndGet);
        assertThat(runs).hasValue(0);
    }

    @Test
    @Timeout(20)
    void close_tellsWhatHasHappened() {
        AtomicInteger told = new AtomicInteger();
        for (int i = 0; i < 1_000; i++) {
            scheduler.publish(told::incrementAndGet);
        }
        long began = System.nanoTime();
        scheduler.close();
        assertThat(told).hasValue(1_000);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)).isLessThan(1_900);
    }

    @Test
    @Timeout(20)
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
}

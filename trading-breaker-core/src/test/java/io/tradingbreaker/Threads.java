package io.tradingbreaker;

import java.util.concurrent.CompletionService;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Runs the same work on several threads that begin together. The first failure interrupts them all. */
final class Threads {

    private Threads() {}

    static void run(int count, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(count);
        try {
            CompletionService<Void> ends = new ExecutorCompletionService<>(pool);
            CyclicBarrier start = new CyclicBarrier(count);
            for (int i = 0; i < count; i++) {
                int number = i;
                ends.submit(() -> {
                    start.await();
                    work.run(number);
                    return null;
                });
            }
            for (int i = 0; i < count; i++) {
                ends.take().get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    interface Work {
        void run(int number) throws Exception;
    }
}

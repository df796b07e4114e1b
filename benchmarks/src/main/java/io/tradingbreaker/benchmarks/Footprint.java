package io.tradingbreaker.benchmarks;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** What a breaker keeps in memory before its first call and with a full default window, and how many threads many need. */
final class Footprint {

    private static final int MANY = 10_000;
    private static final int BUSY = 200;
    private static final int DEFAULT_WINDOW = 1_000;

    private Footprint() {}

    public static void main(String[] arguments) throws Exception {
        int threadsBefore = threads();
        try (BreakerRegistry registry = BreakerRegistry.builder().build()) {
            call(registry.breaker(BreakerRegistry.DEFAULT_NAME), 1);
            long empty = used();
            for (int i = 0; i < MANY; i++) {
                registry.breaker("idle-" + i);
            }
            long idle = used();
            for (int i = 0; i < BUSY; i++) {
                call(registry.breaker("idle-" + i), DEFAULT_WINDOW);
            }
            long busy = used();
            System.out.println("| breakers | bytes each | threads of ours |");
            System.out.println("|---|---|---|");
            row(MANY + " idle", (idle - empty) / MANY, threadsBefore);
            row(BUSY + " of them with a full window", (busy - idle) / BUSY + (idle - empty) / MANY, threadsBefore);
        }
    }

    private static void call(TradingBreaker breaker, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            breaker.call(() -> "done");
        }
    }

    private static void row(String what, long bytes, int threadsBefore) {
        System.out.printf(Locale.ROOT, "| %s | %,d | %d |%n", what, bytes, threads() - threadsBefore);
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** Heap in use when nothing more can be collected. */
    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            ManagementFactory.getMemoryMXBean().gc();
            LockSupport.parkNanos(50_000_000);
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}

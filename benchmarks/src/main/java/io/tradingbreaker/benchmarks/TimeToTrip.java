package io.tradingbreaker.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How long after a dependency went bad the first call is refused, and how many were sent into it: 100 calls a second on
 * 200 threads, with a full window of fast calls before. In real time.
 */
final class TimeToTrip {

    private static final int WINDOW = 1_000;
    private static final long BETWEEN_CALLS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int CALLS_BEFORE = 100;
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);
    private static final int ROUNDS = 11;

    private TimeToTrip() {}

    private enum Fault {
        /** No answer for 30 s, then an error. */
        FREEZE(30_000),
        /** 300 ms in place of 5. */
        SLOW(300);

        private final long millis;

        Fault(long millis) {
            this.millis = millis;
        }
    }

    private record Round(long untilRefusedNanos, int sent) {}

    public static void main(String[] arguments) throws Exception {
        System.out.println(
                "| | fault | rounds | first refusal, s: median [min–max] | calls sent in: median [min–max] |");
        System.out.println("|---|---|---|---|---|");
        for (Fault fault : Fault.values()) {
            for (Contender contender : Contender.values()) {
                if (contender != Contender.CLOCK && contender != Contender.TRADING_BREAKER_WITH_PARENT) {
                    print(contender, fault, rounds(contender, fault));
                }
            }
        }
        System.exit(0);
    }

    private static List<Round> rounds(Contender contender, Fault fault) throws Exception {
        // A peer sees a frozen call after its 30 s, every time.
        int count = fault == Fault.FREEZE && !contender.seesCallsInFlight() ? 1 : ROUNDS;
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rounds.add(new Dependency(contender, fault).round());
        }
        return rounds;
    }

    private static void print(Contender contender, Fault fault, List<Round> rounds) {
        rounds.sort(Comparator.comparingLong(Round::untilRefusedNanos));
        int[] sent = rounds.stream().mapToInt(Round::sent).sorted().toArray();
        int last = rounds.size() - 1;
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %d | %.3f [%.3f–%.3f] | %d [%d–%d] |%n",
                contender,
                fault,
                rounds.size(),
                rounds.get(last / 2).untilRefusedNanos / 1e9,
                rounds.get(0).untilRefusedNanos / 1e9,
                rounds.get(last).untilRefusedNanos / 1e9,
                sent[last / 2],
                sent[0],
                sent[last]);
    }

    /** A dependency behind one breaker, for one round. */
    private static final class Dependency {

        private final Contender contender;
        private final Fault fault;
        private final Guard guard;
        private final CountDownLatch over = new CountDownLatch(1);
        private final AtomicLong refusedAt = new AtomicLong(-1);
        private final AtomicInteger sent = new AtomicInteger();
        private volatile boolean bad;

        Dependency(Contender contender, Fault fault) {
            this.contender = contender;
            this.fault = fault;
            guard = contender.guard();
        }

        Round round() throws Exception {
            for (int i = 0; i < WINDOW; i++) {
                guard.call(() -> "fast");
            }
            ExecutorService threads = Executors.newFixedThreadPool(200);
            long start = System.nanoTime();
            long wentBadAt = start + CALLS_BEFORE * BETWEEN_CALLS;
            for (int call = 0; refusedAt.get() < 0; call++) {
                long due = start + call * BETWEEN_CALLS;
                LockSupport.parkNanos(due - System.nanoTime());
                bad = call >= CALLS_BEFORE;
                if (due - wentBadAt > LONGEST) {
                    throw new IllegalStateException(contender + " has refused nothing");
                }
                threads.execute(this::call);
            }
            over.countDown();
            threads.shutdown();
            return new Round(refusedAt.get() - wentBadAt, sent.get());
        }

        private void call() {
            boolean[] ran = new boolean[1];
            try {
                guard.call(() -> {
                    ran[0] = true;
                    return answer();
                });
            } catch (Exception e) {
                if (!ran[0]) {
                    refusedAt.compareAndSet(-1, System.nanoTime());
                }
            }
        }

        private @Nullable Object answer() throws Exception {
            boolean late = bad;
            if (late) {
                sent.incrementAndGet();
            }
            over.await(late ? fault.millis : 5, TimeUnit.MILLISECONDS);
            if (late && (fault == Fault.FREEZE || !contender.knowsLatency())) {
                throw new IOException("slow");
            }
            return null;
        }
    }
}

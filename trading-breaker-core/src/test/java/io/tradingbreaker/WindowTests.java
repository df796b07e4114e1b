package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The window against a plain queue. */
class WindowTests {

    private static final long AGE = 1_000;
    private static final long OVER = 950_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 15, 16, 17, 100, 513, 1000, 1024, 5000})
    void randomStreams_agreeWithAQueue(int size) {
        Random random = new Random(size);
        Window window = Windows.of(size, AGE, OVER);
        Deque<long[]> queue = new ArrayDeque<>();
        // Wraps: the monotonic clock may.
        long now = Long.MAX_VALUE - 50_000;
        for (int step = 0; step < 20_000; step++) {
            now += random.nextInt(20) == 0 ? random.nextInt(700) : random.nextInt(3);
            long latency = random.nextInt(1_000_000);
            boolean failure = random.nextInt(20) == 0;
            int flags = (latency > OVER ? Window.OVER : 0) | (failure ? Window.FAILED : 0);
            long index = window.enter(latency, failure, now);
            queue.addLast(new long[] {now, latency, flags, index});
            if (random.nextInt(10) == 0) {
                long[] sample = queue.stream()
                        .skip(random.nextInt(queue.size()))
                        .findFirst()
                        .orElseThrow();
                boolean isIn = index - sample[3] < size && now - sample[0] <= AGE;
                window.trim(now);
                long amended = random.nextInt(1_000_000);
                long marks = (amended > OVER ? Window.OVER : 0) | Window.FAILED;
                assertThat(window.amend(sample[3], amended, true))
                        .isEqualTo(isIn ? (int) (marks & ~sample[2]) : Window.LEFT);
                sample[1] = amended;
                sample[2] = marks;
            }
            while (queue.size() > size || now - queue.getFirst()[0] > AGE) {
                queue.removeFirst();
            }
            if (flags != 0 || random.nextInt(50) == 0) {
                assertThat(window.trim(now)).isEqualTo(queue.size());
                for (int flag : List.of(Window.OVER, Window.FAILED)) {
                    Samples.Share expected = new Samples.Share((int) count(queue, flag), queue.size());
                    assertThat(window.recount(flag)).isEqualTo(expected);
                    assertThat(window.estimate(flag)).isEqualTo(expected);
                }
                assertThat(window.latencies(window.first()))
                        .isEqualTo(queue.stream().mapToLong(s -> s[1]).toArray());
            }
        }
    }

    private static long count(Deque<long[]> queue, int flag) {
        return queue.stream().filter(sample -> (sample[2] & flag) != 0).count();
    }

    @Test
    void negativeAndHugeLatencies_areKeptAsTheNearestThatFits() {
        Window window = Windows.of(10, AGE);
        window.enter(-5, false, 0);
        window.enter(Long.MAX_VALUE, false, 0);
        long[] latencies = window.latencies(0);
        assertThat(latencies[0]).isZero();
        assertThat(latencies[1]).isGreaterThan(3_600_000_000_000L);
        assertThat(Distribution.of(latencies, 0, 1).max().toHours()).isEqualTo(1);
    }

    @Test
    void concurrentSamples_leaveExactCounts() throws Exception {
        Window window = Windows.of(1000, AGE);
        AtomicLong clock = new AtomicLong();
        Threads.run(4, number -> {
            Random random = new Random(number);
            for (int i = 0; i < 200_000; i++) {
                long now = clock.addAndGet(random.nextInt(2));
                boolean isOver = random.nextInt(20) == 0;
                boolean failure = random.nextInt(20) == 0;
                long index = window.enter(isOver ? Windows.SLOW : Windows.FAST, failure, now);
                if (isOver || failure) {
                    window.trim(now);
                }
                if (random.nextInt(100) == 0) {
                    window.amend(index, random.nextInt(3), true);
                }
            }
        });
        for (int i = 0; i < 500; i++) {
            window.enter(Windows.SLOW, true, clock.get() + AGE / 2);
        }
        assertThat(window.trim(clock.get() + AGE / 2)).isEqualTo(1000);
        // All that was entered before is gone by now: whatever is left over would be a sample counted for ever.
        long later = clock.get() + AGE + 1;
        assertThat(window.trim(later)).isEqualTo(500);
        assertThat(window.over()).isEqualTo(500);
        assertThat(window.failed()).isEqualTo(500);
        window.trim(later + AGE);
        assertThat(window.over()).isZero();
        assertThat(window.failed()).isZero();
    }

    @Test
    void samplingRate_thinsTheReportEvenly() {
        long[] latencies = new long[1000];
        Arrays.fill(latencies, 5_000_000);
        assertThat(Distribution.of(latencies, 17, 0.25).count()).isEqualTo(250);
        assertThat(Distribution.of(latencies, 17, 0).count()).isZero();
        assertThat(Distribution.of(latencies, 17, 1).count()).isEqualTo(1000);
    }

    @Test
    void recount_neverFindsMoreThanTheWindowHolds_whateverTheCountsSayMeanwhile() throws Exception {
        Window window = Windows.of(1, AGE);
        Threads.run(2, number -> {
            for (int i = 0; i < 200_000; i++) {
                window.enter(Windows.SLOW, false, 0);
                window.trim(0);
                Samples.Share over = window.recount(Window.OVER);
                assertThat(over.marked()).isLessThanOrEqualTo(over.of());
                assertThat(over.of()).isLessThanOrEqualTo(1);
            }
        });
        assertThat(window.over()).isEqualTo(1);
        assertThat(window.recount(Window.OVER)).isEqualTo(new Samples.Share(1, 1));
    }
}

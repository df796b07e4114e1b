package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows whose limits change, against a plain queue that is told so. */
class WindowSuccessionTests {

    private static final int[] SIZES = {1, 2, 3, 15, 16, 17, 100, 1000, 1025};
    private static final long LONGEST = 2_000;

    private record Sample(long index, long at, long latency, boolean failed) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomRetunings_agreeWithAQueue(long seed) {
        Random random = new Random(seed);
        int size = 100;
        long age = 1_000;
        long over = 500;
        Window first = Windows.of(size, age, over);
        Window newest = first;
        Deque<Sample> queue = new ArrayDeque<>();
        // Wraps: the monotonic clock may.
        long now = Long.MAX_VALUE - 20_000;
        for (int step = 0; step < 20_000; step++) {
            now += random.nextInt(20) == 0 ? random.nextInt(700) : random.nextInt(3);
            // Whoever holds an old window gets where the newest is.
            Window held = random.nextInt(10) == 0 ? first : newest;
            if (random.nextInt(100) == 0) {
                trim(queue, size, age, now);
                size = SIZES[random.nextInt(SIZES.length)];
                age = 1 + random.nextLong(LONGEST);
                over = random.nextInt(1_000);
                Window next = Windows.of(size, age, over);
                newest.succeedBy(next, now);
                newest = next;
            } else if (random.nextInt(10) == 0 && !queue.isEmpty()) {
                Sample sample = queue.stream()
                        .skip(random.nextInt(queue.size()))
                        .findFirst()
                        .orElseThrow();
                trim(queue, size, age, now);
                newest.trim(now);
                boolean isIn = queue.contains(sample);
                Sample amended = new Sample(sample.index, sample.at, random.nextInt(1_000), true);
                assertThat(held.amend(sample.index, amended.latency, true) != Window.LEFT)
                        .isEqualTo(isIn);
                queue = replaced(queue, sample, amended);
            } else {
                long latency = random.nextInt(1_000);
                boolean failed = random.nextInt(10) == 0;
                queue.addLast(new Sample(held.enter(latency, failed, now), now, latency, failed));
            }
            trim(queue, size, age, now);
            if (random.nextInt(5) == 0) {
                assertAgree(newest, queue, over, now);
            }
        }
        assertThat(first.current()).isSameAs(newest);
    }

    private static Deque<Sample> replaced(Deque<Sample> queue, Sample sample, Sample by) {
        Deque<Sample> copy = new ArrayDeque<>();
        queue.forEach(s -> copy.addLast(s.index == sample.index ? by : s));
        return copy;
    }

    private static void trim(Deque<Sample> queue, int size, long age, long now) {
        while (!queue.isEmpty() && (queue.size() > size || now - queue.getFirst().at > age)) {
            queue.removeFirst();
        }
    }

    private static void assertAgree(Window window, Deque<Sample> queue, long over, long now) {
        int n = queue.size();
        int isOver = (int) queue.stream().filter(s -> s.latency > over).count();
        int isFailed = (int) queue.stream().filter(Sample::failed).count();
        assertThat(window.trim(now)).isEqualTo(n);
        assertThat(window.over()).isEqualTo(isOver);
        assertThat(window.failed()).isEqualTo(isFailed);
        assertThat(window.recount(Window.OVER)).isEqualTo(new Samples.Share(isOver, n));
        assertThat(window.estimate(Window.FAILED)).isEqualTo(new Samples.Share(isFailed, n));
        assertThat(window.latencies(window.first()))
                .isEqualTo(queue.stream().mapToLong(Sample::latency).toArray());
    }

    @Test
    void frozenWindow_staysAsItWas_forWhoIsStillJudgingIt() {
        Window before = Windows.of(10, LONGEST);
        for (int i = 0; i < 10; i++) {
            before.enter(i < 4 ? Windows.SLOW : Windows.FAST, false, 0);
        }
        Window after = Windows.of(3, LONGEST, 0);
        before.succeedBy(after, 0);
        before.enter(Windows.SLOW, true, 0);
        assertThat(before.trim(0)).isEqualTo(10);
        assertThat(before.recount(Window.OVER)).isEqualTo(new Samples.Share(4, 10));
        assertThat(before.estimate(Window.OVER)).isEqualTo(new Samples.Share(4, 10));
        assertThat(after.trim(0)).isEqualTo(3);
        assertThat(after.recount(Window.OVER)).isEqualTo(new Samples.Share(3, 3));
        assertThat(after.failed()).isEqualTo(1);
    }

    @Test
    void sampleFarOn_isNoEarlierLapInASmallSuccessor() {
        Window window = Windows.of(100_000, LONGEST);
        // As many laps of the small window as its cells can tell apart.
        for (int i = 0; i < 9_000_000; i++) {
            window.enter(Windows.FAST, false, 0);
        }
        Window small = Windows.of(3, LONGEST);
        window.succeedBy(small, 0);
        window.enter(Windows.SLOW, true, 0);
        assertThat(small.trim(0)).isEqualTo(3);
        assertThat(small.recount(Window.OVER)).isEqualTo(new Samples.Share(1, 3));
        assertThat(small.latencies(small.first())).containsExactly(Windows.FAST, Windows.FAST, Windows.SLOW);
    }

    /** A thread has its index, and is held up before it writes; meanwhile the window is replaced, twice. */
    @Test
    void sampleWrittenLate_isCarriedOverByItsWriter_underTheNewestThreshold() {
        Window before = Windows.of(10, LONGEST, 5);
        before.enter(1, false, 0);
        before.count(Window.mark(Window.FAILED), 1);
        long index = before.cursor.next();
        Window after = Windows.of(5, LONGEST, 3);
        before.succeedBy(after, 0);
        after.enter(4, false, 0);
        assertThat(after.recount(Window.OVER)).isEqualTo(new Samples.Share(1, 2));
        Window last = Windows.of(7, LONGEST, 2);
        after.succeedBy(last, 0);
        before.write(index, Window.FAILED, 3, 0);
        assertThat(last.trim(0)).isEqualTo(3);
        assertThat(last.recount(Window.OVER)).isEqualTo(new Samples.Share(2, 3));
        assertThat(last.recount(Window.FAILED)).isEqualTo(new Samples.Share(1, 3));
        assertThat(last.over()).isEqualTo(2);
        assertThat(last.failed()).isEqualTo(1);
        assertThat(last.latencies(last.first())).containsExactly(1, 3, 4);
    }

    /** As above, but its place has been taken by others before it is written: it is none of the last samples. */
    @Test
    void sampleWrittenTooLate_hasLeft_andLeavesNoCount() {
        Window before = Windows.of(16, LONGEST);
        before.count(Window.mark(Window.OVER), 1);
        long index = before.cursor.next();
        Window after = Windows.of(2, LONGEST);
        before.succeedBy(after, 0);
        for (int i = 0; i < 20; i++) {
            after.enter(Windows.FAST, false, 0);
        }
        assertThat(after.trim(0)).isEqualTo(2);
        before.write(index, Window.OVER, Windows.SLOW, 0);
        assertThat(after.trim(0)).isEqualTo(2);
        assertThat(after.over()).isZero();
        assertThat(after.recount(Window.OVER)).isEqualTo(new Samples.Share(0, 2));
    }

    /** No sample is lost or doubled while the window is large enough for all; then the small ones agree with their cells. */
    @Test
    void concurrentSamples_areCarriedOverOnce() throws Exception {
        int perThread = 20_000;
        Window first = Windows.of(2 * perThread + 1, LONGEST);
        AtomicLong over = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        AtomicLong running = new AtomicLong(2);
        Window[] held = {first, first};
        Threads.run(3, number -> {
            if (number == 2) {
                for (int i = 0; running.get() > 0; i++) {
                    Window now = first.current();
                    now.succeedBy(Windows.of(2 * perThread + 1 + i % 3, LONGEST, i % 2), 0);
                    held[i % 2] = i % 7 == 0 ? first : now;
                }
                return;
            }
            Random random = new Random(number);
            for (int i = 0; i < perThread; i++) {
                boolean isFailure = random.nextInt(10) == 0;
                boolean isOver = random.nextInt(10) == 0;
                Window window = held[number];
                long index = window.enter(Windows.FAST, isFailure, 0);
                if (isOver || random.nextInt(10) == 0) {
                    window.amend(index, isOver ? Windows.SLOW : Windows.FAST, false);
                }
                over.addAndGet(isOver ? 1 : 0);
                failed.addAndGet(isFailure ? 1 : 0);
                if (random.nextInt(100) == 0) {
                    Window judged = window.current();
                    int n = judged.trim(0);
                    assertThat(judged.recount(Window.OVER).of()).isBetween(0, 2 * perThread);
                    assertThat(n).isLessThanOrEqualTo(2 * perThread);
                }
            }
            running.decrementAndGet();
        });
        Window last = Windows.of(2 * perThread + 1, LONGEST);
        first.current().succeedBy(last, 0);
        int all = 2 * perThread;
        assertThat(last.trim(0)).isEqualTo(all);
        assertThat(last.over()).isEqualTo((int) over.get());
        assertThat(last.failed()).isEqualTo((int) failed.get());
        assertThat(last.recount(Window.OVER)).isEqualTo(new Samples.Share((int) over.get(), all));
        assertThat(last.recount(Window.FAILED)).isEqualTo(new Samples.Share((int) failed.get(), all));
    }
}

package io.tradingbreaker.spring.probe;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Looks that let virtual time pass, on the thread of the test. */
final class FakeLook implements Look {

    private final ManualScheduler time;
    Supplier<Duration> took = () -> Duration.ofMillis(20);
    Supplier<Sight> sight = () -> Sight.healthy("");
    int looks;

    FakeLook(ManualScheduler time) {
        this.time = time;
    }

    @Override
    public Sight look(Duration timeout) throws Exception {
        looks++;
        Duration needed = took.get();
        boolean isLate = needed.compareTo(timeout) > 0;
        time.advance(isLate ? timeout : needed);
        if (isLate) {
            throw new TimeoutException();
        }
        return sight.get();
    }

    @Override
    public void close() {}

    /** A lane without a thread. */
    static final class Inline extends AbstractExecutorService {

        private boolean isShutdown;
        private int works;
        /** The work for which there is no thread; counted from 1. */
        int failing;

        @Override
        public void execute(Runnable work) {
            if (++works == failing) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            work.run();
        }

        @Override
        public void shutdown() {
            isShutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            isShutdown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return isShutdown;
        }

        @Override
        public boolean isTerminated() {
            return isShutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return isShutdown;
        }
    }
}

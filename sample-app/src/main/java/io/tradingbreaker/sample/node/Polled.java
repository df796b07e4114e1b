package io.tradingbreaker.sample.node;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node says, asked anew again and again, so that nobody waits for it. Thread-safe. */
public final class Polled<T> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Polled.class);

    private final String what;
    private final Supplier<T> question;
    private final ScheduledExecutorService timer;
    private volatile @Nullable T latest;

    /**
     * Asks once before it returns.
     *
     * @param what in a word, for messages
     */
    public Polled(String what, Duration pause, Supplier<T> question) {
        this.what = what;
        this.question = question;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, what);
            thread.setDaemon(true);
            return thread;
        });
        ask();
        var unused = timer.scheduleWithFixedDelay(this::ask, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The last answer; null if there has been none yet. */
    public @Nullable T latest() {
        return latest;
    }

    private void ask() {
        try {
            latest = question.get();
        } catch (NodeException e) {
            log.debug("No new {}: {}", what, e.getMessage());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}

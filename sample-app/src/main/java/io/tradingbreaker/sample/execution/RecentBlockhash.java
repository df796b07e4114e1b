package io.tradingbreaker.sample.execution;

import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.node.SolanaNode;
import io.tradingbreaker.sample.node.SolanaNode.Blockhash;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A blockhash to sign with, fetched anew every second, so that no order waits for one. Thread-safe. */
final class RecentBlockhash implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RecentBlockhash.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final SolanaNode node;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "blockhash");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<?> refresh;
    private volatile @Nullable Blockhash latest;

    /** Fetches the first one before it returns. */
    RecentBlockhash(SolanaNode node) {
        this.node = node;
        fetch();
        refresh =
                timer.scheduleWithFixedDelay(this::fetch, INTERVAL.toNanos(), INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * The last one that was fetched; the node refuses it once it is too old.
     *
     * @throws NodeException if there has been none yet
     */
    Blockhash get() {
        Blockhash blockhash = latest;
        if (blockhash == null) {
            throw new NodeException("the node has given no blockhash yet");
        }
        return blockhash;
    }

    @Override
    public void close() {
        refresh.cancel(true);
        timer.shutdownNow();
    }

    private void fetch() {
        try {
            latest = node.latestBlockhash();
        } catch (NodeException e) {
            log.debug("No new blockhash: {}", e.getMessage());
        }
    }
}

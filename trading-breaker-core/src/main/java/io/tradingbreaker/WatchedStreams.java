package io.tradingbreaker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that one breaker watches, at most {@value #MOST}: further ones are not watched there, so that watches which
 * nobody closes do not fill the memory. Thread-safe.
 */
final class WatchedStreams {

    static final int MOST = 10_000;

    private static final Logger log = LoggerFactory.getLogger(WatchedStreams.class);

    private final String breaker;
    private final Set<WatchedStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    WatchedStreams(String breaker) {
        this.breaker = breaker;
    }

    void add(WatchedStream stream) {
        if (count.incrementAndGet() <= MOST) {
            streams.add(stream);
            return;
        }
        count.decrementAndGet();
        if (hasWarned.compareAndSet(false, true)) {
            log.warn(
                    "Breaker '{}' watches {} streams already; '{}' and further ones are not watched until some are closed."
                            + " Said once",
                    breaker,
                    MOST,
                    stream.description);
        }
    }

    void remove(WatchedStream stream) {
        if (streams.remove(stream)) {
            count.decrementAndGet();
        }
    }

    boolean isEmpty() {
        return count.get() == 0;
    }

    /**
     * The stream that has been silent for the longest, if that is beyond the limit.
     *
     * @param active the time without local pauses
     * @param limitNanos how long a stream may be silent; 0 is without limit
     */
    @Nullable
    Silence beyondLimit(long active, long limitNanos) {
        if (limitNanos == 0 || isEmpty()) {
            return null;
        }
        WatchedStream longest = null;
        long nanos = limitNanos;
        for (WatchedStream stream : streams) {
            long silent = stream.silentNanos(active);
            if (silent > nanos) {
                nanos = silent;
                longest = stream;
            }
        }
        return longest == null ? null : new Silence(longest.description, nanos);
    }

    /**
     * A stream that is silent.
     *
     * @param stream its description
     * @param nanos for how long
     */
    record Silence(String stream, long nanos) {

        @Override
        public String toString() {
            return "stream '" + stream + "' silent for " + Text.millis(Nanos.toMillis(nanos));
        }
    }
}

package io.tradingbreaker;

import java.util.List;

/** One stream, as it is entered at each level that has a limit for it. Thread-safe. */
final class WatchedStream implements StreamWatch {

    /** Of a stream that no breaker has a limit for. */
    static final StreamWatch UNWATCHED = new StreamWatch() {

        @Override
        public void awaiting() {}

        @Override
        public void idle() {}

        @Override
        public void close() {}
    };

    private static final long IDLE = 0;
    private static final long AWAITING = 1;

    final String description;
    private final BreakerClock clock;
    private final LocalPauses pauses;
    private final List<WatchedStreams> levels;

    // The time without local pauses since which a message is awaited, its lowest bit given away to tell that from IDLE.
    private volatile long since = IDLE;

    WatchedStream(String description, SharedParts parts, List<WatchedStreams> levels) {
        this.description = Text.oneLine(description);
        this.levels = levels;
        clock = parts.clock();
        pauses = parts.pauses();
    }

    @Override
    public void awaiting() {
        since = pauses.active(clock.nanoTime()) | AWAITING;
    }

    @Override
    public void idle() {
        since = IDLE;
    }

    /** How long a message has been awaited; not positive if none is. */
    long silentNanos(long active) {
        long began = since;
        return (began & AWAITING) == 0 ? 0 : active - began;
    }

    @Override
    public void close() {
        idle();
        levels.forEach(level -> level.remove(this));
    }

    @Override
    public String toString() {
        return "StreamWatch[" + description + "]";
    }
}

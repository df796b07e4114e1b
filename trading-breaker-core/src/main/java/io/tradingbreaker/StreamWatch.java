package io.tradingbreaker;

/**
 * A stream under watch: while a message is awaited, the time without one counts against {@code stream-silence} of the
 * breaker that watches, and of those above it. Nothing is counted before the first {@link #awaiting}. Local pauses do not
 * count.
 *
 * <p>A stream that is silent beyond the limit trips a breaker that is CLOSED, and fails its attempts at recovery. Whoever
 * watches a stream must close the watch when the stream has ended, however it ended.
 *
 * <p>Thread-safe; {@link #awaiting} and {@link #idle} are wait-free and allocate nothing.
 */
public interface StreamWatch extends AutoCloseable {

    /** A message is waited for from now on. Called again with each message, it begins the wait anew. */
    void awaiting();

    /** Nobody waits for a message: none was asked for, or the consumer is busy with the last one. */
    void idle();

    /** The stream has ended: it is forgotten at once. Closing again does nothing. */
    @Override
    void close();
}

package io.tradingbreaker;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what operators have halted, as one small versioned document, so that it survives a restart. A registry calls its
 * store on one thread at a time, never on a thread that makes a guarded call, and closes it.
 *
 * <p>What is in the document has been written by this version, by a later one, or by anybody: a store gives back only
 * what {@link SwitchPositions#parse} understands, and overwrites nothing else.
 */
public interface SwitchStore extends AutoCloseable {

    /**
     * The document; {@link SwitchPositions#NONE} if none was ever written.
     *
     * @throws SwitchStoreException if it cannot be read
     */
    SwitchPositions read();

    /**
     * Writes {@code next} if the stored document still has {@code expected}'s version. It is durable when this returns
     * true. After an exception either document may be there, and the next {@link #read} tells which.
     *
     * @param next with a higher version than {@code expected}
     * @param changes what was done since {@code expected}, in order, to be kept for an audit
     * @return false if the stored document has another version; nothing was written
     * @throws SwitchStoreException if it cannot be written
     */
    boolean replace(SwitchPositions expected, SwitchPositions next, List<Change> changes);

    /** Whether other processes may write to it, so that it is to be read again and again. */
    default boolean isShared() {
        return true;
    }

    /** How long operators wait for it; what takes longer goes on, but counts as a failure. */
    default Duration timeout() {
        return Duration.ofSeconds(5);
    }

    /** What it is, in a few words for people and without secrets: {@code file /var/lib/desk/halts}. */
    default String description() {
        return getClass().getSimpleName();
    }

    @Override
    default void close() {}

    /** What to do at a start while the document cannot be read. */
    enum OnUnreadable {
        /** Every breaker is halted until it can be read. */
        HALT,
        /** Trading begins; what the document says holds once it can be read. */
        START
    }

    /**
     * What was done to the switch.
     *
     * @param rule {@link Rule#HALT}, {@link Rule#RESUME} or {@link Rule#RESET}; any other has opened a breaker that waits
     *     for an operator
     * @param breaker null for all
     * @param position by whom, when and why
     */
    record Change(Rule rule, @Nullable String breaker, SwitchPositions.Position position) {}
}

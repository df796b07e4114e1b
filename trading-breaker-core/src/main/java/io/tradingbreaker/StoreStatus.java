package io.tradingbreaker;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the store of halts is.
 *
 * @param description what it is, in a few words for people
 * @param version of the document that this process has seen last
 * @param isRead false if it has not been readable since the start
 * @param failure why the last attempt to read or write failed, and since when attempts do; null if none does
 * @param failures attempts that failed so far
 * @param unstoredAll whether the halt of all breakers is in force, but not stored
 * @param unstored the breakers whose own halts are in force, but not stored
 */
public record StoreStatus(
        String description,
        long version,
        boolean isRead,
        @Nullable Failure failure,
        long failures,
        boolean unstoredAll,
        Set<String> unstored) {

    /** Whether something is in force that would not survive a restart. */
    public boolean isPending() {
        return unstoredAll || !unstored.isEmpty();
    }

    /** Whether that is so of one breaker. */
    public boolean isPending(String breaker) {
        return unstoredAll || unstored.contains(breaker);
    }

    /**
     * An attempt that failed.
     *
     * @param since the first of those in a row
     * @param message of the last
     */
    public record Failure(Instant since, String message) {}
}

package io.tradingbreaker;

import io.tradingbreaker.SwitchPositions.Position;
import io.tradingbreaker.SwitchStore.Change;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A resume or reset of what is paused, from its call to its end. The operators' lock guards it. */
final class SwitchEnding {

    final Change change;
    final long ticket;
    final Runnable inMemory;
    boolean isGivenUp;
    boolean isDone;

    /**
     * A resume or reset.
     *
     * @param ticket the last word that it knows of
     * @param inMemory does it to the breakers
     */
    SwitchEnding(Change change, long ticket, Runnable inMemory) {
        this.change = change;
        this.ticket = ticket;
        this.inMemory = inMemory;
    }

    /** Nobody waits for it any more. What it would have ended is said again, as it may be written yet. */
    void giveUp(SwitchMemory memory) {
        isGivenUp = true;
        pauses(memory.truth()).forEach(memory::sayAgain);
    }

    /** Does it in memory alone, where the document could never be read. */
    void endUnread(SwitchMemory memory) {
        isGivenUp = true;
        memory.endUnread(change);
        inMemory.run();
    }

    boolean isPaused(SwitchPositions positions) {
        return !pauses(positions).isEmpty();
    }

    /** What it would end, in the words that began it. */
    private List<Change> pauses(SwitchPositions positions) {
        String breaker = change.breaker();
        List<Change> pauses = new ArrayList<>();
        if (breaker != null) {
            add(pauses, breaker, positions.of(breaker));
        } else {
            add(pauses, null, positions.all());
            positions.breakers().forEach((name, position) -> add(pauses, name, position));
        }
        return pauses;
    }

    private static void add(List<Change> pauses, @Nullable String breaker, @Nullable Position position) {
        if (position != null && position.isPause()) {
            pauses.add(SwitchMemory.pausing(breaker, position));
        }
    }

    boolean concerns(SwitchPositions positions, Position pause) {
        String breaker = change.breaker();
        return breaker == null || pause.equals(positions.of(breaker));
    }
}

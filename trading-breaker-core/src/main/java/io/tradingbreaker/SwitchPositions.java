package io.tradingbreaker;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What operators have said last: of all breakers, and of single ones, which beats it. Immutable.
 *
 * @param version grows with each document that is written; 0 if none ever was
 * @param all of every breaker, those that are made later too; null if nothing was said
 * @param breakers of single breakers by name, which need not exist
 */
public record SwitchPositions(long version, @Nullable Position all, SortedMap<String, Position> breakers) {

    /** Nothing was ever said. */
    public static final SwitchPositions NONE = new SwitchPositions(0, null, Collections.emptySortedMap());

    public SwitchPositions {
        breakers = Collections.unmodifiableSortedMap(new TreeMap<>(breakers));
    }

    /**
     * What was said of one breaker, or of all.
     *
     * @param state HALTED; OPEN if it is paused and waits for an operator; CLOSED if an operator has ended that
     * @param reason one line of at most 200 characters
     * @param actor who said it; null if unknown
     * @param at when
     */
    public record Position(
            BreakerState state, String reason, @Nullable String actor, Instant at) {

        /** Cuts reason and actor down to one bounded line each. A blank actor is none. */
        public Position {
            if (state == BreakerState.HALF_OPEN) {
                throw new IllegalArgumentException("HALF_OPEN is no position of the switch");
            }
            reason = Text.reason(reason);
            actor = Text.actor(actor);
        }

        /** By whom and when, as the end of a sentence: {@code by alice at 2026-01-01T00:00:00Z: fat finger}. */
        String told() {
            return (actor == null ? "" : "by " + actor + " ") + "at " + at + ": " + reason;
        }

        boolean isPause() {
            return state != BreakerState.CLOSED;
        }
    }

    /**
     * Reads what {@link #toText} has written.
     *
     * @throws SwitchStoreException for anything else; its message says what was found
     */
    public static SwitchPositions parse(String text) {
        return SwitchText.parse(text);
    }

    /**
     * The document as text for stores, with its checksum.
     *
     * @throws SwitchStoreException if it is longer than a store may keep: 4 MiB
     */
    public String toText() {
        return SwitchText.of(this);
    }

    /** What holds for a breaker: what was said of it, or else of all; null if nothing was. */
    @Nullable
    Position of(String breaker) {
        Position own = breakers.get(breaker);
        return own == null ? all : own;
    }

    boolean isHalted(String breaker) {
        Position position = of(breaker);
        return position != null && position.state == BreakerState.HALTED;
    }

    boolean isPaused(String breaker) {
        Position position = of(breaker);
        return position != null && position.isPause();
    }

    /** What is halted, or waits for an operator: of all first. */
    Stream<Position> pauses() {
        return Stream.concat(Stream.ofNullable(all), breakers.values().stream()).filter(Position::isPause);
    }

    /** The same words under another version. */
    SwitchPositions at(long newVersion) {
        return new SwitchPositions(newVersion, all, breakers);
    }

    /**
     * With these changes made, in order. Whoever halts what is halted changes nothing, nor does a breaker that begins to
     * wait where it is halted or waits: the first word stays. Of a single key's breaker nothing stays that only says that
     * it is not paused, as there may be ever new ones.
     */
    SwitchPositions after(List<SwitchStore.Change> changes) {
        Position newAll = all;
        SortedMap<String, Position> newBreakers = new TreeMap<>(breakers);
        for (SwitchStore.Change change : changes) {
            Position position = change.position();
            String breaker = change.breaker();
            boolean isHalt = position.state == BreakerState.HALTED;
            Position present = breaker == null ? newAll : newBreakers.getOrDefault(breaker, newAll);
            boolean isDone = present != null
                    && position.isPause()
                    && (present.state == BreakerState.HALTED || present.state == position.state);
            if (breaker == null) {
                newAll = isDone ? newAll : position;
                newBreakers.values().removeIf(own -> !isHalt || own.state != BreakerState.HALTED);
            } else if (isForgettable(breaker, position, newAll)) {
                newBreakers.remove(breaker);
            } else if (!isDone) {
                newBreakers.put(breaker, position);
            }
        }
        return new SwitchPositions(version, newAll, newBreakers);
    }

    private static boolean isForgettable(String breaker, Position position, @Nullable Position all) {
        return !position.isPause() && (all == null || !all.isPause()) && KeyName.isName(breaker);
    }

    /** How many single keys' breakers it speaks of. */
    long keyed() {
        return breakers.keySet().stream().filter(KeyName::isKeyed).count();
    }
}

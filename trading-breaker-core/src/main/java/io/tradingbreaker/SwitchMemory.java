package io.tradingbreaker;

import io.tradingbreaker.SwitchPositions.Position;
import io.tradingbreaker.SwitchStore.Change;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The switch as this process knows it: the stored document that it has seen last, and the words that are in force but
 * not stored yet. Both together are what the breakers are in. Not thread-safe: the operators' lock guards it.
 */
final class SwitchMemory {

    private static final String ALL = "*";

    private SwitchPositions seen = SwitchPositions.NONE;
    private boolean isRead;
    private long highestVersion;
    private long tickets;
    private final Map<String, Word> unsaved = new LinkedHashMap<>();
    // What follows from these, worked out when asked for.
    private @Nullable SwitchPositions truth;
    private long keyed;

    /** Halts every breaker until the document has been read. */
    void haltUnread(Position halted) {
        if (!isRead) {
            seen = new SwitchPositions(0, halted, Collections.emptySortedMap());
            truth = null;
        }
    }

    /** What is in force. */
    SwitchPositions truth() {
        SwitchPositions known = truth;
        if (known == null) {
            known = seen.after(changes(seen, words()));
            truth = known;
            keyed = known.keyed();
        }
        return known;
    }

    /** What is in force for one breaker; found without a look at the others, as all may ask at once. */
    @Nullable
    Position truthOf(String breaker) {
        Position own = seen.breakers().get(breaker);
        SwitchPositions alone = new SwitchPositions(
                0, seen.all(), own == null ? Collections.emptySortedMap() : new TreeMap<>(Map.of(breaker, own)));
        List<Word> words = Stream.of(ALL, breaker)
                .map(unsaved::get)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparingLong(Word::ticket))
                .toList();
        return alone.after(changes(alone, words)).of(breaker);
    }

    /** Whether so many single keys' breakers are spoken of. */
    boolean hasKeyed(int most) {
        if (seen.breakers().size() + unsaved.size() < most) {
            return false;
        }
        truth();
        return keyed >= most;
    }

    SwitchPositions seen() {
        return seen;
    }

    /** Whether the document has ever been read. */
    boolean isRead() {
        return isRead;
    }

    /** Puts a word in force; the first of a row stays. Words are numbered in order. */
    void say(Change change) {
        truth = null;
        unsaved.compute(scope(change.breaker()), (scope, last) -> {
            BreakerState state = change.position().state();
            Change first = last != null && last.change.position().state() == state ? last.change : change;
            return new Word(first, ++tickets, false);
        });
    }

    /** Puts a word in force that may have been ended in the document, though nobody was told so. */
    void sayAgain(Change change) {
        truth = null;
        unsaved.compute(
                scope(change.breaker()),
                // One that is not stored may be by now, and gets a number of its own all the same.
                (scope, last) -> last == null
                        ? new Word(change, ++tickets, true)
                        : new Word(last.change, ++tickets, last.isAgain));
    }

    /** The number of the last word. */
    long last() {
        return tickets;
    }

    /** The word that was said after that number, of a breaker or of all; null if none was. */
    @Nullable
    Position saidAfter(long ticket, @Nullable String breaker) {
        for (String scope : List.of(scope(breaker), ALL)) {
            Word word = unsaved.get(scope);
            if (word != null && word.ticket > ticket) {
                return word.change.position();
            }
        }
        return null;
    }

    /** The words that are not stored, in order. */
    List<Word> words() {
        return unsaved.values().stream()
                .sorted(Comparator.comparingLong(Word::ticket))
                .toList();
    }

    /** The breakers that are paused by a word that is not stored. */
    Set<String> unstored() {
        Set<String> names = new HashSet<>();
        for (Word word : unsaved.values()) {
            if (word.change.breaker() != null && word.change.position().isPause()) {
                names.add(word.change.breaker());
            }
        }
        return names;
    }

    boolean isUnstoredAll() {
        Word word = unsaved.get(ALL);
        return word != null && word.change.position().isPause();
    }

    /** The number of a document to be written. */
    long nextVersion() {
        return highestVersion + 1;
    }

    /** A document was written that contains these words. */
    void written(SwitchPositions document, List<Word> words) {
        see(document);
        words.forEach(word -> unsaved.remove(scope(word.change.breaker()), word));
    }

    /**
     * A document was read. One that is older than what was seen before has been put there by somebody else: what is in
     * force stays, to be stored again.
     *
     * @return whether it was older
     */
    boolean read(SwitchPositions document) {
        boolean isOlder = isRead && document.version() <= seen.version() && !document.equals(seen);
        if (isOlder) {
            SwitchPositions inForce = truth();
            keep(null, inForce.all());
            inForce.breakers().forEach(this::keep);
        }
        if (!isRead) {
            unsaved.values().removeIf(word -> isEndedBlindly(word.change, document));
        }
        see(document);
        return isOlder;
    }

    /** Somebody ends a pause though the document could never be read. */
    void endUnread(Change change) {
        if (change.breaker() == null) {
            unsaved.clear();
        }
        say(change);
    }

    /** Whether somebody has ended what the document says is paused, without knowing of it: that stays paused. */
    private static boolean isEndedBlindly(Change change, SwitchPositions document) {
        if (change.position().isPause()) {
            return false;
        }
        String breaker = change.breaker();
        Position stored = breaker == null ? document.pauses().findFirst().orElse(null) : document.of(breaker);
        return stored != null && stored.isPause();
    }

    private void keep(@Nullable String breaker, @Nullable Position position) {
        if (position != null && position.isPause()) {
            unsaved.putIfAbsent(scope(breaker), new Word(pausing(breaker, position), 0, true));
        }
    }

    /** The change that has led to a pause. */
    static Change pausing(@Nullable String breaker, Position pause) {
        return new Change(pause.state() == BreakerState.HALTED ? Rule.HALT : Rule.TRIP, breaker, pause);
    }

    private void see(SwitchPositions document) {
        seen = document;
        truth = null;
        isRead = true;
        highestVersion = Math.max(highestVersion, document.version());
    }

    /** What words change; one that is said again changes nothing where it still stands. */
    static List<Change> changes(SwitchPositions base, List<Word> words) {
        List<Change> changes = new ArrayList<>();
        for (Word word : words) {
            String breaker = word.change.breaker();
            Position present = breaker == null ? base.all() : base.breakers().get(breaker);
            if (!word.isAgain || !word.change.position().equals(present)) {
                changes.add(word.change);
            }
        }
        return changes;
    }

    private static String scope(@Nullable String breaker) {
        return breaker == null ? ALL : breaker;
    }

    /**
     * A change that is in force and not stored, with its number.
     *
     * @param isAgain whether it had been stored
     */
    record Word(Change change, long ticket, boolean isAgain) {}
}

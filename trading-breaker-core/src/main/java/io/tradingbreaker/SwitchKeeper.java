package io.tradingbreaker;

import io.tradingbreaker.SwitchPositions.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the switch's words in the store, and has the breakers follow what others have put there. Runs on the store's
 * lane only; the operators' lock is held while memory changes, and never while the store works.
 */
final class SwitchKeeper {

    private static final Logger log = LoggerFactory.getLogger(SwitchStore.class);
    private static final int ATTEMPTS = 20;
    private static final List<String> ALLOWED = List.of("halt", "resume", "reset");

    private final SwitchStore store;
    private final SwitchMemory memory;
    private final AllBreakers breakers;
    private final BreakerClock clock;
    private final AtomicLong failures = new AtomicLong();
    // Whether the last write may or may not have been done. For the lane.
    private boolean isDoubtful;
    private volatile StoreStatus.@Nullable Failure readFailure;
    private volatile StoreStatus.@Nullable Failure writeFailure;
    private volatile StoreStatus.@Nullable Failure overdue;

    SwitchKeeper(SwitchStore store, SwitchMemory memory, AllBreakers breakers, BreakerClock clock) {
        this.store = store;
        this.memory = memory;
        this.breakers = breakers;
        this.clock = clock;
    }

    /** Stores every word that is not. */
    void save() {
        if (breakers.operate(() -> memory.words().isEmpty())) {
            return;
        }
        readFirst();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Draft draft = breakers.operate(() -> draft(List.of()));
            if (draft.words.isEmpty()) {
                return;
            }
            // After a failure it is written in any case: nothing else shows that it can be again.
            boolean isNews =
                    writeFailure != null || !draft.next.at(draft.base.version()).equals(draft.base);
            if (isNews ? replace(draft) : isSure() || read().equals(draft.base)) {
                SwitchPositions written = isNews ? draft.next : draft.base;
                breakers.operate(() -> memory.written(written, draft.words));
                return;
            }
            follow(read());
        }
        throw overtaken();
    }

    /**
     * Ends a pause, in the store and then in memory.
     *
     * @throws BreakerConflictException if somebody has halted meanwhile
     */
    void end(SwitchEnding ending) {
        readFirst();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Draft draft = breakers.operate(() -> begin(ending));
            if (draft == null) {
                return;
            }
            if (replace(draft)) {
                breakers.operate(() -> finish(ending, draft));
                return;
            }
            SwitchPositions before = draft.base;
            SwitchPositions now = read();
            follow(now);
            now.pauses()
                    .filter(pause ->
                            ending.concerns(now, pause) && before.pauses().noneMatch(pause::equals))
                    .findFirst()
                    .ifPresent(pause -> {
                        throw halted(pause);
                    });
        }
        throw overtaken();
    }

    /** Stores what is not stored, and reads what others may have stored. */
    void refresh() {
        if (!breakers.operate(() -> memory.words().isEmpty())) {
            save();
        } else if (store.isShared() || readFailure != null || !breakers.operate(memory::isRead)) {
            follow(read());
        }
    }

    /** The same, where nobody waits to be told of a failure. */
    void refreshQuietly() {
        try {
            refresh();
        } catch (SwitchStoreException e) {
            // It has been counted and logged; the next time may be better.
        } catch (RuntimeException | Error e) {
            log.error("Unexpected failure with the store of halts ({})", store.description(), e);
        }
    }

    private @Nullable Draft begin(SwitchEnding ending) {
        if (ending.isGivenUp) {
            return null;
        }
        if (!ending.isPaused(memory.truth())) {
            ending.inMemory.run();
            ending.isDone = true;
            return null;
        }
        refuseIfHaltedAgain(ending);
        return draft(List.of(new SwitchMemory.Word(ending.change, ending.ticket, false)));
    }

    private void finish(SwitchEnding ending, Draft draft) {
        memory.written(draft.next, draft.words);
        if (ending.isGivenUp) {
            return;
        }
        refuseIfHaltedAgain(ending);
        ending.inMemory.run();
        ending.isDone = true;
    }

    private void refuseIfHaltedAgain(SwitchEnding ending) {
        Position again = memory.saidAfter(ending.ticket, ending.change.breaker());
        if (again != null) {
            throw halted(again);
        }
    }

    private Draft draft(List<SwitchMemory.Word> more) {
        List<SwitchMemory.Word> words = new ArrayList<>(memory.words());
        words.addAll(more);
        // Words that were said after an ending began come after it. The sort keeps the order of equals.
        words.sort(Comparator.comparingLong(SwitchMemory.Word::ticket));
        SwitchPositions base = memory.seen();
        SwitchPositions next = base.after(SwitchMemory.changes(base, words)).at(memory.nextVersion());
        return new Draft(base, next, words);
    }

    private void readFirst() {
        if (!breakers.operate(memory::isRead)) {
            follow(read());
        }
    }

    /** Brings the breakers to what a document says that was read. */
    private void follow(SwitchPositions document) {
        breakers.operate(() -> {
            boolean isFirst = !memory.isRead();
            SwitchPositions before = memory.truth();
            if (memory.read(document)) {
                log.warn(
                        "The store of halts ({}) holds a document that is older than one seen before, as if it had been"
                                + " emptied or restored. What is halted stays halted, and is stored again",
                        store.description());
            }
            SwitchPositions now = memory.truth();
            if (!now.equals(before)) {
                breakers.each(
                        breaker -> true,
                        breaker -> follow(breaker, before.of(breaker.name), now.of(breaker.name), isFirst));
            }
        });
    }

    private static void follow(
            StateMachine breaker, @Nullable Position before, @Nullable Position now, boolean isFirst) {
        if (now != null && now.state() == BreakerState.HALTED) {
            breaker.halt(StoredSwitch.toldOf(now), now.actor());
        } else if (now != null && now.isPause()) {
            // Another process's breaker of that name waits. Here it does so only if the first document says so, which
            // is of an earlier start, or if it was halted for want of that.
            if (isFirst || breaker.phase().state == BreakerState.HALTED) {
                StoredSwitch.pause(breaker, now);
            }
        } else if (before != null && before.isPause()) {
            String message =
                    now == null ? "the store knows of no pause" : "resumed at " + now.at() + ": " + now.reason();
            breaker.resume(message, now == null ? null : now.actor());
        }
    }

    /** Whether the stored document is what this process has seen last. */
    private boolean isSure() {
        return !store.isShared() && !isDoubtful;
    }

    private SwitchPositions read() {
        try {
            SwitchPositions document = attempt(store::read);
            isDoubtful = false;
            readFailure = succeeded(readFailure);
            return document;
        } catch (SwitchStoreException e) {
            readFailure = failed(readFailure, e);
            throw e;
        }
    }

    private boolean replace(Draft draft) {
        isDoubtful = true;
        try {
            boolean isWritten =
                    attempt(() -> store.replace(draft.base, draft.next, SwitchMemory.changes(draft.base, draft.words)));
            isDoubtful = false;
            writeFailure = succeeded(writeFailure);
            return isWritten;
        } catch (SwitchStoreException e) {
            writeFailure = failed(writeFailure, e);
            throw e;
        }
    }

    /** For an attempt that nobody has seen the end of. */
    void overdue(SwitchStoreException e) {
        overdue = failed(overdue, e);
    }

    private <T> T attempt(Supplier<T> work) {
        try {
            T result = work.get();
            overdue = succeeded(overdue);
            return result;
        } catch (SwitchStoreException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw new SwitchStoreException("the store failed: " + Text.oneLine(Text.of(e)), e);
        }
    }

    private StoreStatus.@Nullable Failure succeeded(StoreStatus.@Nullable Failure last) {
        if (last != null) {
            log.info("The store of halts ({}) works again, after it failed at {}", store.description(), last.since());
        }
        return null;
    }

    private StoreStatus.Failure failed(StoreStatus.@Nullable Failure last, SwitchStoreException e) {
        failures.incrementAndGet();
        if (last == null) {
            log.error("The store of halts ({}) fails: {}", store.description(), e.getMessage());
        }
        return new StoreStatus.Failure(last == null ? clock.instant() : last.since(), String.valueOf(e.getMessage()));
    }

    StoreStatus.@Nullable Failure failure() {
        return Stream.of(overdue, writeFailure, readFailure)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    long failures() {
        return failures.get();
    }

    private static BreakerConflictException halted(Position by) {
        return new BreakerConflictException("halted meanwhile, " + by.told(), ALLOWED);
    }

    private static SwitchStoreException overtaken() {
        return new SwitchStoreException("others have changed the document " + ATTEMPTS + " times meanwhile");
    }

    /** A document to be written, with the words that it holds besides its base's. */
    private record Draft(SwitchPositions base, SwitchPositions next, List<SwitchMemory.Word> words) {}
}

package io.tradingbreaker;

import io.tradingbreaker.SwitchPositions.Position;
import io.tradingbreaker.SwitchStore.Change;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators' calls with a store behind them. What pauses is in force in memory first, then stored, then
 * acknowledged; should the store fail, it stays in force and is stored in the background. What ends a pause is stored
 * first, against what this process has seen: if somebody has halted meanwhile, here or in another process, it is refused.
 *
 * <p>Calls and admission know nothing of it. The operators' lock is held for moments, never while the store works, which
 * it does on a thread of its own. Thread-safe.
 */
final class StoredSwitch implements Operators {

    private static final Logger log = LoggerFactory.getLogger(SwitchStore.class);

    private final SwitchStore store;
    private final AllBreakers breakers;
    private final BreakerClock clock;
    private final RecoveryScheduler scheduler;
    private final Duration refresh;
    private final SwitchMemory memory;
    private final SwitchKeeper keeper;
    private final StoreLane lane;
    private final StoredWaits waits;
    private final AtomicBoolean isArmed = new AtomicBoolean();

    /** Reads the store, for as long as operators would wait. */
    StoredSwitch(
            SwitchStore store,
            SwitchStore.OnUnreadable onUnreadable,
            Duration refresh,
            AllBreakers breakers,
            BreakerClock clock,
            RecoveryScheduler scheduler) {
        this.store = store;
        this.breakers = breakers;
        this.clock = clock;
        this.scheduler = scheduler;
        this.refresh = refresh;
        memory = new SwitchMemory();
        keeper = new SwitchKeeper(store, memory, breakers, clock);
        lane = new StoreLane(store.timeout(), keeper::overdue);
        waits = new StoredWaits(store, breakers, scheduler, memory, keeper, lane);
        try {
            lane.run(keeper::refresh);
        } catch (SwitchStoreException e) {
            begin(onUnreadable, String.valueOf(e.getMessage()));
        }
        arm();
    }

    private void begin(SwitchStore.OnUnreadable onUnreadable, String why) {
        boolean isHalt = onUnreadable == SwitchStore.OnUnreadable.HALT;
        log.atLevel(isHalt ? org.slf4j.event.Level.ERROR : org.slf4j.event.Level.WARN)
                .log(
                        "The store of halts ({}) cannot be read: {}. {} until it can; it is tried every {}",
                        store.description(),
                        why,
                        isHalt ? "Every breaker is halted" : "Trading begins, and nothing is known of earlier halts",
                        Text.duration(refresh));
        if (isHalt) {
            Position halted = new Position(
                    BreakerState.HALTED, "the store of halts cannot be read: " + why, null, clock.instant());
            breakers.operate(() -> memory.haltUnread(halted));
        }
    }

    static String toldOf(Position position) {
        return "halted at " + position.at() + ": " + position.reason();
    }

    @Override
    public void add(TradingBreaker breaker) {
        breakers.operate(() -> {
            Position position = memory.truthOf(breaker.name());
            if (position != null && position.isPause()) {
                pause(AllBreakers.machine(breaker), position);
            }
            breakers.add(breaker);
        });
    }

    /** Puts a breaker where the document says that it is. */
    static void pause(StateMachine breaker, Position position) {
        if (position.state() == BreakerState.HALTED) {
            breaker.halt(toldOf(position), position.actor());
        } else {
            breaker.waitAgain(position.reason(), position.actor(), position.at());
        }
    }

    @Override
    public void waits(StateMachine breaker) {
        waits.begun(breaker);
    }

    @Override
    public void halt(StateMachine breaker, String reason, @Nullable String actor) {
        halt(breaker.name, reason, actor, () -> breaker.halt(reason, actor));
    }

    @Override
    public void halt(String reason, @Nullable String actor) {
        halt(null, reason, actor, () -> breakers.each(breaker -> true, breaker -> breaker.halt(reason, actor)));
    }

    private void halt(@Nullable String breaker, String reason, @Nullable String actor, Runnable inMemory) {
        Change change = change(Rule.HALT, breaker, BreakerState.HALTED, reason, actor);
        breakers.operate(() -> {
            memory.say(change);
            inMemory.run();
        });
        arm();
        try {
            lane.run(keeper::save);
        } catch (SwitchStoreException e) {
            throw new SwitchStoreException(
                    "halted, but not stored: " + e.getMessage()
                            + ". The halt is in force and would not survive a restart; storing it is tried every "
                            + Text.duration(refresh),
                    e);
        }
    }

    @Override
    public void resume(StateMachine breaker, String reason, @Nullable String actor) {
        end(
                change(Rule.RESUME, breaker.name, BreakerState.CLOSED, reason, actor),
                () -> {
                    // What waited may be another process's breaker of that name.
                    if (StateMachine.isResumable(breaker.phase())) {
                        breaker.resume(reason, actor);
                    }
                },
                () -> breaker.resume(reason, actor));
    }

    @Override
    public void reset(StateMachine breaker, String reason, @Nullable String actor) {
        Runnable reset = () -> breaker.reset(reason, actor);
        end(change(Rule.RESET, breaker.name, BreakerState.CLOSED, reason, actor), reset, reset);
    }

    @Override
    public void resume(String reason, @Nullable String actor) {
        end(
                change(Rule.RESUME, null, BreakerState.CLOSED, reason, actor),
                () -> onEnded(AllBreakers::isResumable, breaker -> breaker.resume(reason, actor)),
                () -> breakers.resume(reason, actor));
    }

    @Override
    public void reset(String reason, @Nullable String actor) {
        end(
                change(Rule.RESET, null, BreakerState.CLOSED, reason, actor),
                () -> onEnded(breaker -> true, breaker -> breaker.reset(reason, actor)),
                () -> breakers.reset(reason, actor));
    }

    /** For every breaker that has not been halted, and does not wait, since an ending for all began. */
    private void onEnded(Predicate<TradingBreaker> which, Consumer<StateMachine> action) {
        SwitchPositions truth = memory.truth();
        breakers.each(which.and(breaker -> !truth.isPaused(breaker.name())), action);
    }

    /**
     * Ends a pause.
     *
     * @param ifPaused what is done to the breakers once it is stored
     * @param ifNot what is done at once if there is nothing to be stored
     */
    private void end(Change change, Runnable ifPaused, Runnable ifNot) {
        SwitchEnding ending = breakers.operate(() -> {
            SwitchEnding begun = new SwitchEnding(change, memory.last(), ifPaused);
            if (begun.isPaused(memory.truth())) {
                return begun;
            }
            ifNot.run();
            return null;
        });
        if (ending == null) {
            return;
        }
        arm();
        try {
            lane.run(() -> keeper.end(ending));
        } catch (SwitchStoreException e) {
            breakers.operate(() -> giveUp(ending, change.rule(), e));
        }
    }

    private void giveUp(SwitchEnding ending, Rule rule, SwitchStoreException cause) {
        if (ending.isDone) {
            return;
        }
        if (memory.isRead()) {
            ending.giveUp(memory);
            throw new SwitchStoreException(
                    "the " + rule.code() + " was not stored, so what is halted stays halted: " + cause.getMessage(),
                    cause);
        }
        log.warn(
                "A {} is done though the store of halts ({}) could not be read since the start: {}",
                rule.code(),
                store.description(),
                cause.getMessage());
        ending.endUnread(memory);
    }

    private Change change(
            Rule rule, @Nullable String breaker, BreakerState state, String reason, @Nullable String actor) {
        return new Change(rule, breaker, new Position(state, reason, actor, clock.instant()));
    }

    private void tick() {
        isArmed.set(false);
        lane.runIfIdle(keeper::refreshQuietly);
        arm();
    }

    /** Sets the timer for the next look. Should the scheduler fail to take it, the next operator's call tries again. */
    private void arm() {
        if (isArmed.compareAndSet(false, true)) {
            try {
                scheduler.after(refresh, this::tick);
            } catch (RuntimeException | Error e) {
                isArmed.set(false);
                log.error("The scheduler failed to take the timer of the store of halts", e);
            }
        }
    }

    @Override
    public Set<String> spokenOf() {
        return breakers.operate(() -> Set.copyOf(memory.truth().breakers().keySet()));
    }

    @Override
    public StoreStatus status() {
        return breakers.operate(() -> new StoreStatus(
                store.description(),
                memory.seen().version(),
                memory.isRead(),
                keeper.failure(),
                keeper.failures(),
                memory.isUnstoredAll(),
                memory.unstored()));
    }

    @Override
    public void close() {
        // Some may have begun to wait just now.
        breakers.each(breaker -> true, waits::say);
        lane.close(keeper::refreshQuietly);
        if (status().isPending()) {
            log.error("The store of halts ({}) lacks halts that were in force until now", store.description());
        }
        try {
            store.close();
        } catch (RuntimeException | Error e) {
            log.warn("The store of halts ({}) failed to close", store.description(), e);
        }
    }
}

package io.tradingbreaker;

import io.tradingbreaker.SwitchPositions.Position;
import io.tradingbreaker.SwitchStore.Change;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the store know which breakers wait for an operator's resume, so that a restart does not end the wait. Nobody waits
 * until that is stored. Thread-safe.
 */
final class StoredWaits {

    private static final Logger log = LoggerFactory.getLogger(SwitchStore.class);

    /** As many as a template can have, so that a document of them fits. */
    private static final int MOST_KEYED = 10_000;

    private final SwitchStore store;
    private final AllBreakers breakers;
    private final RecoveryScheduler scheduler;
    private final SwitchMemory memory;
    private final SwitchKeeper keeper;
    private final StoreLane lane;

    StoredWaits(
            SwitchStore store,
            AllBreakers breakers,
            RecoveryScheduler scheduler,
            SwitchMemory memory,
            SwitchKeeper keeper,
            StoreLane lane) {
        this.store = store;
        this.breakers = breakers;
        this.scheduler = scheduler;
        this.memory = memory;
        this.keeper = keeper;
        this.lane = lane;
    }

    /** A breaker has begun to wait. It is stored later, and not by the thread of the call that tripped it. */
    void begun(StateMachine breaker) {
        scheduler.publish(() -> keep(breaker));
    }

    private void keep(StateMachine breaker) {
        if (say(breaker)) {
            lane.runIfIdle(keeper::refreshQuietly);
        }
    }

    /** Notes that a breaker waits, to be stored; false if it does not, or need not be. */
    boolean say(StateMachine breaker) {
        return breakers.operate(() -> {
            Phase phase = breaker.phase();
            Position position = memory.truthOf(breaker.name);
            boolean isHalted = position != null && position.state() == BreakerState.HALTED;
            // Also where the document says so of an earlier pause: another process may have ended that one unseen.
            if (!(phase instanceof OpenPhase open && open.waitsAnew()) || isHalted || isOneTooMany(breaker)) {
                return false;
            }
            Transition trip = phase.entry.history().get(0);
            memory.say(new Change(
                    trip.reason().rule(),
                    breaker.name,
                    new Position(
                            BreakerState.OPEN,
                            Resumptions.withoutWaits(trip.reason().message()),
                            trip.actor(),
                            trip.at())));
            return true;
        });
    }

    /** Halts are few, as people say them; but anybody may bring keys whose breakers trip, at each start anew. */
    private boolean isOneTooMany(StateMachine breaker) {
        if (!KeyName.isName(breaker.name) || !memory.hasKeyed(MOST_KEYED)) {
            return false;
        }
        log.warn(
                "The store of halts ({}) speaks of {} breakers for single keys and does not keep that '{}' waits, too:"
                        + " resume what need not wait",
                store.description(),
                MOST_KEYED,
                breaker.name);
        return true;
    }
}

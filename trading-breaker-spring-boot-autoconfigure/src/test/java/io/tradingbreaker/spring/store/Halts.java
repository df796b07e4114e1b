package io.tradingbreaker.spring.store;

import io.tradingbreaker.BreakerState;
import io.tradingbreaker.Rule;
import io.tradingbreaker.SwitchPositions;
import io.tradingbreaker.SwitchPositions.Position;
import io.tradingbreaker.SwitchStore.Change;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** Documents for tests. */
final class Halts {

    static final Instant AT = Instant.parse("2026-01-01T00:00:00.123456Z");

    private Halts() {}

    static Position by(String actor) {
        return new Position(BreakerState.HALTED, "fat finger", actor, AT);
    }

    /** All are halted by an actor. */
    static SwitchPositions version(long version, String actor) {
        return new SwitchPositions(version, by(actor), new TreeMap<>());
    }

    static List<Change> all(String actor) {
        return List.of(new Change(Rule.HALT, null, by(actor)));
    }
}

package io.tradingbreaker;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * Listeners against those who bring transitions. Guards the second of two transitions that reaches the publisher first,
 * and the one that is brought while the teller looks for the last time: each is told once, in order.
 */
public class PublisherLincheckTests extends Lincheck {

    private final List<Transition> told = new ArrayList<>();
    private final StillBreaker still = new StillBreaker(StillBreaker.SMALL, told::add);

    @Operation
    public boolean operate(@Param(gen = IntGen.class, conf = "0:3") int action) {
        return still.operate(StillBreaker.ACTIONS.get(action));
    }

    @Validate
    public void everyTransitionIsToldInOrder() {
        BreakerState at = BreakerState.CLOSED;
        for (int i = 0; i < told.size(); i++) {
            same("number", told.get(i).sequence(), i + 1L);
            same("from", told.get(i).from(), at);
            at = told.get(i).to();
        }
        same("told", (long) told.size(), still.machine.phase().entry.sequence());
    }
}

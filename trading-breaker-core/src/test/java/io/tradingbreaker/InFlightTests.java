package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Slots that were given up, and those that take their place. */
class InFlightTests {

    private static final long SLOW = Duration.ofMillis(200).toNanos();
    private static final long LOST = BreakerConfig.DEFAULT.permitTimeout().toNanos();

    private final Breaker breaker = new StillBreaker(StillBreaker.SMALL).breaker;
    private final StateMachine machine = breaker.gate().machine();
    private final InFlight inFlight = new InFlight(breaker.gate());
    private final StallCheck check = new StallCheck(breaker.gate(), machine, inFlight, SLOW, SLOW);

    private Slot begin() {
        Slot slot = inFlight.claim();
        slot.admit(machine.phase(), Phase.Kind.DECIDING, null);
        slot.start(0);
        return slot;
    }

    private static void end(Slot slot, Outcome outcome) {
        assertThat(slot.end(outcome, 1, 1) & Slot.LIVE).isNotZero();
        slot.count(outcome, 1);
        slot.free();
    }

    @Test
    void lostCalls_leaveFreshSlotsThatCarryOnTheirCounts_inATableOfTheSameSize() {
        end(begin(), Outcome.SUCCESS);
        end(begin(), Outcome.FAILURE);
        end(begin(), Outcome.IGNORED);
        int size = inFlight.slots().length;
        for (int lost = 1; lost <= 100; lost++) {
            Slot slot = begin();
            Slot other = begin();
            check.run(LOST + 1, 0);
            assertThat(inFlight.slots())
                    .hasSize(size)
                    .doesNotContain(slot, other)
                    .allMatch(s -> Slot.isFree(s.state));
            assertThat(slot.end(Outcome.SUCCESS, 1, 1)).isEqualTo(Slot.GONE);
        }
        long[] sums = new long[5];
        for (Slot slot : inFlight.slots()) {
            sums[0] += slot.successful;
            sums[1] += slot.failed;
            sums[2] += slot.ignored;
            sums[3] += slot.abandoned;
            sums[4] += slot.stalled;
        }
        assertThat(sums).containsExactly(1, 1, 1, 200, 200);
    }

    @Test
    void checkThatFindsNothingLost_leavesTheTableAlone() {
        Slot slot = begin();
        Slot[] slots = inFlight.slots();
        check.run(SLOW, 0);
        assertThat(slot.multiples).isZero();
        check.run(SLOW + 1, 0);
        check.run(2 * SLOW, 0);
        assertThat(slot.multiples).isEqualTo(1);
        check.run(LOST, 0);
        assertThat(inFlight.slots()).isSameAs(slots).contains(slot);
        end(slot, Outcome.SUCCESS);
    }
}

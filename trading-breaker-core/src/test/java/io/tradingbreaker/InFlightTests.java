package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Who gets which slot, what an idle one keeps, and what takes the place of one that was given up. */
class InFlightTests {

    private static final long SLOW = Duration.ofMillis(200).toNanos();
    private static final long LOST = BreakerConfig.DEFAULT.permitTimeout().toNanos();

    private final Breaker breaker = new StillBreaker(StillBreaker.SMALL).breaker;
    private final StateMachine machine = breaker.gate().machine();
    private final InFlight inFlight = new InFlight(breaker.gate());
    private final StallCheck check = new StallCheck(breaker.gate(), machine, inFlight);

    private Slot begin() {
        Slot slot = inFlight.claim();
        slot.admit(machine.phase(), Phase.Kind.DECIDING, null);
        slot.start(0);
        return slot;
    }

    @Test
    void look_isDueWhenThereCanBeSomethingNew() {
        assertThat(check.isDue(0)).as("at first").isTrue();
        check.run(0, 0);
        assertThat(check.isDue(SLOW / 2)).as("without calls").isFalse();
        assertThat(check.isDue(SLOW)).as("a call may have begun since").isTrue();

        Slot slot = begin();
        check.run(SLOW / 2, 0);
        assertThat(check.isDue(SLOW - 1)).as("before the threshold").isFalse();
        assertThat(check.isDue(SLOW)).as("at the threshold").isTrue();
        check.run(SLOW + 1, 0);
        assertThat(check.isDue(SLOW + SLOW / 2)).as("between multiples").isFalse();
        assertThat(check.isDue(2 * SLOW)).as("at the next multiple").isTrue();
        end(slot, Outcome.SUCCESS);

        Slot claimed = inFlight.claim();
        check.run(3 * SLOW, 0);
        assertThat(check.isDue(3 * SLOW)).as("a call that begins").isTrue();
        claimed.free();
    }

    @Test
    void look_isDueUnderNewLimits() {
        check.run(0, 0);
        breaker.retune(limits -> limits.p99Threshold(Duration.ofMillis(100)), "test", null);
        assertThat(check.isDue(1)).isTrue();
    }

    @Test
    void look_isDueInANewPhase_andWhileThatIsNotClosed() {
        check.run(0, 0);
        breaker.trip("test", null);
        assertThat(check.isDue(1)).isTrue();
        check.run(1, 0);
        assertThat(check.isDue(1)).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
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

    @Test
    void threadsSlot_isItsOwnAsLongAsItLives_andOpenToAllAfter() throws Exception {
        // The first call of all finds no table.
        end(begin(), Outcome.SUCCESS);
        Slot[] ofThread = new Slot[2];
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch again = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            ofThread[0] = begin();
            end(ofThread[0], Outcome.SUCCESS);
            first.countDown();
            await(again);
            ofThread[1] = begin();
            end(ofThread[1], Outcome.SUCCESS);
        });
        thread.start();
        first.await();
        check.run(0, 0);
        List<Slot> taken = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            taken.add(begin());
        }
        assertThat(taken).doesNotContain(ofThread[0]).doesNotHaveDuplicates();
        taken.forEach(slot -> end(slot, Outcome.SUCCESS));
        again.countDown();
        thread.join();
        assertThat(ofThread[1]).isSameAs(ofThread[0]);

        check.run(0, 0);
        assertThat(ofThread[0].owner).isNull();
        assertThat(ofThread[0].claim(Thread.currentThread())).isTrue();
        assertThat(ofThread[0].claim(Thread.currentThread())).as("twice").isFalse();
    }

    @Test
    void overlappingCallsOfOneThread_takeSlotsThatAreNotReserved() {
        end(begin(), Outcome.SUCCESS);
        Slot own = begin();
        Slot inner = begin();
        assertThat(own.owner).isSameAs(Thread.currentThread());
        assertThat(inner).isNotSameAs(own);
        assertThat(inner.owner).isNull();
        end(inner, Outcome.SUCCESS);
        end(own, Outcome.SUCCESS);
        assertThat(begin()).isSameAs(own);
    }

    @Test
    void slotOfAPhaseThatIsOver_keepsNothingOfIt_andItsCallIsStale() {
        Slot idle = begin();
        end(idle, Outcome.SUCCESS);
        Permit running = Objects.requireNonNull(breaker.tryAcquire());
        machine.trip("over", null);
        check.run(0, 0);
        assertThat(idle.phase).isNull();
        breaker.gate().check(0, 0, 0);
        running.success();
        assertThat(breaker.counters().stale()).isOne();
        assertThat(breaker.counters().successful()).isOne();
        assertThat(breaker.counters().inFlight()).isZero();
    }
}

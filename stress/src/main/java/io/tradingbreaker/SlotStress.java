package io.tradingbreaker;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** A slot that is reserved for a thread, which claims it with a plain write. */
final class SlotStress {

    private SlotStress() {}

    /** Successful, in flight, samples in the last phase. */
    @JCStressTest
    @Outcome(id = "3, 0, 3", expect = ACCEPTABLE, desc = "the reset, then three calls")
    @Outcome(id = "3, 0, 2", expect = ACCEPTABLE, desc = "one call, the reset, two calls")
    @Outcome(id = "3, 0, 1", expect = ACCEPTABLE, desc = "two calls, the reset, one call")
    @Outcome(id = "3, 0, 0", expect = ACCEPTABLE, desc = "three calls, then the reset")
    @Outcome(expect = FORBIDDEN, desc = "a call was lost, or never ended, or entered a window that is over")
    @State
    public static class OwnerAgainstForgetting {
        private final Breaker breaker = Still.breaker(Still.LENIENT);

        @Actor
        public void owner() {
            for (int i = 0; i < 3; i++) {
                breaker.acquire(Intent.OPEN_RISK).success();
            }
        }

        @Actor
        public void upkeep() {
            breaker.reset("stress", null);
            Still.checkStalled(breaker, 0);
        }

        @Arbiter
        public void look(III_Result r) {
            BreakerCounters c = breaker.counters();
            r.r1 = (int) c.successful();
            r.r2 = (int) c.inFlight();
            r.r3 = breaker.gate().machine().phase().window().trim(0);
        }
    }

    /** Whether a claim got the slot while its owner was found dead, and whether one that came later did. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "claimed in vain, then opened to all")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "opened to all, then claimed, and nobody else may")
    @Outcome(expect = FORBIDDEN, desc = "claimed by two, or by none for ever")
    @State
    public static class DeadOwnersSlotAgainstClaim {
        private final Slot slot = reserved(new Thread());

        private static Slot reserved(Thread dead) {
            Slot slot = new Slot(Still.breaker(Still.LENIENT).gate());
            slot.claim(dead);
            slot.reserve(dead);
            slot.free();
            return slot;
        }

        @Actor
        public void release() {
            slot.release();
        }

        @Actor
        public void claim(II_Result r) {
            r.r1 = slot.claim(Thread.currentThread()) ? 1 : 0;
        }

        @Arbiter
        public void claimLater(II_Result r) {
            r.r2 = slot.claim(Thread.currentThread()) ? 1 : 0;
        }
    }
}

package io.tradingbreaker;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who is let in. */
final class AdmissionStress {

    private AdmissionStress() {}

    private static int admitted(Breaker breaker) {
        return breaker.tryAcquire(Intent.OPEN_RISK) == null ? 0 : 1;
    }

    /** Whether the halt had returned when the call asked, and whether it was admitted. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "admitted, then the halt")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the halt overtook the admission before it returned itself")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the halt, then refused")
    @Outcome(id = "1, 1", expect = FORBIDDEN, desc = "admitted after the halt had returned")
    @State
    public static class HaltAgainstAcquire {
        private final Breaker breaker = Still.breaker(Still.CONFIG);
        private volatile int halted;

        @Actor
        public void halt() {
            breaker.halt("stress", null);
            halted = 1;
        }

        @Actor
        public void acquire(II_Result r) {
            r.r1 = halted;
            r.r2 = admitted(breaker);
        }
    }

    /** Whether the one and the other got the only trial. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the one, then the other")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the other, then the one")
    @Outcome(expect = FORBIDDEN, desc = "two trials where one is allowed, or none")
    @State
    public static class OneTrialForTwo {
        private final Breaker breaker = Still.halfOpen();

        @Actor
        public void one(II_Result r) {
            r.r1 = admitted(breaker);
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = admitted(breaker);
        }
    }
}

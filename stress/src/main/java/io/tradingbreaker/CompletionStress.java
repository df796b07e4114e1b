package io.tradingbreaker;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;

/** The end of a call against all that may happen to it at the same time. */
final class CompletionStress {

    private CompletionStress() {}

    private static void count(Breaker breaker, IIII_Result r) {
        BreakerCounters c = breaker.counters();
        r.r1 = (int) c.successful();
        r.r2 = (int) c.failed();
        r.r3 = (int) c.abandoned();
        r.r4 = (int) c.inFlight();
    }

    /** Successful, failed, abandoned, in flight. */
    @JCStressTest
    @Outcome(id = "1, 0, 0, 0", expect = ACCEPTABLE, desc = "the success, then a failure that does nothing")
    @Outcome(id = "0, 1, 0, 0", expect = ACCEPTABLE, desc = "the failure, then a success that does nothing")
    @Outcome(expect = FORBIDDEN, desc = "counted twice or not at all, or never freed")
    @State
    public static class SuccessAgainstFailure {
        private final Breaker breaker = Still.breaker(Still.LENIENT);
        private final Permit permit = breaker.acquire(Intent.OPEN_RISK);

        @Actor
        public void success() {
            permit.success();
        }

        @Actor
        public void failure() {
            permit.failure();
        }

        @Arbiter
        public void count(IIII_Result r) {
            CompletionStress.count(breaker, r);
        }
    }

    /** Successful, failed, abandoned, in flight. */
    @JCStressTest
    @Outcome(
            id = "0, 1, 0, 0",
            expect = ACCEPTABLE,
            desc = "the end, then nothing to give up; or taken by the check, ended meanwhile")
    @Outcome(id = "0, 0, 1, 0", expect = ACCEPTABLE, desc = "given up, then a late end")
    @Outcome(expect = FORBIDDEN, desc = "counted twice or not at all, or never freed")
    @State
    public static class FailureAgainstTimeout {
        private final Breaker breaker = Still.breaker(Still.LENIENT);
        private final Permit permit = breaker.acquire(Intent.OPEN_RISK);

        @Actor
        public void failure() {
            permit.failure();
        }

        @Actor
        public void giveUp() {
            Still.checkStalled(breaker, Still.LOST_MILLIS + 1);
        }

        @Arbiter
        public void count(IIII_Result r) {
            CompletionStress.count(breaker, r);
        }
    }

    /** Samples, those over, those failed, in flight. */
    @JCStressTest
    @Outcome(
            id = "1, 0, 1, 0",
            expect = ACCEPTABLE,
            desc = "either order: the end has the last word, and it took no time")
    @Outcome(expect = FORBIDDEN, desc = "no sample or two, or the outcome was lost")
    @State
    public static class FailureAgainstStallCheck {
        private final Breaker breaker = Still.breaker(Still.LENIENT);
        private final Permit permit = breaker.acquire(Intent.OPEN_RISK);

        @Actor
        public void failure() {
            permit.failure();
        }

        @Actor
        public void check() {
            Still.checkStalled(breaker, Still.OVER_MILLIS);
        }

        @Arbiter
        public void look(IIII_Result r) {
            Window window = breaker.gate().machine().phase().window();
            r.r1 = window.trim(0);
            r.r2 = window.over();
            r.r3 = window.failed();
            r.r4 = (int) breaker.counters().inFlight();
        }
    }

    /** The call ends, its slot takes the next one, and the check that saw the first meets the second. */
    @JCStressTest
    @Outcome(id = "2, 0, 0, 0", expect = ACCEPTABLE, desc = "any order")
    @Outcome(expect = FORBIDDEN, desc = "a call was counted twice or not at all")
    @State
    public static class SlotTakenAgainAgainstStallCheck {
        private final Breaker breaker = Still.breaker(Still.LENIENT);
        private final Permit permit = breaker.acquire(Intent.OPEN_RISK);

        @Actor
        public void next() {
            permit.success();
            breaker.acquire(Intent.OPEN_RISK).success();
        }

        @Actor
        public void check() {
            Still.checkStalled(breaker, Still.OVER_MILLIS);
        }

        @Arbiter
        public void count(IIII_Result r) {
            CompletionStress.count(breaker, r);
        }
    }

    /** Is HALTED at the end, transitions, stale completions. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "the halt, then a stale failure")
    @Outcome(
            id = "1, 1, 0",
            expect = ACCEPTABLE,
            desc = "the failure found its phase, the halt ended it, the trip came to nothing")
    @Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "the trip, then the halt")
    @Outcome(expect = FORBIDDEN, desc = "the halt was lost, or a transition miscounted")
    @State
    public static class TripAgainstHalt {
        private final Breaker breaker = Still.breaker(Still.CONFIG);
        private final Permit permit = breaker.acquire(Intent.OPEN_RISK);

        @Actor
        public void failure() {
            permit.failure();
        }

        @Actor
        public void halt() {
            breaker.halt("stress", null);
        }

        @Arbiter
        public void look(III_Result r) {
            BreakerCounters c = breaker.counters();
            r.r1 = breaker.state() == BreakerState.HALTED ? 1 : 0;
            r.r2 = (int) c.stateChanges();
            r.r3 = (int) c.stale();
        }
    }

    /** Is CLOSED at the end, transitions, the run of failures. */
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "the reset, then a stale failure")
    @Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "the trip, then the reset")
    @Outcome(expect = FORBIDDEN, desc = "the failure acted on the phase after its own")
    @State
    public static class TripAgainstReset {
        private final Breaker breaker = Still.breaker(Still.CONFIG);
        private final Permit permit = breaker.acquire(Intent.OPEN_RISK);

        @Actor
        public void failure() {
            permit.failure();
        }

        @Actor
        public void reset() {
            breaker.reset("stress", null);
        }

        @Arbiter
        public void look(III_Result r) {
            BreakerCounters c = breaker.counters();
            r.r1 = breaker.state() == BreakerState.CLOSED ? 1 : 0;
            r.r2 = (int) c.stateChanges();
            r.r3 = (int) c.consecutiveFailures();
        }
    }
}

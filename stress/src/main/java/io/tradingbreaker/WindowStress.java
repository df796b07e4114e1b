package io.tradingbreaker;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The counts of a window against its cells: each result is the count, and then the marks found cell by cell. */
final class WindowStress {

    private WindowStress() {}

    private static void settle(Window window, int flag, II_Result r) {
        window.trim(0);
        r.r1 = flag == Window.OVER ? window.over() : window.failed();
        r.r2 = window.recount(flag).marked();
    }

    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "entered, then the tail passed; or passed between index and mark")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the tail passed before the sample had its index")
    @Outcome(expect = FORBIDDEN, desc = "the count and the cells disagree")
    @State
    public static class EnterAgainstExpiry {
        private final Window window = Still.window(16);

        @Actor
        public void enter() {
            window.enter(2, false, 0);
        }

        @Actor
        public void expire() {
            window.trim(Still.AGE + 1);
        }

        @Arbiter
        public void settle(II_Result r) {
            WindowStress.settle(window, Window.OVER, r);
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one entered, the other entered and pushed it out; either order")
    @Outcome(expect = FORBIDDEN, desc = "the count and the cells disagree")
    @State
    public static class EnterAgainstEnter {
        private final Window window = Still.window(1);

        @Actor
        public void one() {
            window.enter(2, true, 0);
            window.trim(0);
        }

        @Actor
        public void other() {
            window.enter(2, true, 0);
            window.trim(0);
        }

        @Arbiter
        public void settle(II_Result r) {
            WindowStress.settle(window, Window.OVER, r);
        }
    }

    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "amended, then the tail passed; or passed, then nothing to amend")
    @Outcome(expect = FORBIDDEN, desc = "a failure is counted that has left the window")
    @State
    public static class AmendAgainstExpiry {
        private final Window window = Still.window(16);
        private final long index = window.enter(2, false, 0);

        @Actor
        public void amend() {
            window.amend(index, 2, true);
        }

        @Actor
        public void expire() {
            window.trim(Still.AGE + 1);
        }

        @Arbiter
        public void settle(II_Result r) {
            WindowStress.settle(window, Window.FAILED, r);
        }
    }

    @JCStressTest
    @Outcome(id = "15, 15", expect = ACCEPTABLE, desc = "overwritten, then passed; or passed, then overwritten")
    @Outcome(expect = FORBIDDEN, desc = "the mark was uncounted twice, or not at all")
    @State
    public static class OverwriteAgainstTail {
        private final Window window = Still.window(16);

        public OverwriteAgainstTail() {
            for (int i = 0; i < 16; i++) {
                window.enter(2, true, 0);
            }
        }

        @Actor
        public void overwrite() {
            window.enter(1, false, 0);
        }

        @Actor
        public void moveTail() {
            window.trim(0);
        }

        @Arbiter
        public void settle(II_Result r) {
            WindowStress.settle(window, Window.OVER, r);
        }
    }
}

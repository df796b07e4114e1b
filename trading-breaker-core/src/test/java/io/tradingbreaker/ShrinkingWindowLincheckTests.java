package io.tradingbreaker;

import java.util.Arrays;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * The counts of a full window against its cells, while it is replaced by a smaller one or by one that keeps samples for
 * longer. Guards the mark that is carried over while the tail takes it off, in either window.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class ShrinkingWindowLincheckTests extends Lincheck {

    private static final int SIZE = 4;
    private static final long AGE = 1_000;

    private final Window first = Windows.of(SIZE, AGE);
    private final long[] last = new long[StillBreaker.THREADS];

    public ShrinkingWindowLincheckTests() {
        for (int i = 0; i < SIZE; i++) {
            Arrays.fill(last, first.enter(Windows.SLOW, true, 0));
        }
    }

    @Operation
    public void overAndFailed(@Param(name = "thread") int thread) {
        last[thread] = first.enter(Windows.SLOW, true, 0);
        first.current().trim(0);
    }

    @Operation
    public void failLast(@Param(name = "thread") int thread) {
        first.amend(last[thread], Windows.SLOW, true);
    }

    /** Everything so far grows too old, unless it is kept for longer by now. */
    @Operation
    public void expire() {
        first.current().trim(AGE + 1);
    }

    @Operation(nonParallelGroup = "retuner")
    public void retune(@Param(gen = BooleanGen.class) boolean isSmaller) {
        first.current().succeedBy(isSmaller ? Windows.of(2, AGE) : Windows.of(SIZE, 2 * AGE), 0);
    }

    @Validate
    public void countsAgreeWithCells() {
        Window newest = first.current();
        newest.trim(0);
        same("over", newest.over(), newest.recount(Window.OVER).marked());
        same("failed", newest.failed(), newest.recount(Window.FAILED).marked());
    }
}

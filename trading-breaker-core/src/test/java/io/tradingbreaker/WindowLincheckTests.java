package io.tradingbreaker;

import java.util.Arrays;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * The counts of a window against its cells. Guards the sample that marks its cell while the tail passes it, and the one
 * that overwrites a marked cell while the tail unmarks it: each mark is counted once and uncounted once. The window is full
 * of marked samples, so every new one overwrites one.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class WindowLincheckTests extends Lincheck {

    private static final int SIZE = 16;
    private static final long AGE = 1_000;

    private final Window window = Windows.of(SIZE, AGE);
    private final long[] last = new long[StillBreaker.THREADS];

    public WindowLincheckTests() {
        for (int i = 0; i < SIZE; i++) {
            Arrays.fill(last, window.enter(Windows.SLOW, true, 0));
        }
    }

    @Operation
    public void fast(@Param(name = "thread") int thread) {
        last[thread] = window.enter(Windows.FAST, false, 0);
    }

    @Operation
    public void overAndFailed(@Param(name = "thread") int thread) {
        last[thread] = window.enter(Windows.SLOW, true, 0);
        window.trim(0);
    }

    /** A stalled call returns as a failure, and was not as slow as it had looked. */
    @Operation
    public void failLast(@Param(name = "thread") int thread) {
        window.amend(last[thread], Windows.FAST, true);
    }

    /** Everything so far grows too old. */
    @Operation
    public void expire() {
        window.trim(AGE + 1);
    }

    @Validate
    public void countsAgreeWithCells() {
        window.trim(0);
        same("over", window.over(), window.recount(Window.OVER).marked());
        same("failed", window.failed(), window.recount(Window.FAILED).marked());
    }
}

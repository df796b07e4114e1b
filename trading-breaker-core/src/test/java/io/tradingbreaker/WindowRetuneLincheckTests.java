package io.tradingbreaker;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * Samples against a window that is replaced. Guards the sample that is written when it has been passed over already, the one
 * that is amended while it is carried, and whoever comes by an old window: each sample is there once, with its last
 * latency, and counted as over by the newest threshold.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "latency", gen = IntGen.class, conf = "0:3")
public class WindowRetuneLincheckTests extends Lincheck {

    private static final int SIZE = 16;
    private static final int MOST = 8;

    private final Window first = Windows.of(SIZE, 1_000, 1);
    private volatile Window held = first;
    private volatile int over = 1;
    private final long[][] index = new long[StillBreaker.THREADS][MOST];
    private final long[][] latency = new long[StillBreaker.THREADS][MOST];
    private final boolean[][] failed = new boolean[StillBreaker.THREADS][MOST];
    private final int[] count = new int[StillBreaker.THREADS];

    @Operation
    public void enter(@Param(name = "thread") int thread, @Param(name = "latency") int nanos) {
        int i = count[thread]++;
        index[thread][i] = held.enter(nanos, false, 0);
        latency[thread][i] = nanos;
    }

    @Operation
    public void failLast(@Param(name = "thread") int thread, @Param(name = "latency") int nanos) {
        int i = count[thread] - 1;
        if (i >= 0) {
            held.amend(index[thread][i], nanos, true);
            latency[thread][i] = nanos;
            failed[thread][i] = true;
        }
    }

    @Operation
    public void judge() {
        Window judged = held.current();
        judged.trim(0);
        judged.recount(Window.OVER);
    }

    @Operation(nonParallelGroup = "retuner")
    public void retune(@Param(name = "latency") int overNanos) {
        first.current().succeedBy(Windows.of(SIZE + overNanos, 1_000, overNanos), 0);
        over = overNanos;
    }

    /** What a phase does after that: later calls begin with the newest window. */
    @Operation(nonParallelGroup = "retuner")
    public void hold() {
        held = first.current();
    }

    @Validate
    public void everySampleIsThereOnce() {
        int all = 0;
        int isOver = 0;
        int isFailed = 0;
        for (int thread = 0; thread < count.length; thread++) {
            for (int i = 0; i < count[thread]; i++) {
                all++;
                isOver += latency[thread][i] > over ? 1 : 0;
                isFailed += failed[thread][i] ? 1 : 0;
            }
        }
        Window newest = first.current();
        same("samples", newest.trim(0), all);
        same("over", newest.over(), isOver);
        same("failed", newest.failed(), isFailed);
        same("over by cells", newest.recount(Window.OVER).marked(), isOver);
        same("failed by cells", newest.recount(Window.FAILED).marked(), isFailed);
        same("samples by cells", newest.recount(Window.FAILED).of(), all);
    }
}

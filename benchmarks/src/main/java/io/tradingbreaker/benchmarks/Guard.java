package io.tradingbreaker.benchmarks;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One way to guard a call: a breaker of some library, ready to use. */
@FunctionalInterface
interface Guard {

    /** Runs the operation, or throws what this library throws in place of running it. */
    @Nullable
    Object call(Callable<Object> operation) throws Exception;

    /** Fails calls until one is refused. */
    default void open() {
        boolean[] ran = new boolean[1];
        for (int i = 0; i < 10_000; i++) {
            ran[0] = false;
            try {
                call(() -> {
                    ran[0] = true;
                    throw new IllegalStateException("down");
                });
            } catch (Exception e) {
                if (!ran[0]) {
                    return;
                }
            }
        }
        throw new IllegalStateException("10,000 failures in a row, and no call refused");
    }
}

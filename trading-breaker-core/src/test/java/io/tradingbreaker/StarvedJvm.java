package io.tradingbreaker;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM of its own in which two trials fail while there is no memory for the window. Ends with 0 if they have been counted
 * all the same.
 */
final class StarvedJvm {

    private static final int MEGABYTE = 1 << 20;

    private StarvedJvm() {}

    // The argument: how long the trials take, in milliseconds.
    public static void main(String[] args) {
        ManualScheduler time = new ManualScheduler();
        TradingBreaker breaker = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .breaker("trading", BreakerConfig.DEFAULT.with(c -> c.windowSize(100_000)))
                .build()
                .breaker("trading");
        breaker.trip("test", null);
        time.advance(Duration.ofSeconds(30));
        List<Permit> trials = List.of(breaker.acquire(Intent.OPEN_RISK), breaker.acquire(Intent.OPEN_RISK));
        Duration taken = Duration.ofMillis(Long.parseLong(args[0]));
        List<byte[]> ballast = ballast();
        // Less than two are free in one piece, and the window needs two.
        ballast.remove(ballast.size() - 1);
        unlessStarved(() -> time.advance(taken));
        trials.forEach(trial -> unlessStarved(trial::failure));
        ballast.clear();
        time.advance(Duration.ofSeconds(30));
        int attempts = breaker.snapshot().recovery().attempt();
        System.exit(attempts == 1 ? 0 : 100 + attempts);
    }

    private static List<byte[]> ballast() {
        List<byte[]> blocks = new ArrayList<>();
        try {
            for (; ; ) {
                blocks.add(new byte[MEGABYTE]);
            }
        } catch (OutOfMemoryError full) {
            return blocks;
        }
    }

    private static void unlessStarved(Runnable action) {
        try {
            action.run();
        } catch (OutOfMemoryError starved) {
            // The caller has to bear it; the breaker must.
        }
    }
}

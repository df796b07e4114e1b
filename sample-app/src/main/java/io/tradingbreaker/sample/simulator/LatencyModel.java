package io.tradingbreaker.sample.simulator;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** Draws how long the node takes for its next answer. Thread-safe. */
@FunctionalInterface
public interface LatencyModel {

    Duration next();

    /** The same every time. */
    static LatencyModel fixed(Duration latency) {
        return () -> latency;
    }

    /** Lognormal; one in 6 is over {@code median × e^sigma}. */
    static LatencyModel lognormal(double medianMillis, double sigma) {
        return lognormal(() -> medianMillis, sigma);
    }

    /** Lognormal around a level that moves. */
    static LatencyModel lognormal(DoubleSupplier medianMillis, double sigma) {
        return () -> {
            double factor = Math.exp(sigma * ThreadLocalRandom.current().nextGaussian());
            return Duration.ofNanos((long) (medianMillis.getAsDouble() * factor * 1e6));
        };
    }

    /** Like {@code normal}, but from now on nothing is answered for {@code length} at the start of every {@code period}. */
    static LatencyModel stalling(LatencyModel normal, Duration period, Duration length) {
        long origin = System.nanoTime();
        return () -> {
            long inPeriod = (System.nanoTime() - origin) % period.toNanos();
            long stalled = Math.max(0, length.toNanos() - inPeriod);
            return normal.next().plusNanos(stalled);
        };
    }
}

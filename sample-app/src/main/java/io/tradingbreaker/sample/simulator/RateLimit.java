package io.tradingbreaker.sample.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

/** Bursts of refusals as Jupiter gives them: 429 without Retry-After, the end of the burst in epoch seconds. */
final class RateLimit {

    private static final long PERIOD_NANOS = Duration.ofSeconds(4).toNanos();
    private static final long BURST_NANOS = Duration.ofSeconds(2).toNanos();
    private static final String BODY = "{\"code\":429,\"message\":\"Too many requests\"}";

    private RateLimit() {}

    /** @param startNanos when the first burst began */
    static Answer answer(long startNanos, Supplier<Answer> otherwise) {
        long inPeriod = (System.nanoTime() - startNanos) % PERIOD_NANOS;
        if (inPeriod >= BURST_NANOS) {
            return otherwise.get();
        }
        long reset = Instant.now().plusNanos(BURST_NANOS - inPeriod).getEpochSecond() + 1;
        return new Answer(429, BODY, Map.of("x-ratelimit-remaining", "0", "x-ratelimit-reset", Long.toString(reset)));
    }
}

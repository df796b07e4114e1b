package io.tradingbreaker;

import java.time.Duration;

/** How many times something happened, and how long it took in all. */
public record Tally(long count, Duration total) {}

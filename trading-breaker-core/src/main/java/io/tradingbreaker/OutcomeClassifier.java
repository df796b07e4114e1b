package io.tradingbreaker;

import org.jspecify.annotations.Nullable;

/**
 * Decides what a call's result or exception means, before {@code ignore-exceptions} and {@code record-exceptions} do.
 * Classifiers are asked in order until one answers. Must be thread-safe and fast: it runs on the caller's thread. One
 * that throws is passed over.
 */
@FunctionalInterface
public interface OutcomeClassifier {

    /**
     * What the end of a call means.
     *
     * @param breaker the breaker's name
     * @param result what the call returned; null if it returned null or failed
     * @param error what the call threw, without its wrappers; null if it returned
     * @return the outcome, or null to leave it to the next
     */
    @Nullable
    Outcome classify(String breaker, @Nullable Object result, @Nullable Throwable error);
}

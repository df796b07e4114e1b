package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.SwitchStoreException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains a store of halts that cannot be opened. */
final class SwitchStoreFailureAnalyzer extends AbstractFailureAnalyzer<SwitchStoreException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SwitchStoreException cause) {
        return new FailureAnalysis(
                "The store of halts cannot be opened:\n\n" + PropertyText.reason(String.valueOf(cause.getMessage())),
                "Stop what uses it, or change trading-breaker.store.path.",
                cause);
    }
}

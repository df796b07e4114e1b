package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.spring.aop.InvalidGuardException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains a {@code @LatencyGuarded} that cannot do its work. */
final class InvalidGuardFailureAnalyzer extends AbstractFailureAnalyzer<InvalidGuardException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidGuardException cause) {
        String description = "A bean cannot be guarded:\n\n    Place: " + cause.place() + "\n    Annotation: "
                + cause.annotation() + "\n    Reason: " + cause.reason() + "\n";
        return new FailureAnalysis(description, cause.remedy(), cause);
    }
}

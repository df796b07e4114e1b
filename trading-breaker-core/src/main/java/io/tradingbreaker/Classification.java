package io.tradingbreaker;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the end of a call means for one breaker: the user's classifiers first, then its lists of exceptions. */
final class Classification {

    private static final Logger log = LoggerFactory.getLogger(Classification.class);
    private static final int DEEPEST = 16;

    private final String breaker;
    private final Supplier<? extends List<? extends OutcomeClassifier>> classifiers;
    private final Supplier<BreakerConfig> config;
    private volatile boolean hasWarned;

    Classification(
            String breaker,
            Supplier<BreakerConfig> config,
            Supplier<? extends List<? extends OutcomeClassifier>> classifiers) {
        this.breaker = breaker;
        this.config = config;
        this.classifiers = classifiers;
    }

    Outcome of(@Nullable Object result, @Nullable Throwable thrown) {
        Throwable error = thrown == null ? null : unwrapped(thrown);
        if (error instanceof TradingPausedException || error instanceof CancellationException) {
            return Outcome.IGNORED;
        }
        for (OutcomeClassifier classifier : classifiers()) {
            Outcome outcome = ask(classifier, result, error);
            if (outcome != null) {
                return outcome;
            }
        }
        if (error == null) {
            return Outcome.SUCCESS;
        }
        BreakerConfig now = config.get();
        return !isOneOf(now.ignoreExceptions(), error) && isOneOf(now.recordExceptions(), error)
                ? Outcome.FAILURE
                : Outcome.IGNORED;
    }

    private List<? extends OutcomeClassifier> classifiers() {
        try {
            return classifiers.get();
        } catch (Throwable e) {
            warnOnce(e);
            return List.of();
        }
    }

    private @Nullable Outcome ask(OutcomeClassifier classifier, @Nullable Object result, @Nullable Throwable error) {
        try {
            return classifier.classify(breaker, result, error);
        } catch (Throwable e) { // Kotlin's exceptions are all unchecked
            warnOnce(e);
            return null;
        }
    }

    private void warnOnce(Throwable e) {
        if (!hasWarned) {
            hasWarned = true;
            log.warn("An outcome classifier failed for breaker '{}' and is passed over; said once", breaker, e);
        }
    }

    static Throwable unwrapped(Throwable thrown) {
        Throwable error = thrown;
        for (int depth = 0; depth < DEEPEST && isWrapper(error); depth++) {
            Throwable cause = error.getCause();
            if (cause == null) {
                return error;
            }
            error = cause;
        }
        return error;
    }

    private static boolean isWrapper(Throwable error) {
        return error instanceof CompletionException
                || error instanceof ExecutionException
                || error instanceof UndeclaredThrowableException;
    }

    private static boolean isOneOf(List<Class<? extends Throwable>> types, Throwable error) {
        for (Class<? extends Throwable> type : types) {
            if (type.isInstance(error)) {
                return true;
            }
        }
        return false;
    }
}

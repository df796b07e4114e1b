package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.HealthChecker;
import io.tradingbreaker.Outcome;
import io.tradingbreaker.OutcomeClassifier;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.Transition;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The application's health checkers, listeners and classifiers, in order. They may need the registry that they serve,
 * and so they are looked up at the end of the start, or before that when one is first needed. Thread-safe.
 */
final class LateBeans implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger("io.tradingbreaker.spring");

    private final Late<HealthChecker> checkers;
    private final Late<StateChangeListener> listeners;
    private final Late<OutcomeClassifier> classifiers;
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    LateBeans(
            ObjectProvider<HealthChecker> checkers,
            ObjectProvider<StateChangeListener> listeners,
            ObjectProvider<OutcomeClassifier> classifiers) {
        this.checkers = new Late<>(checkers);
        this.listeners = new Late<>(listeners);
        this.classifiers = new Late<>(classifiers);
    }

    @Override
    public void afterSingletonsInstantiated() {
        checkers.get();
        listeners.get();
        classifiers.get();
    }

    List<HealthChecker> checkers() {
        return checkers.get();
    }

    /** Tells every listener; one that fails keeps the transition from no other. */
    void tell(Transition transition) {
        for (StateChangeListener listener : listeners.get()) {
            try {
                listener.onStateChange(transition);
            } catch (RuntimeException | Error e) {
                log.error("A listener failed on a transition of breaker '{}'", transition.breaker(), e);
            }
        }
    }

    /** Asks the classifiers up to the first that answers; one that fails is passed over. */
    @Nullable
    Outcome classify(String breaker, @Nullable Object result, @Nullable Throwable error) {
        for (OutcomeClassifier classifier : classifiers.get()) {
            try {
                Outcome outcome = classifier.classify(breaker, result, error);
                if (outcome != null) {
                    return outcome;
                }
            } catch (RuntimeException | Error e) {
                if (hasWarned.compareAndSet(false, true)) {
                    log.warn("An outcome classifier failed for breaker '{}' and is passed over; said once", breaker, e);
                }
            }
        }
        return null;
    }

    /** The beans of one type, in order. A race looks them up twice. */
    private static final class Late<T> {

        private final ObjectProvider<T> beans;
        private volatile @Nullable List<T> known;

        Late(ObjectProvider<T> beans) {
            this.beans = beans;
        }

        List<T> get() {
            List<T> found = known;
            if (found == null) {
                found = beans.orderedStream().toList();
                known = found;
            }
            return found;
        }
    }
}

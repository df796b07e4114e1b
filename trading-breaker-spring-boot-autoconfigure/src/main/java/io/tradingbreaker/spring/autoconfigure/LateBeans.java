package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.HealthChecker;
import io.tradingbreaker.OutcomeClassifier;
import io.tradingbreaker.StateChangeListener;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The application's health checkers, listeners and classifiers, in order. They may need the registry that they serve,
 * and so they are looked up at the end of the start, or before that when one is first needed. Thread-safe.
 */
final class LateBeans implements SmartInitializingSingleton {

    private final Late<HealthChecker> checkers;
    private final Late<StateChangeListener> listeners;
    private final Late<OutcomeClassifier> classifiers;

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

    List<StateChangeListener> listeners() {
        return listeners.get();
    }

    List<OutcomeClassifier> classifiers() {
        return classifiers.get();
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

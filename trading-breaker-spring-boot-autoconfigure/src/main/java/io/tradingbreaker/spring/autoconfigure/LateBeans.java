package io.tradingbreaker.spring.autoconfigure;

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
 * The application's listeners and classifiers, in order. They may need the registry that they serve, and so they are
 * looked up at the end of the start, or before that when one is first needed. Thread-safe.
 */
final class LateBeans implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger("io.tradingbreaker.spring");

    private final ObjectProvider<StateChangeListener> listenerBeans;
    private final ObjectProvider<OutcomeClassifier> classifierBeans;
    private final AtomicBoolean hasWarned = new AtomicBoolean();
    private volatile @Nullable List<StateChangeListener> listeners;
    private volatile @Nullable List<OutcomeClassifier> classifiers;

    LateBeans(ObjectProvider<StateChangeListener> listeners, ObjectProvider<OutcomeClassifier> classifiers) {
        listenerBeans = listeners;
        classifierBeans = classifiers;
    }

    @Override
    public void afterSingletonsInstantiated() {
        listeners();
        classifiers();
    }

    /** Tells every listener; one that fails keeps the transition from no other. */
    void tell(Transition transition) {
        for (StateChangeListener listener : listeners()) {
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
        for (OutcomeClassifier classifier : classifiers()) {
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

    private List<StateChangeListener> listeners() {
        List<StateChangeListener> known = listeners;
        if (known == null) {
            known = listenerBeans.orderedStream().toList();
            listeners = known;
        }
        return known;
    }

    private List<OutcomeClassifier> classifiers() {
        List<OutcomeClassifier> known = classifiers;
        if (known == null) {
            known = classifierBeans.orderedStream().toList();
            classifiers = known;
        }
        return known;
    }
}

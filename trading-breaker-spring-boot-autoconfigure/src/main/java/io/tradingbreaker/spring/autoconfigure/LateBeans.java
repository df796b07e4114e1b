package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.HealthChecker;
import io.tradingbreaker.OutcomeClassifier;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.spring.probe.ConfiguredProbes;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The application's health checkers, listeners and classifiers, in order. They may need the registry that they serve,
 * and so they are looked up at the end of the start, or before that when one is first needed. Other threads than the one
 * that starts wait for that end, as what they look up meanwhile may be half made: halts of an earlier process are told at
 * the very beginning. Thread-safe.
 */
final class LateBeans implements SmartInitializingSingleton {

    private static final long LONGEST_START_SECONDS = 30;

    private final Thread starter = Thread.currentThread();
    private final CountDownLatch started = new CountDownLatch(1);
    private final Late<HealthChecker> checkers;
    private final Late<ConfiguredProbes> probes;
    private final Late<StateChangeListener> listeners;
    private final Late<OutcomeClassifier> classifiers;

    LateBeans(
            ObjectProvider<HealthChecker> checkers,
            ObjectProvider<ConfiguredProbes> probes,
            ObjectProvider<StateChangeListener> listeners,
            ObjectProvider<OutcomeClassifier> classifiers) {
        this.checkers = new Late<>(checkers);
        this.probes = new Late<>(probes);
        this.listeners = new Late<>(listeners);
        this.classifiers = new Late<>(classifiers);
    }

    @Override
    public void afterSingletonsInstantiated() {
        checkers.get();
        probes.get();
        listeners.get();
        classifiers.get();
        started.countDown();
    }

    /** The application's, then the probes that are set by property, those of breakers made since included. */
    List<HealthChecker> checkers() {
        return Stream.concat(
                        checkers.get().stream(),
                        probes.get().stream().flatMap(configured -> configured.checkers().stream()))
                .toList();
    }

    List<StateChangeListener> listeners() {
        if (Thread.currentThread() != starter) {
            awaitStart();
        }
        return listeners.get();
    }

    private void awaitStart() {
        try {
            // A registry that is made after the start, as a lazy bean, is told of no end.
            started.await(listeners.isKnown() ? 0 : LONGEST_START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

        boolean isKnown() {
            return known != null;
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

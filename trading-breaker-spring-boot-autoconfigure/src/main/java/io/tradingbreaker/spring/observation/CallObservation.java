package io.tradingbreaker.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.tradingbreaker.CallObserver;
import io.tradingbreaker.Outcome;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.spring.observation.BreakerCallContext.Ending;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The observation of one admitted call. A handler that throws leaves neither an observation without its end nor a scope on a thread.
 * Thread-safe.
 */
final class CallObservation implements CallObserver.Call {

    private final ObservedBreakers breakers;
    private final ObservationRegistry registry;
    private final Observation observation;
    private final BreakerCallContext context;

    CallObservation(
            ObservedBreakers breakers,
            ObservationRegistry registry,
            Observation observation,
            BreakerCallContext context) {
        this.breakers = breakers;
        this.registry = registry;
        this.observation = observation;
        this.context = context;
    }

    void start() {
        try {
            observation.start();
        } catch (Throwable e) {
            // Some of the handlers have begun something.
            end(Ending.UNKNOWN, null);
            throw e;
        }
    }

    @Override
    public CallObserver.Scope open() {
        Observation.Scope before = registry.getCurrentObservationScope();
        try {
            Observation.Scope opened = observation.openScope();
            return () -> close(opened, before);
        } catch (Throwable e) {
            Observation.Scope half = registry.getCurrentObservationScope();
            if (half != null && half != before) {
                close(half, before);
            }
            throw e;
        }
    }

    private void close(Observation.Scope scope, Observation.@Nullable Scope before) {
        try {
            scope.close();
        } finally {
            registry.setCurrentObservationScope(before);
        }
    }

    @Override
    public Map<Object, Object> context() {
        return Map.of(ObservationThreadLocalAccessor.KEY, observation);
    }

    @Override
    public StateChangeListener deciding() {
        return breakers.within(observation);
    }

    @Override
    public void ended(Outcome outcome, @Nullable Throwable error) {
        end(ObservedBreakers.ending(outcome), error);
    }

    @Override
    public void abandoned() {
        end(Ending.ABANDONED, null);
    }

    private void end(Ending how, @Nullable Throwable error) {
        context.ended(how);
        try {
            if (error != null) {
                observation.error(error);
            }
        } finally {
            observation.stop();
        }
    }
}

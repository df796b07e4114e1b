package io.tradingbreaker.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.CallObserver;
import io.tradingbreaker.Intent;
import io.tradingbreaker.Outcome;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.Transition;
import io.tradingbreaker.spring.observation.BreakerCallContext.Ending;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Makes an observation of each guarded call and of each transition. A call's parent is the observation of the reactive
 * stream that makes it, else of its thread; a transition's is the call that decided it, else the deciding thread's. Thread-safe.
 */
public final class ObservedBreakers implements CallObserver, SmartInitializingSingleton {

    private final Supplier<Settings> lookUp;
    private volatile @Nullable Settings known;

    /** @param settings asked for no earlier than the first call or the end of the start; a race asks twice */
    public ObservedBreakers(Supplier<Settings> settings) {
        lookUp = settings;
    }

    /**
     * Where observations go, and how they are named.
     *
     * @param calls null: as the registry has it, or the default
     * @param transitions the same
     */
    public record Settings(
            ObservationRegistry registry,
            @Nullable BreakerCallConvention calls,
            @Nullable TransitionConvention transitions) {}

    @Override
    public void afterSingletonsInstantiated() {
        settings();
    }

    private Settings settings() {
        Settings settings = known;
        if (settings == null) {
            settings = lookUp.get();
            known = settings;
        }
        return settings;
    }

    @Override
    public @Nullable Call admitted(String breaker, Intent intent, BreakerState state, Origin origin) {
        ObservationRegistry registry = settings().registry();
        BreakerCallContext context = BreakerCallContext.admitted(breaker, intent, state);
        Observation observation = of(context, origin);
        if (observation.isNoop()) {
            return null;
        }
        CallObservation call = new CallObservation(this, registry, observation, context);
        call.start();
        return call;
    }

    @Override
    public void refused(String breaker, Intent intent, TradingPausedException refusal, Origin origin) {
        Observation observation = of(BreakerCallContext.refused(breaker, intent, refusal), origin);
        observation.start();
        observation.stop();
    }

    private Observation of(BreakerCallContext context, Origin origin) {
        Settings settings = settings();
        Observation observation = BreakerObservation.CALL.observation(
                settings.calls(), DefaultBreakerCallConvention.INSTANCE, () -> context, settings.registry());
        if (origin.get(ObservationThreadLocalAccessor.KEY) instanceof Observation parent) {
            observation.parentObservation(parent);
        }
        return observation;
    }

    @Override
    public StateChangeListener deciding() {
        return within(settings().registry().getCurrentObservation());
    }

    /** Observes one transition, as a part of that. */
    StateChangeListener within(@Nullable Observation parent) {
        return transition -> observe(transition, parent);
    }

    private void observe(Transition transition, @Nullable Observation parent) {
        Settings settings = settings();
        Observation observation = BreakerObservation.TRANSITION.observation(
                settings.transitions(),
                DefaultTransitionConvention.INSTANCE,
                () -> new TransitionContext(transition),
                settings.registry());
        observation.parentObservation(parent);
        observation.start();
        observation.stop();
    }

    static Ending ending(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> Ending.SUCCESS;
            case FAILURE -> Ending.FAILURE;
            case IGNORED -> Ending.IGNORED;
            case DISCARDED -> Ending.DISCARDED;
        };
    }
}

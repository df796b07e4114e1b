package io.tradingbreaker;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A template for keys that find no room, where that is a reason to refuse: it lets through what the template would let
 * through a pause, and in observe mode everything. The rest, operators' calls too, is the template's. Thread-safe.
 */
final class RefusingBreaker implements TradingBreaker {

    private final Breaker template;
    private final StateMachine machine;

    RefusingBreaker(Breaker template) {
        this.template = template;
        machine = template.gate().machine();
    }

    /** As {@link Breaker#enter}. */
    Admission enter(Intent intent, @Nullable Permit within, CallObserver.Origin origin) {
        TradingPausedException refusal = refusal(intent, within, origin);
        return refusal == null ? template.enter(intent, within, origin) : new Refusal(() -> refusal);
    }

    /** Counts it; null if the call may go on to the template. */
    private @Nullable TradingPausedException refusal(
            Intent intent, @Nullable Permit within, CallObserver.Origin origin) {
        if (machine.tuning().passes(intent) || (within != null && within.holds(template.gate(), intent))) {
            return null;
        }
        if (template.mode() != BreakerMode.ENFORCE) {
            BreakerState state = template.state();
            if (state == BreakerState.CLOSED || state == BreakerState.HALF_OPEN) {
                // Otherwise the template counts it.
                machine.accounts.wouldReject.increment();
            }
            return null;
        }
        machine.accounts.rejected.increment();
        int maxKeys = template.config().keys().maxKeys();
        TradingPausedException refusal = new TradingPausedException(template.name(), template.state(), null, null)
                .with("max-keys (" + maxKeys + ") breakers for single keys are in use, and this key has none");
        if (machine.observing != null) {
            machine.observing.refused(template.name(), intent, refusal, origin);
        }
        return refusal;
    }

    @Override
    public <T extends @Nullable Object> T call(Intent intent, Callable<T> operation) throws Exception {
        TradingPausedException refusal = refusal(intent, null, CallObserver.Origin.THREAD);
        if (refusal != null) {
            throw refusal;
        }
        return template.call(intent, operation);
    }

    @Override
    public <T extends @Nullable Object, S extends CompletionStage<T>> CompletionStage<T> callAsync(
            Intent intent, Supplier<S> operation) {
        TradingPausedException refusal = refusal(intent, null, CallObserver.Origin.THREAD);
        return refusal == null ? template.callAsync(intent, operation) : CompletableFuture.failedFuture(refusal);
    }

    @Override
    public @Nullable Permit tryAcquire(Intent intent) {
        return refusal(intent, null, CallObserver.Origin.THREAD) == null ? template.tryAcquire(intent) : null;
    }

    @Override
    public Permit acquire(Intent intent, @Nullable Permit within) {
        return acquire(intent, within, CallObserver.Origin.THREAD);
    }

    @Override
    public Permit acquire(Intent intent, @Nullable Permit within, CallObserver.Origin origin) {
        TradingPausedException refusal = refusal(intent, within, origin);
        if (refusal != null) {
            throw refusal;
        }
        return template.acquire(intent, within, origin);
    }

    @Override
    public StreamWatch watchStream(String description) {
        return template.watchStream(description);
    }

    @Override
    public void trip(String reason, @Nullable String actor) {
        template.trip(reason, actor);
    }

    @Override
    public void halt(String reason, @Nullable String actor) {
        template.halt(reason, actor);
    }

    @Override
    public void resume(String reason, @Nullable String actor) {
        template.resume(reason, actor);
    }

    @Override
    public void reset(String reason, @Nullable String actor) {
        template.reset(reason, actor);
    }

    @Override
    public void drill(Duration duration, String reason, @Nullable String actor) {
        template.drill(duration, reason, actor);
    }

    @Override
    public void mode(BreakerMode mode) {
        template.mode(mode);
    }

    @Override
    public BreakerConfig retune(Consumer<BreakerConfigBuilder> change, String reason, @Nullable String actor) {
        return template.retune(change, reason, actor);
    }

    @Override
    public String name() {
        return template.name();
    }

    @Override
    public @Nullable TradingBreaker parent() {
        return template.parent();
    }

    @Override
    public BreakerConfig config() {
        return template.config();
    }

    @Override
    public BreakerState state() {
        return template.state();
    }

    @Override
    public BreakerMode mode() {
        return template.mode();
    }

    @Override
    public LatencyMonitor latencyMonitor() {
        return template.latencyMonitor();
    }

    @Override
    public BreakerCounters counters() {
        return template.counters();
    }

    @Override
    public BreakerSnapshot snapshot() {
        return template.snapshot();
    }

    @Override
    public String toString() {
        return template.toString();
    }
}

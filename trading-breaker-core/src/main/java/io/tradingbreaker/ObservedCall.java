package io.tradingbreaker;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An observer's side of one admitted call: ends it once, whoever comes first, and lets no exception out. Thread-safe. */
final class ObservedCall {

    static final CallObserver.Scope NO_SCOPE = () -> {};

    private final CallObserver.Call call;
    private final Observing observing;
    private final AtomicBoolean hasEnded = new AtomicBoolean();

    ObservedCall(CallObserver.Call call, Observing observing) {
        this.call = call;
        this.observing = observing;
    }

    CallObserver.Scope open() {
        CallObserver.Scope scope = observing.ask(call::open, NO_SCOPE);
        return () -> observing.run(scope::close);
    }

    Map<Object, Object> context() {
        return observing.ask(call::context, Map.of());
    }

    StateChangeListener deciding() {
        return observing.listener(call::deciding);
    }

    void end(Outcome outcome, @Nullable Throwable error) {
        if (hasEnded.compareAndSet(false, true)) {
            observing.run(() -> call.ended(outcome, error));
        }
    }

    void abandon() {
        if (hasEnded.compareAndSet(false, true)) {
            observing.run(call::abandoned);
        }
    }
}

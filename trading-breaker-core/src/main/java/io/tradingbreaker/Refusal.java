package io.tradingbreaker;

import java.util.function.Supplier;

/** A refusal: a phase's, made once with it, or one for want of room. */
final class Refusal extends Admission {

    private final Supplier<TradingPausedException> exception;

    Refusal(Phase phase) {
        this(() -> new TradingPausedException(phase.machine.name, phase.state, phase.reason(), phase.retryAfter()));
    }

    Refusal(Supplier<TradingPausedException> exception) {
        this.exception = exception;
    }

    TradingPausedException exception() {
        return exception.get();
    }
}

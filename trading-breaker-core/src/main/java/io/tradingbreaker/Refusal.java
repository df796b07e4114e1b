package io.tradingbreaker;

/** A phase's refusal, made once with the phase. */
final class Refusal extends Admission {

    private final Phase phase;

    Refusal(Phase phase) {
        this.phase = phase;
    }

    TradingPausedException exception() {
        return new TradingPausedException(phase.machine.name, phase.state, phase.reason(), phase.retryAfter());
    }
}

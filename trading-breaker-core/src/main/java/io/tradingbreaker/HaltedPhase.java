package io.tradingbreaker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Stopped by an operator. Nothing that happens here leads out. */
final class HaltedPhase extends Phase {

    HaltedPhase(StateMachine machine, Entry entry) {
        super(machine, BreakerState.HALTED, entry);
    }

    @Override
    @Nullable
    Duration retryAfter() {
        return null;
    }
}

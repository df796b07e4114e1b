package io.tradingbreaker;

import java.io.Serial;

/**
 * The end of a breaker that was evicted: nothing is admitted, and nothing leads out. Whoever asks is sent on to the key's
 * present breaker.
 */
final class RetiredPhase extends Phase {

    final ClosedPhase last;

    RetiredPhase(ClosedPhase last) {
        // HALTED, as in no other state every call is sure to ask: it would join the one that it is made in.
        super(last.machine, BreakerState.HALTED, last.entry);
        this.last = last;
    }

    @Override
    Kind admit(Intent intent) {
        throw new Retired();
    }

    /** The breaker that was asked has been evicted. Undoes what the levels above have admitted, on its way. */
    static final class Retired extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1L;

        private Retired() {
            super("the breaker has been evicted", null, false, false);
        }
    }
}

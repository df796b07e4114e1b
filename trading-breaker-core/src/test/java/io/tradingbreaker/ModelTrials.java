package io.tradingbreaker;

/** The trial calls of a stay in HALF_OPEN. */
final class ModelTrials {

    private final int requests;
    private final int successes;
    private int out;
    private int decided;
    private int well;
    private int failed;

    ModelTrials(BreakerConfig config) {
        requests = config.halfOpenRequests();
        successes = config.halfOpenSuccesses();
    }

    boolean isSlotFree() {
        return out + decided < requests;
    }

    void begin() {
        out++;
    }

    /** A trial that decides nothing. */
    void cancel() {
        out--;
    }

    void end(boolean isFastSuccess) {
        out--;
        decided++;
        well += isFastSuccess ? 1 : 0;
        failed += isFastSuccess ? 0 : 1;
    }

    boolean haveSucceeded() {
        return well >= successes;
    }

    boolean canSucceed() {
        return well + requests - decided >= successes;
    }

    boolean hasFailed() {
        return failed > 0;
    }

    /** Fresh slots; successes are kept, and so are the calls still out. */
    void renew() {
        decided = 0;
    }

    void clear() {
        out = 0;
        decided = 0;
        well = 0;
        failed = 0;
    }
}

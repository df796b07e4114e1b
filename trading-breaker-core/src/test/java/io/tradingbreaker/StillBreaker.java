package io.tradingbreaker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A breaker in time that stands still, and the permits of each thread that uses it. Its timers run when a test says so.
 * Small and deterministic, so that a model checker can follow all of it.
 */
final class StillBreaker extends NoTimers {

    /** With a small window; no rule trips but {@code consecutive}, at the second failure. */
    static final BreakerConfig SMALL = BreakerConfig.DEFAULT.with(c -> c.windowSize(16)
            .minimumSamples(16)
            .percentile(1)
            .errorRateThreshold(0)
            .failureThreshold(2));

    /** Lincheck numbers threads from 0; the parts before and after the parallel one count as two more. */
    static final int THREADS = 4;

    /** What operators do. */
    static final List<Action> ACTIONS =
            List.of(TradingBreaker::trip, TradingBreaker::halt, TradingBreaker::resume, TradingBreaker::reset);

    final Breaker breaker;
    final StateMachine machine;
    private final List<List<Permit>> permits = new ArrayList<>();
    private final List<StateChangeListener> listeners;
    private volatile Runnable lastTimer = () -> {};

    StillBreaker(BreakerConfig config) {
        this(null, config, List.of());
    }

    /** A breaker with a listener, which is told on the thread that brings a transition. */
    StillBreaker(BreakerConfig config, StateChangeListener listener) {
        this(null, config, List.of(listener));
    }

    /** A breaker below another. */
    StillBreaker(StillBreaker parent, BreakerConfig config) {
        this(parent, config, List.of());
    }

    private StillBreaker(StillBreaker parent, BreakerConfig config, List<StateChangeListener> listeners) {
        this.listeners = listeners;
        for (int i = 0; i < THREADS; i++) {
            permits.add(new ArrayList<>());
        }
        SharedParts parts = new SharedParts(
                this,
                this,
                new LocalPauses(1),
                () -> listeners,
                List::of,
                List::of,
                new AllBreakers(),
                new Retuner((name, c) -> c),
                null);
        breaker = new Breaker("trading", parent == null ? null : parent.breaker, config, parts);
        machine = breaker.gate().machine();
        // The table of calls in flight is made now rather than in every scenario.
        acquire(0);
        end(0, Permit::ignored);
    }

    /** The timer that was set last. It may be run in any later phase, as one that could not be cancelled in time. */
    Runnable timer() {
        return lastTimer;
    }

    /** Asks for a permit that opens risk, and keeps it for that thread. */
    boolean acquire(int thread) {
        Permit permit = breaker.tryAcquire(Intent.OPEN_RISK);
        if (permit != null) {
            permits.get(thread).add(permit);
        }
        return permit != null;
    }

    /** Ends the oldest call of that thread; false if it has none. */
    boolean end(int thread, Consumer<Permit> how) {
        List<Permit> own = permits.get(thread);
        if (own.isEmpty()) {
            return false;
        }
        how.accept(own.remove(0));
        return true;
    }

    /** Ends every call, and returns how many there were. */
    int endAll(Consumer<Permit> how) {
        int ended = 0;
        for (int thread = 0; thread < permits.size(); thread++) {
            while (end(thread, how)) {
                ended++;
            }
        }
        return ended;
    }

    /** Looks at the calls in flight as if that much time had passed since they began. */
    void checkStalled(long ageMillis) {
        breaker.gate().check(Duration.ofMillis(ageMillis).toNanos(), 0, 0);
    }

    /** Returns false for a conflict. */
    boolean operate(Action action) {
        try {
            action.on(breaker, "test", null);
            return true;
        } catch (BreakerConflictException conflict) {
            return false;
        }
    }

    @Override
    public Task after(Duration delay, Runnable timer) {
        lastTimer = timer;
        return () -> {};
    }

    @Override
    public void publish(Runnable tellAll) {
        if (!listeners.isEmpty()) {
            tellAll.run();
        }
    }

    @FunctionalInterface
    interface Action {
        void on(TradingBreaker breaker, String reason, String actor);
    }
}

package io.tradingbreaker;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Guards the calls to one node, venue or service, and pauses them when tail latency, failures or hung calls pass their
 * limits. Thread-safe; admission takes no lock and never blocks.
 *
 * <p>A permit answers only to the state that issued it: a call that was admitted before a trip says nothing about
 * whether recovery works. A call that has not returned counts as slow as soon as it is older than
 * {@code latency-threshold}.
 *
 * <p>Operators' calls ({@link #trip}, {@link #halt}, {@link #resume}, {@link #reset}, {@link #drill}, {@link #mode(BreakerMode)}, {@link #retune})
 * act at once and cancel the timers of the state they end. Reasons and actors are shown as one line of at most 200 characters.
 */
public interface TradingBreaker {

    /** Matches {@code [a-z][a-z0-9-]{0,62}}; of a single key's breaker, with {@code :[a-z0-9._-]{1,57}} behind it. */
    String name();

    /** The breaker that is asked before this one. */
    @Nullable
    TradingBreaker parent();

    /** The limits in force now. */
    BreakerConfig config();

    BreakerState state();

    BreakerMode mode();

    LatencyMonitor latencyMonitor();

    BreakerCounters counters();

    BreakerSnapshot snapshot();

    /** Runs a call that opens risk. See {@link #call(Intent, Callable)}. */
    default <T extends @Nullable Object> T call(Callable<T> operation) throws Exception {
        return call(Intent.OPEN_RISK, operation);
    }

    /**
     * Runs the operation and times it. What it throws is passed on as it is.
     *
     * @throws TradingPausedException if the call was refused; the operation did not run
     */
    <T extends @Nullable Object> T call(Intent intent, Callable<T> operation) throws Exception;

    /** Runs an asynchronous call that opens risk. See {@link #callAsync(Intent, Supplier)}. */
    default <T extends @Nullable Object, S extends CompletionStage<T>> CompletionStage<T> callAsync(
            Supplier<S> operation) {
        return callAsync(Intent.OPEN_RISK, operation);
    }

    /**
     * Starts the operation and times it to the completion of its stage, which is returned itself: cancelling it ends the
     * permit. A refusal is a stage failed with {@link TradingPausedException}; what the supplier throws is thrown.
     */
    <T extends @Nullable Object, S extends CompletionStage<T>> CompletionStage<T> callAsync(
            Intent intent, Supplier<S> operation);

    /** A permit for a call that opens risk, or null if it is refused. Whoever gets one must complete it. */
    default @Nullable Permit tryAcquire() {
        return tryAcquire(Intent.OPEN_RISK);
    }

    /** A permit, or null if it is refused. Whoever gets one must complete it. */
    @Nullable
    Permit tryAcquire(Intent intent);

    /**
     * A permit.
     *
     * @throws TradingPausedException if it is refused
     */
    default Permit acquire(Intent intent) {
        return acquire(intent, null);
    }

    /**
     * A permit for a call made inside another guarded call. Breakers that {@code within} already holds, at the same
     * or a riskier intent, are joined: they are not asked and count nothing, unless they are HALTED.
     *
     * @throws TradingPausedException if it is refused
     */
    Permit acquire(Intent intent, @Nullable Permit within);

    /**
     * The same for a call whose surroundings the thread does not know.
     *
     * @param origin the context of the reactive stream that makes the call; only an observer looks into it
     * @throws TradingPausedException if it is refused
     */
    default Permit acquire(Intent intent, @Nullable Permit within, CallObserver.Origin origin) {
        return acquire(intent, within);
    }

    /**
     * Watches a stream of this breaker's node. It is watched by the breakers above too, each by its own
     * {@code stream-silence}; where all have that off, nothing is. A breaker watches at most 10,000 streams.
     *
     * @param description which stream it is, for people; shown as one line of at most 200 characters
     */
    StreamWatch watchStream(String description);

    /**
     * Pauses trading by hand; recovery then runs as after any other trip. Does nothing in OPEN, unless that is a drill,
     * which becomes a pause for good.
     *
     * @param actor who asked; null if unknown
     * @throws BreakerConflictException if HALTED
     */
    void trip(String reason, @Nullable String actor);

    /**
     * The kill switch. Every call that begins after this returned is refused but for the intents that pass; only
     * {@link #resume} or {@link #reset} ends it. Does nothing in HALTED.
     */
    void halt(String reason, @Nullable String actor);

    /**
     * Ends a halt, or the wait that {@link ResumePolicy} demands, the careful way: OPEN, with an attempt at recovery due at
     * once.
     *
     * @throws BreakerConflictException if neither HALTED nor waiting
     */
    void resume(String reason, @Nullable String actor);

    /** CLOSED with a fresh window, from any state. */
    void reset(String reason, @Nullable String actor);

    /**
     * Pauses trading for some time to show that it can be: tries calls at once, of which one is refused and those whose
     * intent passes are counted as ignored; and when the drill is over, reports to {@link BreakerSnapshot#drill} and to
     * {@link StateChangeListener#onDrillReport}. It ends in CLOSED by itself; in a pause for good if the health check
     * fails then, or if an operator trips or halts meanwhile.
     *
     * @param duration 1 s to 1 min
     * @throws InvalidConfigException for another duration
     * @throws BreakerConflictException if not CLOSED
     */
    void drill(Duration duration, String reason, @Nullable String actor);

    /** Switches between refusing and watching; state and window stay. */
    void mode(BreakerMode mode);

    /**
     * Changes limits while it runs: all that is asked for, or nothing. Window, state and calls in flight stay. Nothing trips
     * by it: the next sample that is over, failed or slow is judged by the new limits.
     *
     * <table>
     * <caption>From when a changed limit counts</caption>
     * <tr><th>limit</th><th>from when</th></tr>
     * <tr><td>p99-threshold</td><td>at once: the samples there are and the calls in flight are counted anew</td></tr>
     * <tr><td>window-size, window-age</td><td>at once, with the newest samples that fit; what had left stays away</td></tr>
     * <tr><td>latency-threshold</td><td>at once, in flight too; what was counted as slow stays so in the counters. The run
     *     of bad calls is recounted from the window: a higher threshold never makes it longer, a lower one never
     *     shorter</td></tr>
     * <tr><td>percentile, minimum-samples, confidence, failure-threshold, error-rate-threshold, local-pause-limit,
     *     permit-timeout, sampling-rate, pass, ignore-exceptions, record-exceptions, mode</td><td>at once</td></tr>
     * <tr><td>stream-silence</td><td>at once; a stream that began while it was off stays unwatched</td></tr>
     * <tr><td>recovery-timeout, recovery.*, resume.*, half-open-timeout, probe.timeout</td><td>with the next wait, trip,
     *     timer or probe; those under way keep theirs</td></tr>
     * <tr><td>half-open-requests, half-open-successes</td><td>with the next HALF_OPEN</td></tr>
     * <tr><td>max-keys, when-keys-full, key-idle-timeout</td><td>at once; those over a lowered max-keys stay until they are
     *     idle</td></tr>
     * <tr><td>parent</td><td>never: it is refused</td></tr>
     * </table>
     *
     * <p>Where latency-threshold is the same as p99-threshold it goes along with that, also where it was set to be so. The
     * breakers for single keys go along with their template.
     *
     * @param change is given the limits in force now; it must not retune
     * @param actor who asked; null if unknown
     * @return the limits in force then
     * @throws InvalidConfigException if the whole would be invalid, or have another {@code parent}
     */
    BreakerConfig retune(Consumer<BreakerConfigBuilder> change, String reason, @Nullable String actor);
}

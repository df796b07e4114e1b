package io.tradingbreaker.spring.desk;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.DrillReport;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.Ordered;

/**
 * Tells the {@link PauseHook}s that trading pauses or resumes, each on its own threads, and keeps what came of it.
 * Comes before the application's listeners, and does not wait for a hook. Thread-safe.
 *
 * <p>Closing it gives hooks that run or wait 2 s; what is left then is recorded as timed out or skipped.
 */
public final class PauseHooks implements StateChangeListener, SmartInitializingSingleton, Ordered, AutoCloseable {

    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
    private static final String ONLY_OBSERVES = "the breaker only observes: trading goes on";
    private static final long CLOSING_NANOS = 2_000_000_000L;

    private final Supplier<Map<String, PauseHook>> hooks;
    private final Function<String, @Nullable BreakerMode> modes;
    private final HookRuns runs;
    private final ScheduledThreadPoolExecutor timer;
    private final AtomicReference<@Nullable Map<String, HookCalls>> calls = new AtomicReference<>();
    private final Set<String> paused = ConcurrentHashMap.newKeySet();

    /**
     * @param hooks by name; asked for at the end of the start, or when they are first needed
     * @param modes the mode of a breaker; null if there is none of that name any more
     */
    public PauseHooks(
            Supplier<Map<String, PauseHook>> hooks, Function<String, @Nullable BreakerMode> modes, BreakerClock clock) {
        this.hooks = hooks;
        this.modes = modes;
        runs = new HookRuns(clock, name -> modes.apply(name) != null);
        timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "trading-breaker-hook-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /** The latest calls of hooks for a breaker, newest first. */
    public List<HookRun> last(String breaker) {
        return runs.of(breaker);
    }

    /** Keeps no more calls for a breaker that is gone: it can be found no more. */
    public void forget(String breaker) {
        runs.forget(breaker);
    }

    /** Tells of every call that ends from now on. */
    public void onEnd(Consumer<? super HookRun> reader) {
        runs.onEnd(reader);
    }

    /** @throws IllegalStateException for a hook whose timeout is out of range */
    @Override
    public void afterSingletonsInstantiated() {
        calls();
    }

    @Override
    public void onStateChange(Transition transition) {
        String breaker = transition.breaker();
        if (isPause(transition)) {
            if (transition.to() == BreakerState.OPEN && modes.apply(breaker) == BreakerMode.OBSERVE) {
                calls().keySet().forEach(hook -> runs.skip(hook, HookRun.Event.PAUSE, transition, ONLY_OBSERVES));
                return;
            }
            paused.add(breaker);
            calls().values().forEach(hook -> hook.add(HookRun.Event.PAUSE, transition));
        } else if (transition.to() == BreakerState.CLOSED && paused.remove(breaker)) {
            calls().values().forEach(hook -> hook.add(HookRun.Event.RESUME, transition));
        }
    }

    /** Whether each hook had done its work when the drill was over; null if none is for that breaker. */
    @Override
    public DrillReport.@Nullable Check checkDrill(Transition pause, Transition end) {
        List<String> results = new ArrayList<>();
        boolean passed = true;
        for (Map.Entry<String, HookCalls> hook : calls().entrySet()) {
            HookRun run = runs.find(hook.getKey(), pause);
            if (run != null) {
                results.add(hook.getKey() + " " + run.result().code());
                passed &= run.result() == HookRun.Result.OK || ONLY_OBSERVES.equals(run.detail());
            } else if (hook.getValue().isPending(pause)) {
                results.add(hook.getKey() + " waiting");
                passed = false;
            }
        }
        return results.isEmpty() ? null : new DrillReport.Check("hooks", passed, String.join(", ", results), null);
    }

    private static boolean isPause(Transition transition) {
        return switch (transition.to()) {
            // From OPEN it is the same pause: resumed by an operator, or a drill that became real.
            case OPEN -> transition.from() == BreakerState.CLOSED || transition.from() == BreakerState.HALF_OPEN;
            case HALTED -> true;
            case CLOSED, HALF_OPEN -> false;
        };
    }

    private Map<String, HookCalls> calls() {
        Map<String, HookCalls> known = calls.get();
        if (known != null) {
            return known;
        }
        Map<String, HookCalls> made = new LinkedHashMap<>();
        hooks.get()
                .forEach((name, hook) -> made.put(name, new HookCalls(name, hook, timeout(name, hook), runs, timer)));
        Map<String, HookCalls> others = calls.compareAndExchange(null, made);
        return others != null ? others : made;
    }

    private static Duration timeout(String name, PauseHook hook) {
        Duration timeout = hook.timeout();
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalStateException(
                    "the timeout of the PauseHook '" + name + "' is " + timeout + "; allowed are 1 ms to 1 h");
        }
        return timeout;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + CLOSING_NANOS;
        Map<String, HookCalls> known = calls.get();
        if (known != null) {
            known.values().forEach(hook -> hook.close(deadline));
        }
        timer.shutdownNow();
    }
}

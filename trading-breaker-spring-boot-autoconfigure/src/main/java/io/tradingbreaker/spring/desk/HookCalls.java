package io.tradingbreaker.spring.desk;

import io.tradingbreaker.Transition;
import io.tradingbreaker.spring.desk.HookRun.Event;
import io.tradingbreaker.spring.desk.HookRun.Result;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls one hook: for one breaker one call after the other, for several at once, on up to {@value #MOST_ACTIVE} threads.
 *
 * <p>A call that is overdue is interrupted, and no longer counts among those threads, so that one that ignores this
 * holds up no other breaker; there may be {@value #MOST_HUNG} such calls. What comes later for the same breaker waits
 * for it all the same, as it must not overtake it.
 *
 * <p>Thread-safe; runs no hook under its lock.
 */
final class HookCalls {

    static final int MOST_ACTIVE = 8;
    static final int MOST_HUNG = 64;
    static final int MOST_WAITING = 16;
    private static final Logger log = LoggerFactory.getLogger("io.tradingbreaker.spring");

    private final String name;
    private final PauseHook hook;
    private final Duration timeout;
    private final HookRuns runs;
    private final ScheduledExecutorService timer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    // Of each breaker with calls that wait or run. All below only under the lock.
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Deque<Lane> ready = new ArrayDeque<>();
    private int active;
    private int hung;
    private boolean isClosed;

    HookCalls(String name, PauseHook hook, Duration timeout, HookRuns runs, ScheduledExecutorService timer) {
        this.name = name;
        this.hook = hook;
        this.timeout = timeout;
        this.runs = runs;
        this.timer = timer;
    }

    void add(Event event, Transition transition) {
        Call added = new Call(event, transition);
        Call crowdedOut = null;
        lock.lock();
        try {
            if (isClosed) {
                crowdedOut = added;
            } else {
                Lane lane = lanes.computeIfAbsent(transition.breaker(), breaker -> new Lane());
                lane.waiting.add(added);
                crowdedOut = lane.waiting.size() > MOST_WAITING ? lane.waiting.poll() : null;
                lane.makeReady();
                startThread();
            }
        } finally {
            lock.unlock();
        }
        if (crowdedOut != null) {
            crowdedOut.skip(crowdedOut == added ? "the application is closing" : "an earlier call hangs");
        }
    }

    /** Whether the call for that transition has still to end. */
    boolean isPending(Transition transition) {
        lock.lock();
        try {
            Lane lane = lanes.get(transition.breaker());
            return lane != null
                    && Stream.concat(Stream.ofNullable(lane.running), lane.waiting.stream())
                            .anyMatch(call -> call.transition.equals(transition));
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more calls, waits for those there are, and gives up what is left then. */
    void close(long deadlineNanos) {
        List<Call> waiting = new ArrayList<>();
        List<Call> running = new ArrayList<>();
        lock.lock();
        try {
            isClosed = true;
            long rest = deadlineNanos - System.nanoTime();
            while (!lanes.isEmpty() && rest > 0) {
                idle.awaitNanos(rest);
                rest = deadlineNanos - System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            for (Lane lane : lanes.values()) {
                waiting.addAll(lane.waiting);
                lane.waiting.clear();
                Stream.ofNullable(lane.running).forEach(running::add);
            }
            ready.clear();
            lock.unlock();
        }
        waiting.forEach(call -> call.skip("the application is closing"));
        running.forEach(call -> overdue(call, "the application is closing"));
    }

    /** Under the lock. */
    private void startThread() {
        if (active >= MOST_ACTIVE || ready.isEmpty()) {
            return;
        }
        active++;
        try {
            Thread thread = new Thread(this::work, "trading-breaker-hook-" + name);
            thread.setDaemon(true);
            thread.start();
        } catch (Error e) { // no more threads: those there are go on, and the next call tries again
            active--;
            log.error("Hook '{}' got no thread", name, e);
        }
    }

    private void work() {
        boolean goesOn = true;
        while (goesOn) {
            Call call = next();
            goesOn = call != null && ended(call, call.run());
        }
    }

    /** Null if there is nothing to do; then the thread is not counted any more. */
    private @Nullable Call next() {
        lock.lock();
        try {
            Lane lane = ready.poll();
            Call call = lane == null ? null : lane.waiting.poll();
            if (lane == null || call == null) {
                active--;
                return null;
            }
            lane.isReady = false;
            lane.running = call;
            call.thread = Thread.currentThread();
            return call;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the thread is still counted. */
    private boolean ended(Call call, @Nullable Throwable failure) {
        boolean isOverdue;
        lock.lock();
        try {
            call.thread = null;
            isOverdue = call.isOverdue;
            Thread.interrupted(); // what came too late is not meant for the next call
            Lane lane = lanes.get(call.transition.breaker());
            if (lane != null) {
                lane.running = null;
                lane.makeReady();
                if (!lane.isReady) {
                    lanes.remove(call.transition.breaker());
                }
            }
            if (lanes.isEmpty()) {
                idle.signalAll();
            }
            if (call.isHung) {
                hung--;
                startThread();
            }
        } finally {
            lock.unlock();
        }
        if (!isOverdue) {
            call.end(failure == null ? Result.OK : Result.FAILED, failure == null ? null : HookText.of(failure));
        }
        return !call.isHung;
    }

    private void overdue(Call call, String why) {
        lock.lock();
        try {
            Thread thread = call.thread;
            if (thread == null || call.isOverdue) {
                return;
            }
            call.isOverdue = true;
            thread.interrupt();
            if (hung < MOST_HUNG) {
                call.isHung = true;
                hung++;
                active--;
                startThread();
            }
        } finally {
            lock.unlock();
        }
        call.end(Result.TIMED_OUT, why);
    }

    /** The calls for one breaker. */
    private final class Lane {

        private final Deque<Call> waiting = new ArrayDeque<>();
        private @Nullable Call running;
        private boolean isReady;

        private void makeReady() {
            if (!isReady && running == null && !waiting.isEmpty()) {
                isReady = true;
                ready.add(this);
            }
        }
    }

    private final class Call {

        private final Event event;
        private final Transition transition;
        private volatile HookRuns.@Nullable Open open;
        private @Nullable Thread thread;
        private boolean isOverdue;
        private boolean isHung;

        private Call(Event event, Transition transition) {
            this.event = event;
            this.transition = transition;
        }

        /** What it threw. */
        private @Nullable Throwable run() {
            Future<?> alarm = null;
            try {
                alarm = timer.schedule(
                        () -> overdue(this, "not done within " + timeout), timeout.toNanos(), TimeUnit.NANOSECONDS);
                if (hook.supports(transition.breaker()) && begins()) {
                    if (event == Event.PAUSE) {
                        hook.onPause(transition);
                    } else {
                        hook.onResume(transition);
                    }
                }
                return null;
            } catch (Throwable e) {
                log.debug("Hook '{}' failed", name, e);
                return e;
            } finally {
                if (alarm != null) {
                    alarm.cancel(false);
                }
            }
        }

        /** False if it is overdue already, and said to be. */
        private boolean begins() {
            lock.lock();
            try {
                if (!isOverdue) {
                    open = runs.begin(name, event, transition);
                }
                return !isOverdue;
            } finally {
                lock.unlock();
            }
        }

        private void skip(String why) {
            runs.skip(name, event, transition, why);
        }

        /** A call for a breaker that is not the hook's has no result, unless it failed to say so. */
        private void end(Result result, @Nullable String detail) {
            HookRuns.Open begun = open;
            if (begun == null && result != Result.OK) {
                begun = runs.begin(name, event, transition);
            }
            if (begun != null) {
                begun.end(result, detail);
            }
        }
    }
}

package io.tradingbreaker.spring.desk;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The latest calls of hooks, by breaker. Thread-safe. */
final class HookRuns {

    static final int KEPT = 20;
    private static final Logger log = LoggerFactory.getLogger("io.tradingbreaker.spring");

    private final BreakerClock clock;
    private final Predicate<String> exists;
    // Only under the lock.
    private final Map<String, Deque<Open>> byBreaker = new HashMap<>();
    private final List<Consumer<? super HookRun>> readers = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** @param exists whether there is a breaker of that name; of others, nothing is kept */
    HookRuns(BreakerClock clock, Predicate<String> exists) {
        this.clock = clock;
        this.exists = exists;
    }

    /** To be called when there is no such breaker any more. */
    void forget(String breaker) {
        lock.lock();
        try {
            byBreaker.remove(breaker);
        } finally {
            lock.unlock();
        }
    }

    /** Tells of every call that ends from now on, on the thread that ends it. */
    void onEnd(Consumer<? super HookRun> reader) {
        readers.add(reader);
    }

    /** Newest first. */
    List<HookRun> of(String breaker) {
        lock.lock();
        try {
            Deque<Open> kept = byBreaker.get(breaker);
            return kept == null ? List.of() : kept.stream().map(Open::run).toList();
        } finally {
            lock.unlock();
        }
    }

    /** The call of a hook for that transition; null if there was none, or it is too long ago. */
    @Nullable
    HookRun find(String hook, Transition transition) {
        lock.lock();
        try {
            for (Open open : byBreaker.getOrDefault(transition.breaker(), new ArrayDeque<>())) {
                if (open.sequence == transition.sequence() && open.hook.equals(hook)) {
                    return open.run();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    Open begin(String hook, HookRun.Event event, Transition transition) {
        Open open = new Open(transition, hook, event);
        lock.lock();
        try {
            if (exists.test(transition.breaker())) {
                Deque<Open> kept = byBreaker.computeIfAbsent(transition.breaker(), name -> new ArrayDeque<>());
                kept.addFirst(open);
                if (kept.size() > KEPT) {
                    kept.removeLast();
                }
            }
        } finally {
            lock.unlock();
        }
        return open;
    }

    void skip(String hook, HookRun.Event event, Transition transition, String why) {
        begin(hook, event, transition).end(HookRun.Result.SKIPPED, why);
    }

    /** A call that has begun. */
    final class Open {

        private final Instant at = clock.instant();
        private final long beganNanos = clock.nanoTime();
        private final String breaker;
        private final long sequence;
        private final String hook;
        private final HookRun.Event event;
        private volatile @Nullable HookRun ended;

        private Open(Transition transition, String hook, HookRun.Event event) {
            this.breaker = transition.breaker();
            this.sequence = transition.sequence();
            this.hook = hook;
            this.event = event;
        }

        /** To be called once. */
        void end(HookRun.Result result, @Nullable String detail) {
            HookRun run = run(result, detail);
            ended = run;
            if (result != HookRun.Result.OK) {
                log.warn(
                        "Hook '{}' on {} of breaker '{}': {}{}",
                        hook,
                        event.code(),
                        breaker,
                        result.code(),
                        detail == null ? "" : ", " + detail);
            }
            for (Consumer<? super HookRun> reader : readers) {
                try {
                    reader.accept(run);
                } catch (RuntimeException e) {
                    log.error("A hook's result could not be told", e);
                }
            }
        }

        HookRun run() {
            HookRun known = ended;
            return known != null ? known : run(HookRun.Result.RUNNING, null);
        }

        private HookRun run(HookRun.Result result, @Nullable String detail) {
            Duration took = Duration.ofNanos(Math.max(0, clock.nanoTime() - beganNanos));
            return new HookRun(breaker, hook, event, at, took, result, detail);
        }
    }
}

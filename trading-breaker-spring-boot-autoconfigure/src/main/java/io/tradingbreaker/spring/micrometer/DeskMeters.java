package io.tradingbreaker.spring.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.desk.HookRun;
import io.tradingbreaker.spring.desk.PauseHooks;
import io.tradingbreaker.spring.webhook.WebhookNotifier;
import io.tradingbreaker.spring.webhook.WebhookResult;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Meters what is done on transitions: hooks and the webhook. A meter begins with its first result, and ends with the breaker.
 * Thread-safe.
 */
public final class DeskMeters implements MeterBinder {

    private final BreakerRegistry breakers;
    private final @Nullable PauseHooks hooks;
    private final @Nullable WebhookNotifier webhook;

    /**
     * @param hooks null if there are none
     * @param webhook null if there is none
     */
    public DeskMeters(BreakerRegistry breakers, @Nullable PauseHooks hooks, @Nullable WebhookNotifier webhook) {
        this.breakers = breakers;
        this.hooks = hooks;
        this.webhook = webhook;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        Results results = new Results(breakers, meters);
        breakers.onEachBreaker(made -> {}, gone -> results.forget(gone.name()));
        if (hooks != null) {
            hooks.onEnd(results::add);
        }
        if (webhook != null) {
            webhook.onResult(results::add);
        }
    }

    /** The results in one meter registry. One that comes when its breaker is gone begins no meter. Thread-safe. */
    private static final class Results {

        private final BreakerRegistry breakers;
        private final MeterRegistry meters;
        private final ReentrantLock lock = new ReentrantLock();
        // By the breaker's name, then by the meter's; a function timer holds its figures weakly. Only under the lock.
        private final Map<String, Map<Tags, Took>> hooks = new HashMap<>();
        private final Map<String, Map<Tags, Counter>> deliveries = new HashMap<>();

        Results(BreakerRegistry breakers, MeterRegistry meters) {
            this.breakers = breakers;
            this.meters = meters;
        }

        void add(HookRun run) {
            Tags tags = Tags.of(
                    "name",
                    run.breaker(),
                    "hook",
                    run.hook(),
                    "result",
                    run.result().code());
            Took took = known(hooks, run.breaker(), tags, this::timer);
            if (took != null) {
                took.add(run);
            }
        }

        void add(String breaker, WebhookResult result) {
            Counter counter =
                    known(deliveries, breaker, Tags.of("name", breaker, "result", result.code()), this::counter);
            if (counter != null) {
                counter.increment();
            }
        }

        void forget(String breaker) {
            lock.lock();
            try {
                forget(breaker, hooks, Took::meter);
                forget(breaker, deliveries, counter -> counter);
            } finally {
                lock.unlock();
            }
        }

        /** A filter may have made one meter of several breakers': it ends with the last of them. */
        private <M> void forget(String breaker, Map<String, Map<Tags, M>> all, Function<M, Meter> meter) {
            Map<Tags, M> gone = all.remove(breaker);
            if (gone != null) {
                Set<Meter> others = all.values().stream()
                        .flatMap(other -> other.values().stream())
                        .map(meter)
                        .collect(Collectors.toCollection(() -> Collections.newSetFromMap(new IdentityHashMap<>())));
                gone.values().stream()
                        .map(meter)
                        .filter(each -> !others.contains(each))
                        .forEach(meters::remove);
            }
        }

        /** Null if the breaker is gone: it is to be found no more before it is forgotten. */
        private <M> @Nullable M known(
                Map<String, Map<Tags, M>> all, String breaker, Tags tags, Function<Tags, M> maker) {
            lock.lock();
            try {
                return breakers.find(breaker) == null
                        ? null
                        : all.computeIfAbsent(breaker, name -> new HashMap<>()).computeIfAbsent(tags, maker);
            } finally {
                lock.unlock();
            }
        }

        private Counter counter(Tags tags) {
            return Counter.builder("trading.breaker.webhook")
                    .description("Transitions that the webhook was to be told of")
                    .tags(tags)
                    .register(meters);
        }

        private Took timer(Tags tags) {
            Figures figures = new Figures(new LongAdder(), new LongAdder());
            Meter meter = FunctionTimer.builder(
                            "trading.breaker.hook",
                            figures,
                            all -> all.count.sum(),
                            all -> all.nanos.sum(),
                            TimeUnit.NANOSECONDS)
                    .description("Calls of hooks when trading pauses and resumes")
                    .tags(tags)
                    .register(meters);
            return new Took(meter, figures);
        }
    }

    private record Took(Meter meter, Figures figures) {

        void add(HookRun run) {
            figures.count.increment();
            figures.nanos.add(run.took().toNanos());
        }
    }

    private record Figures(LongAdder count, LongAdder nanos) {}
}

package io.tradingbreaker.spring.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tradingbreaker.spring.desk.HookRun;
import io.tradingbreaker.spring.desk.PauseHooks;
import io.tradingbreaker.spring.webhook.WebhookNotifier;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Meters what is done on transitions: hooks and the webhook. A meter begins with its first result. Thread-safe. */
public final class DeskMeters implements MeterBinder {

    private final @Nullable PauseHooks hooks;
    private final @Nullable WebhookNotifier webhook;

    /**
     * @param hooks null if there are none
     * @param webhook null if there is none
     */
    public DeskMeters(@Nullable PauseHooks hooks, @Nullable WebhookNotifier webhook) {
        this.hooks = hooks;
        this.webhook = webhook;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        if (hooks != null) {
            Map<Tags, Took> known = new ConcurrentHashMap<>();
            hooks.onEnd(run -> known.computeIfAbsent(tags(run), tags -> timer(tags, meters))
                    .add(run));
        }
        if (webhook != null) {
            webhook.onResult((breaker, result) -> Counter.builder("trading.breaker.webhook")
                    .description("Transitions that the webhook was to be told of")
                    .tags("name", breaker, "result", result.code())
                    .register(meters)
                    .increment());
        }
    }

    private static Tags tags(HookRun run) {
        return Tags.of(
                "name",
                run.breaker(),
                "hook",
                run.hook(),
                "result",
                run.result().code());
    }

    private static Took timer(Tags tags, MeterRegistry meters) {
        Took took = new Took(new LongAdder(), new LongAdder());
        FunctionTimer.builder(
                        "trading.breaker.hook",
                        took,
                        all -> all.count.sum(),
                        all -> all.nanos.sum(),
                        TimeUnit.NANOSECONDS)
                .description("Calls of hooks when trading pauses and resumes")
                .tags(tags)
                .register(meters);
        return took;
    }

    /** Held by the map: a meter holds it weakly. */
    private record Took(LongAdder count, LongAdder nanos) {

        void add(HookRun run) {
            count.increment();
            nanos.add(run.took().toNanos());
        }
    }
}

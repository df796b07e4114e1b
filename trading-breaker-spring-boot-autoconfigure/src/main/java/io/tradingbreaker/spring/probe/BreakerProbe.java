package io.tradingbreaker.spring.probe;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.HealthChecker;
import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.RecoveryScheduler;
import io.tradingbreaker.spring.probe.Endpoint.Course;
import io.tradingbreaker.spring.probe.Finding.Verdict;
import io.tradingbreaker.spring.probe.ProbeSettings.Require;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The probe of one breaker: its endpoints, what they say together, and the looks in the background. Thread-safe. */
final class BreakerProbe implements HealthChecker {

    private static final Logger log = LoggerFactory.getLogger("io.tradingbreaker.spring");
    private static final long LOG_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long MOST_MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ProbeSettings settings;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final RecoveryScheduler scheduler;
    private final BreakerClock clock;
    private final @Nullable ProbeLatencies latencies;
    private final AtomicBoolean started = new AtomicBoolean();
    private final Object saying = new Object();
    private @Nullable Verdict said;
    private long saidAt;
    private long due;
    private volatile boolean closed;

    /** @param bestSlot the best slot known from elsewhere; negative if none is */
    BreakerProbe(
            OpenProbe probe,
            Supplier<ExecutorService> lanes,
            RecoveryScheduler scheduler,
            BreakerClock clock,
            LongUnaryOperator bestSlot) {
        settings = probe.settings();
        this.scheduler = scheduler;
        this.clock = clock;
        Duration interval = settings.interval();
        latencies = interval == null ? null : new ProbeLatencies(interval, clock.nanoTime());
        for (int i = 0; i < probe.looks().size(); i++) {
            endpoints.add(new Endpoint(
                    settings,
                    ProbeSettings.shown(settings.endpoints().get(i)),
                    probe.looks().get(i),
                    lanes.get(),
                    clock,
                    now -> Math.max(bestSlot.applyAsLong(now), bestOfEndpoints(now))));
        }
    }

    private long bestOfEndpoints(long now) {
        return endpoints.stream()
                .mapToLong(endpoint -> endpoint.slots.best(now))
                .max()
                .orElse(-1);
    }

    ProbeSettings settings() {
        return settings;
    }

    /** Begins to look in the background, where that is wanted. */
    void start() {
        if (settings.interval() != null && started.compareAndSet(false, true)) {
            due = clock.nanoTime();
            scheduler.after(Duration.ZERO, this::lookInBackground);
        }
    }

    private void lookInBackground() {
        Duration interval = settings.interval();
        ProbeLatencies measured = latencies;
        if (closed || interval == null || measured == null) {
            return;
        }
        try {
            for (Endpoint endpoint : endpoints) {
                endpoint.lookInBackground(measured, this::sayChange);
            }
        } finally {
            // Whatever failed: with no more looks, the last verdict would stand for good.
            long now = clock.nanoTime();
            due += interval.toNanos();
            long wait = Math.max(0, due - now);
            due = now + wait;
            scheduler.after(Duration.ofNanos(wait), this::lookInBackground);
        }
    }

    @Override
    public boolean supports(String breaker) {
        return settings.breaker().equals(breaker);
    }

    /** Takes fresh looks. */
    @Override
    public HealthStatus check() throws InterruptedException {
        long timeout = settings.timeout().get().toNanos();
        // So that what was seen is told before the breaker gives up.
        long end = System.nanoTime() + timeout - Math.min(MOST_MARGIN_NANOS, timeout / 5);
        BlockingQueue<Course> ended = new LinkedBlockingQueue<>();
        List<Future<?>> courses = new ArrayList<>();
        try {
            for (Endpoint endpoint : endpoints) {
                courses.add(endpoint.submit(() -> take(endpoint, end, ended)));
            }
            return decide(end, ended);
        } catch (RejectedExecutionException e) {
            return HealthStatus.unhealthy("the probe has been closed");
        } finally {
            courses.forEach(course -> course.cancel(true));
        }
    }

    private static void take(Endpoint endpoint, long end, BlockingQueue<Course> ended) {
        try {
            ended.add(endpoint.course(end));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HealthStatus decide(long end, BlockingQueue<Course> ended) throws InterruptedException {
        boolean needsAll = settings.require() == Require.ALL;
        List<Course> known = new ArrayList<>();
        while (known.size() < endpoints.size()) {
            Course course = ended.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (course == null) {
                return HealthStatus.unhealthy(missing(known));
            }
            known.add(course);
            if (course.isPassed() != needsAll) {
                return status(course.isPassed(), List.of(course));
            }
        }
        return status(needsAll, known);
    }

    private String missing(List<Course> known) {
        List<Endpoint> silent = new ArrayList<>(endpoints);
        known.forEach(course -> silent.remove(course.endpoint()));
        return silent.stream().map(endpoint -> endpoint.shown).collect(Collectors.joining(", "))
                + " no answer within probe.timeout";
    }

    private HealthStatus status(boolean isHealthy, List<Course> courses) {
        long slowest = courses.stream().mapToLong(Course::slowestNanos).max().orElse(0);
        String lines = isHealthy && courses.size() > 1
                ? courses.size() + " endpoints, the slowest " + ProbeText.millis(slowest)
                : courses.stream().map(Course::line).collect(Collectors.joining("; "));
        String details = lines + measured();
        return new HealthStatus(isHealthy, Duration.ofNanos(slowest), null, details);
    }

    private String measured() {
        ProbeLatencies.Figures figures = figures();
        return figures == null ? "" : "; " + figures;
    }

    /** Of the looks in the background, silence that goes on included; null without such looks. */
    ProbeLatencies.@Nullable Figures figures() {
        ProbeLatencies measured = latencies;
        Duration interval = settings.interval();
        if (measured == null || interval == null) {
            return null;
        }
        long now = clock.nanoTime();
        long[] silent = endpoints.stream()
                .mapToLong(endpoint -> endpoint.silentNanos(now))
                .filter(nanos -> nanos > interval.toNanos())
                .toArray();
        return measured.figures(silent, now);
    }

    /** What the looks in the background say, as a line; null without such looks. */
    @Nullable
    String background() {
        Verdict verdict = verdict();
        return latencies == null ? null : ProbeText.line(word(verdict) + measured() + "; " + latest(verdict));
    }

    /** Those that make the verdict first: the line is cut. */
    private String latest(Verdict verdict) {
        return endpoints.stream()
                .sorted(Comparator.comparing(endpoint -> endpoint.verdict() != verdict))
                .map(endpoint -> {
                    Finding found = endpoint.latest();
                    return endpoint.shown + " " + (found == null ? "not looked at yet" : found.details());
                })
                .collect(Collectors.joining("; "));
    }

    private Verdict verdict() {
        boolean needsAll = settings.require() == Require.ALL;
        Verdict decisive = needsAll ? Verdict.UNHEALTHY : Verdict.HEALTHY;
        List<Verdict> all = endpoints.stream().map(Endpoint::verdict).toList();
        if (all.contains(decisive)) {
            return decisive;
        }
        if (all.contains(Verdict.WAITING)) {
            return Verdict.WAITING;
        }
        return needsAll ? Verdict.HEALTHY : Verdict.UNHEALTHY;
    }

    /** Logs a change, at most one in ten seconds. */
    private void sayChange() {
        long now = clock.nanoTime();
        Verdict verdict = verdict();
        synchronized (saying) {
            if (closed || verdict == Verdict.WAITING || verdict == said) {
                return;
            }
            if (said != null && now - saidAt < LOG_PAUSE_NANOS) {
                return;
            }
            said = verdict;
            saidAt = now;
        }
        String line = ProbeText.line(latest(verdict));
        if (verdict == Verdict.HEALTHY) {
            log.info("The probe of breaker '{}' is healthy: {}", settings.breaker(), line);
        } else {
            log.warn("The probe of breaker '{}' is unhealthy: {}", settings.breaker(), line);
        }
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case HEALTHY -> "healthy";
            case UNHEALTHY -> "unhealthy";
            case WAITING -> "not known yet";
        };
    }

    void close() {
        closed = true;
        endpoints.forEach(Endpoint::close);
    }

    /** @param end by {@link System#nanoTime} */
    void awaitEnd(long end) throws InterruptedException {
        for (Endpoint endpoint : endpoints) {
            endpoint.awaitEnd(Math.max(0, end - System.nanoTime()));
        }
    }
}

package io.tradingbreaker.spring.probe;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.spring.probe.Finding.Verdict;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of a probe. All looks at it are taken on its lane, a thread of its own: one at a time, and one that hangs
 * holds up no other endpoint. Time is judged by the breakers' clock; real waits are measured in real time.
 */
final class Endpoint {

    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    final String shown;
    final SlotTrack slots;

    private final ProbeSettings settings;
    private final Secrets secrets;
    private final Look look;
    private final ExecutorService lane;
    private final BreakerClock clock;
    private final LongUnaryOperator bestSlot;
    /** Whether a look in the background waits for the lane or is under way. */
    private final AtomicBoolean isAsked = new AtomicBoolean();

    private volatile boolean isUnderWay;
    private volatile long lookBegan;
    private volatile @Nullable Future<?> background;
    private volatile @Nullable Finding latest;
    private volatile int healthyInRow;
    /** Since when the endpoint has been silent; null while it answers. */
    private volatile @Nullable Long silentSince;

    /** @param bestSlot the best slot that anybody knows at a time of the clock; negative if nobody knows one */
    Endpoint(
            ProbeSettings settings,
            String shown,
            Look look,
            ExecutorService lane,
            BreakerClock clock,
            LongUnaryOperator bestSlot) {
        this.settings = settings;
        secrets = new Secrets(settings);
        this.shown = shown;
        this.look = look;
        this.lane = lane;
        this.clock = clock;
        this.bestSlot = bestSlot;
        slots = new SlotTrack(settings.maxSlotAge());
    }

    Future<?> submit(Runnable work) {
        return lane.submit(work);
    }

    /** Whether the background looks so far make it healthy; WAITING where they do not tell yet. */
    Verdict verdict() {
        Finding found = latest;
        if (found == null) {
            return Verdict.WAITING;
        }
        return found.isHealthy() && healthyInRow < settings.requiredSuccesses() ? Verdict.WAITING : found.verdict();
    }

    @Nullable
    Finding latest() {
        return latest;
    }

    /** How long the endpoint has been silent, the look that is under way included; 0 while it answers. */
    long silentNanos(long now) {
        Long since = silentSince;
        if (since == null && isUnderWay) {
            since = lookBegan;
        }
        return since == null ? 0 : now - since;
    }

    /** Takes a look in the background, unless the last one is still under way. */
    void lookInBackground(ProbeLatencies latencies, Runnable afterwards) {
        if (!isAsked.compareAndSet(false, true)) {
            endOverdue(afterwards);
            return;
        }
        boolean isSubmitted = false;
        try {
            background = lane.submit(() -> {
                lookBegan = clock.nanoTime();
                isUnderWay = true;
                try {
                    measured(latencies);
                    afterwards.run();
                } finally {
                    isUnderWay = false;
                    isAsked.set(false);
                }
            });
            isSubmitted = true;
        } catch (RejectedExecutionException closed) {
            // No more looks.
        } finally {
            if (!isSubmitted) { // also where no thread could be made
                isAsked.set(false);
            }
        }
    }

    /** A look that heeds not even its timeout. One that only waits for the lane is left alone: it would never run. */
    private void endOverdue(Runnable afterwards) {
        Future<?> hanging = background;
        if (hanging == null || !isUnderWay) {
            return;
        }
        long began = lookBegan;
        long took = clock.nanoTime() - began;
        if (took > settings.requestTimeout().toNanos() + GRACE_NANOS && hanging.cancel(true)) {
            if (silentSince == null) {
                silentSince = began;
            }
            note(Finding.unanswered(took, "a look has not come back for " + ProbeText.millis(took)));
            afterwards.run();
        }
    }

    private void measured(ProbeLatencies latencies) {
        long began = clock.nanoTime();
        Finding found;
        try {
            found = look(settings.requestTimeout());
        } catch (InterruptedException e) {
            return;
        }
        long now = clock.nanoTime();
        Long silent = silentSince;
        if (found.answered()) {
            latencies.record(silent == null ? found.nanos() : now - silent, now);
            silentSince = null;
        } else if (silent == null) {
            silentSince = began;
        }
        note(found);
    }

    private void note(Finding found) {
        latest = found;
        healthyInRow = found.isHealthy() ? Math.min(healthyInRow + 1, settings.requiredSuccesses()) : 0;
    }

    /**
     * Looks until enough healthy looks in a row are there, or one is unhealthy, or time is up.
     *
     * @param end by {@link System#nanoTime}
     */
    Course course(long end) throws InterruptedException {
        int required = settings.requiredSuccesses();
        Duration pause = settings.pause();
        int inRow = 0;
        long slowest = 0;
        while (true) {
            long left = Math.max(1, end - System.nanoTime());
            Finding found = look(
                    Duration.ofNanos(Math.min(left, settings.requestTimeout().toNanos())));
            slowest = Math.max(slowest, found.nanos());
            inRow = found.isHealthy() ? inRow + 1 : 0;
            boolean isPassed = inRow >= required;
            if (isPassed || found.verdict() == Verdict.UNHEALTHY) {
                return new Course(this, isPassed, slowest, found.details());
            }
            if (end - System.nanoTime() <= pause.toNanos()) {
                String details = found.isHealthy()
                        ? "only " + inRow + " of " + required + " healthy looks within probe.timeout"
                        : found.details();
                return new Course(this, false, slowest, details);
            }
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        }
    }

    private Finding look(Duration timeout) throws InterruptedException {
        long began = clock.nanoTime();
        Sight sight;
        try {
            sight = Objects.requireNonNull(look.look(timeout), "no sight");
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | LinkageError | StackOverflowError e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return Finding.unanswered(clock.nanoTime() - began, ProbeText.failure(e, timeout));
        }
        Duration latency = sight.latency();
        long nanos = latency == null ? clock.nanoTime() - began : latency.toNanos();
        return judge(sight, nanos, began);
    }

    private Finding judge(Sight sight, long nanos, long began) {
        Long slot = sight.slot();
        // Cut afterwards: half a secret would not be found.
        String said = ProbeText.line(secrets.hide(sight.details()));
        boolean isPlausible = slot == null || (slot >= 0 && slots.see(slot, began));
        if (!sight.healthy()) {
            return new Finding(Verdict.UNHEALTHY, true, nanos, said);
        }
        long limit = settings.latencyLimit().get().toNanos();
        if (nanos > limit) {
            return unhealthy(nanos, "took " + ProbeText.millis(nanos) + ", the limit is " + ProbeText.millis(limit));
        }
        String took = ProbeText.millis(nanos);
        if (slot == null) {
            String details = said.isEmpty() ? took : took + ", " + said;
            return new Finding(Verdict.HEALTHY, true, nanos, details);
        }
        if (!isPlausible) {
            return unhealthy(nanos, "the slot leapt to " + slot);
        }
        long now = clock.nanoTime();
        long lag = Math.max(bestSlot.applyAsLong(now), slots.best(now)) - slot;
        if (lag > settings.maxSlotLag()) {
            return unhealthy(nanos, "slot " + slot + " is " + lag + " behind the best known");
        }
        if (slots.isFresh(now)) {
            return new Finding(Verdict.HEALTHY, true, nanos, took + ", slot " + slot);
        }
        long standing = slots.standsFor(now);
        String details = "slot " + slot + " has not advanced for " + ProbeText.millis(standing);
        boolean isOver = standing > settings.maxSlotAge().toNanos();
        return new Finding(isOver ? Verdict.UNHEALTHY : Verdict.WAITING, true, nanos, details);
    }

    private static Finding unhealthy(long nanos, String details) {
        return new Finding(Verdict.UNHEALTHY, true, nanos, details);
    }

    void close() {
        lane.shutdownNow();
        look.close();
    }

    /** Waits for the lane to end after {@link #close}. */
    void awaitEnd(long nanos) throws InterruptedException {
        if (!lane.awaitTermination(nanos, TimeUnit.NANOSECONDS)) {
            // A look that heeds neither its timeout nor an interrupt; its thread is a daemon.
            lane.shutdownNow();
        }
    }

    /** What a course of looks came to. */
    record Course(Endpoint endpoint, boolean isPassed, long slowestNanos, String details) {

        String line() {
            return endpoint.shown + " " + details;
        }
    }
}

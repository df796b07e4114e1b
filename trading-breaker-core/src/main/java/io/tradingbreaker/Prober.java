package io.tradingbreaker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the health checkers of one breaker, never twice at once, and answers each question once: with their verdict, or
 * badly when they are late or a watched stream is silent. A check that is late is interrupted; the next question waits
 * until it has returned, within its own time. Thread-safe.
 */
final class Prober {

    private static final Logger log = LoggerFactory.getLogger(Prober.class);

    private final StateMachine machine;
    private final Supplier<? extends List<? extends HealthChecker>> candidates;
    private final AtomicReference<@Nullable Question> waiting = new AtomicReference<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final LongAdder[] counts = {new LongAdder(), new LongAdder()};
    private final LongAdder[] nanos = {new LongAdder(), new LongAdder()};
    private volatile BreakerSnapshot.@Nullable Probe last;
    private volatile @Nullable List<HealthChecker> known;

    Prober(StateMachine machine, Supplier<? extends List<? extends HealthChecker>> candidates) {
        this.machine = machine;
        this.candidates = candidates;
    }

    boolean isAbsent() {
        return checkers().isEmpty();
    }

    private List<HealthChecker> checkers() {
        List<HealthChecker> found = known;
        if (found == null) {
            try {
                found = candidates.get().stream()
                        .filter(this::speaksForThisBreaker)
                        .map(HealthChecker.class::cast)
                        .toList();
            } catch (RuntimeException | Error e) {
                log.error("The health checkers of breaker '{}' could not be looked up", machine.name, e);
                return List.of(
                        () -> HealthStatus.unhealthy("the health checkers could not be looked up: " + Text.of(e)));
            }
            known = found;
        }
        return found;
    }

    private boolean speaksForThisBreaker(HealthChecker checker) {
        try {
            return checker.supports(machine.name);
        } catch (RuntimeException | Error e) {
            log.error("A health checker is asked for breaker '{}', as it could not say otherwise", machine.name, e);
            return true;
        }
    }

    BreakerSnapshot.@Nullable Probe last() {
        return last;
    }

    /** The verdict of the watched streams where there is no checker to ask: null unless one is silent. */
    BreakerSnapshot.@Nullable Probe silence() {
        WatchedStreams.Silence silence = machine.silence();
        if (silence == null) {
            return null;
        }
        BreakerSnapshot.Probe probe =
                new BreakerSnapshot.Probe(false, null, silence.toString(), machine.clock.instant());
        keep(probe, 0);
        return probe;
    }

    private void keep(BreakerSnapshot.Probe probe, long tookNanos) {
        last = probe;
        int i = probe.healthy() ? 1 : 0;
        counts[i].increment();
        nanos[i].add(tookNanos);
    }

    Tally tally(boolean healthy) {
        int i = healthy ? 1 : 0;
        return Nanos.tally(counts[i].sum(), nanos[i].sum());
    }

    /**
     * Asks for the phase of that timer; the answer comes on another thread, and again later should its work fail. Replaces
     * a question that is still waiting, unless it is a later phase's.
     */
    void ask(PhaseTimer asker, Consumer<BreakerSnapshot.Probe> answer) {
        Question question = new Question(asker, answer);
        question.deadline = machine.scheduler.after(machine.config().probeTimeout(), question::overdue);
        for (; ; ) {
            Question before = waiting.get();
            if (!asker.isOn()) {
                question.drop();
                return;
            }
            if (waiting.compareAndSet(before, question)) {
                if (before != null) {
                    before.drop();
                }
                askNext();
                return;
            }
        }
    }

    private void askNext() {
        while (waiting.get() != null && busy.compareAndSet(false, true)) {
            Question question = waiting.getAndSet(null);
            if (question != null && question.stage.compareAndSet(Stage.WAITING, Stage.SUBMITTED)) {
                question.submit();
                return;
            }
            busy.set(false);
        }
    }

    private void askedAndReturned() {
        busy.set(false);
        askNext();
    }

    private enum Stage {
        WAITING,
        SUBMITTED,
        RUNNING,
        ANSWERED
    }

    private final class Question {

        private final PhaseTimer asker;
        private final Consumer<BreakerSnapshot.Probe> answer;
        private final long asked = machine.clock.nanoTime();
        private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
        private volatile RecoveryScheduler.Task deadline = () -> {};
        private volatile RecoveryScheduler.Task task = () -> {};
        // Made beforehand, so that it can be done again when memory was short.
        private final Runnable conclusion = this::conclude;
        // Null: none in time.
        private volatile @Nullable HealthStatus status;
        private volatile BreakerSnapshot.@Nullable Probe verdict;

        Question(PhaseTimer asker, Consumer<BreakerSnapshot.Probe> answer) {
            this.asker = asker;
            this.answer = answer;
        }

        void submit() {
            try {
                task = machine.scheduler.probe(this::run);
            } catch (RuntimeException | Error e) {
                overdue();
                return;
            }
            if (stage.get() == Stage.ANSWERED) {
                machine.cancel(task); // it was overdue before it could be interrupted
            }
        }

        /** Of a phase that is over: nobody waits for the answer. */
        void drop() {
            stage.set(Stage.ANSWERED);
            machine.cancel(deadline);
        }

        void run() {
            if (!stage.compareAndSet(Stage.SUBMITTED, Stage.RUNNING)) {
                return;
            }
            HealthStatus found = null;
            try {
                found = check();
            } finally {
                returned(found);
            }
        }

        private HealthStatus check() {
            try {
                return askAll();
            } catch (Throwable e) {
                return HealthStatus.unhealthy("the health check failed: " + Text.of(e));
            }
        }

        private void returned(@Nullable HealthStatus found) {
            boolean isInTime = stage.compareAndSet(Stage.RUNNING, Stage.ANSWERED);
            try {
                askedAndReturned();
            } finally {
                if (isInTime) {
                    status = found;
                    asker.orLater(conclusion);
                    machine.cancel(deadline);
                }
            }
        }

        private HealthStatus askAll() throws Exception {
            HealthStatus status = HealthStatus.unhealthy("no health checker");
            for (HealthChecker checker : checkers()) {
                long began = machine.clock.nanoTime();
                status = Objects.requireNonNull(checker.check(), "the health checker returned null");
                if (status.latency() == null) {
                    Duration took = Duration.ofNanos(machine.clock.nanoTime() - began);
                    status = new HealthStatus(status.healthy(), took, status.errorRate(), status.details());
                }
                if (!isFit(status)) {
                    return status;
                }
            }
            return status;
        }

        void overdue() {
            Stage was = stage.getAndSet(Stage.ANSWERED);
            if (was == Stage.ANSWERED) {
                return;
            }
            try {
                machine.cancel(task);
            } finally {
                try {
                    if (was == Stage.SUBMITTED) {
                        askedAndReturned();
                    }
                } finally {
                    asker.orLater(conclusion);
                }
            }
        }

        private HealthStatus late() {
            return HealthStatus.unhealthy("no answer within probe.timeout ("
                    + Text.duration(machine.config().probeTimeout()) + ")");
        }

        private void conclude() {
            answer.accept(verdict());
        }

        private BreakerSnapshot.Probe verdict() {
            BreakerSnapshot.Probe known = verdict;
            if (known != null) {
                return known;
            }
            HealthStatus answered = this.status;
            HealthStatus status = answered == null ? late() : answered;
            boolean isFit = isFit(status);
            WatchedStreams.Silence silence = isFit ? machine.silence() : null;
            String details = Text.oneLine(status.details());
            if (silence != null) {
                details = silence.toString();
            } else if (status.healthy() && !isFit) {
                details = "healthy, but slower than latency-threshold ("
                        + Text.duration(machine.config().latencyThreshold()) + "): " + details;
            }
            long took = machine.clock.nanoTime() - asked;
            BreakerSnapshot.Probe probe = new BreakerSnapshot.Probe(
                    isFit && silence == null, status.latency(), details, machine.clock.instant());
            verdict = probe;
            keep(probe, took);
            return probe;
        }

        private boolean isFit(HealthStatus status) {
            Duration latency = status.latency();
            return status.healthy()
                    && (latency == null || latency.compareTo(machine.config().latencyThreshold()) <= 0);
        }
    }
}

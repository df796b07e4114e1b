package io.tradingbreaker;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/** Virtual time whose threads run out once, and which may act in the midst of a transition. */
final class FlakyScheduler implements RecoveryScheduler {

    final ManualScheduler time = new ManualScheduler();
    /** Timers and health checks that have neither begun nor been cancelled. */
    final Set<Object> pending = new HashSet<>();

    boolean failsToPublish;
    boolean failsToSchedule;
    boolean failsToProbe;
    boolean failsToCancel;
    Runnable whilePublishing = () -> {};
    Runnable whileScheduling = () -> {};

    @Override
    public Task after(Duration delay, Runnable timer) {
        Runnable once = whileScheduling;
        whileScheduling = () -> {};
        once.run();
        if (failsToSchedule) {
            failsToSchedule = false;
            throw new InternalError("unable to create native thread");
        }
        return pending(timer, work -> time.after(delay, work));
    }

    @Override
    public Task every(Duration interval, Runnable stallCheck) {
        return time.every(interval, stallCheck);
    }

    @Override
    public Task probe(Runnable check) {
        if (failsToProbe) {
            failsToProbe = false;
            throw new InternalError("unable to create native thread");
        }
        return pending(check, time::probe);
    }

    @Override
    public void publish(Runnable listeners) {
        Runnable once = whilePublishing;
        whilePublishing = () -> {};
        once.run();
        if (failsToPublish) {
            failsToPublish = false;
            throw new InternalError("unable to create native thread");
        }
        time.publish(listeners);
    }

    @Override
    public void close() {
        time.close();
    }

    private Task pending(Runnable work, Function<Runnable, Task> schedule) {
        Object mark = new Object();
        pending.add(mark);
        Task task = schedule.apply(() -> {
            pending.remove(mark);
            work.run();
        });
        return () -> {
            pending.remove(mark);
            task.cancel();
            if (failsToCancel) {
                throw new IllegalStateException("cannot cancel");
            }
        };
    }
}

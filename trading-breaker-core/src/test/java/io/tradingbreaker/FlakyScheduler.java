package io.tradingbreaker;

import io.tradingbreaker.test.ManualScheduler;
import java.time.Duration;

/** Virtual time whose threads run out once, and which may act in the midst of a transition. */
final class FlakyScheduler implements RecoveryScheduler {

    final ManualScheduler time = new ManualScheduler();
    boolean failsToPublish;
    boolean failsToSchedule;
    boolean failsToProbe;
    boolean failsToCancel;
    Runnable whilePublishing = () -> {};

    @Override
    public Task after(Duration delay, Runnable timer) {
        if (failsToSchedule) {
            failsToSchedule = false;
            throw new InternalError("unable to create native thread");
        }
        return cancelling(time.after(delay, timer));
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
        return cancelling(time.probe(check));
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

    private Task cancelling(Task task) {
        return () -> {
            task.cancel();
            if (failsToCancel) {
                throw new IllegalStateException("cannot cancel");
            }
        };
    }
}

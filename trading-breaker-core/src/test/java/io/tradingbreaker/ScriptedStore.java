package io.tradingbreaker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A store in memory that fails, hangs and is written to by others when a test says so. */
final class ScriptedStore implements SwitchStore {

    final AtomicReference<SwitchPositions> document = new AtomicReference<>(SwitchPositions.NONE);
    final List<Change> changes = new CopyOnWriteArrayList<>();
    final AtomicInteger writes = new AtomicInteger();
    volatile String broken = "";
    volatile boolean isShared = true;
    volatile boolean isClosed;
    volatile Runnable beforeWrite = () -> {};
    volatile Runnable afterWrite = () -> {};
    volatile Duration timeout = Duration.ofSeconds(20);
    private volatile CountDownLatch hanging = new CountDownLatch(0);
    private volatile CountDownLatch arrived = new CountDownLatch(1);

    /** Makes the next call hang. */
    void hang() {
        arrived = new CountDownLatch(1);
        hanging = new CountDownLatch(1);
    }

    void awaitHanging() throws InterruptedException {
        if (!arrived.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody came");
        }
    }

    void goOn() {
        hanging.countDown();
    }

    /** As another process would. */
    void write(String breaker, BreakerState state, String actor) {
        SwitchPositions now = document.get();
        SwitchPositions.Position position =
                new SwitchPositions.Position(state, "elsewhere", actor, java.time.Instant.EPOCH);
        document.set(
                now.after(List.of(new Change(Rule.HALT, breaker, position))).at(now.version() + 1));
    }

    @Override
    public SwitchPositions read() {
        work();
        return SwitchPositions.parse(document.get().toText());
    }

    @Override
    public boolean replace(SwitchPositions expected, SwitchPositions next, List<Change> changed) {
        work();
        beforeWrite.run();
        if (next.version() <= expected.version()) {
            throw new AssertionError("the version does not grow");
        }
        if (document.get().version() != expected.version()) {
            return false;
        }
        document.set(next);
        writes.incrementAndGet();
        changes.addAll(changed);
        afterWrite.run();
        return true;
    }

    private void work() {
        arrived.countDown();
        try {
            if (!hanging.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let it go on");
            }
        } catch (InterruptedException e) {
            throw new SwitchStoreException("interrupted", e);
        }
        if (!broken.isEmpty()) {
            throw new SwitchStoreException(broken);
        }
    }

    @Override
    public boolean isShared() {
        return isShared;
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public void close() {
        isClosed = true;
    }
}

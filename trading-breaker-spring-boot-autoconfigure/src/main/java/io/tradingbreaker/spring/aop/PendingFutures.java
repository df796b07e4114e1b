package io.tradingbreaker.spring.aop;

import io.tradingbreaker.Permit;
import java.time.Duration;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the permits of calls that returned plain futures, which tell nobody when they are done: one thread asks each of
 * them every millisecond, or every 2 ms where more than 10,000 are pending, and so on. It starts with the first future and ends
 * when there was none for a while. A permit that was given up takes its future off the list. Thread-safe.
 *
 * <p>What is asked is code of others. What it throws is how the call ended. While it hangs, the futures behind it
 * wait, until one more is added after a second: then another thread takes over and leaves out the one that hangs. With
 * {@value #MOST_HUNG} threads hung none takes over any more, and permits end at their {@code permit-timeout}.
 */
final class PendingFutures implements AutoCloseable {

    static final int MOST_HUNG = 8;

    private static final Logger log = LoggerFactory.getLogger(PendingFutures.class);
    private static final long LOOK_NANOS = 1_000_000;
    private static final int PER_LOOK = 10_000;
    private static final long HUNG_NANOS = 1_000_000_000L;

    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    /** Guards the changes of who watches. */
    private final Object lock = new Object();

    private volatile @Nullable Watcher watcher;
    private final long idleNanos;
    private int hung;
    private volatile boolean isClosed;

    /** @param idle how long the thread waits for one more future */
    PendingFutures(Duration idle) {
        idleNanos = idle.toNanos();
    }

    /**
     * The permit ends when the future is done; at once if it is. Throws nothing that the future does.
     *
     * @param ticket ends with it; null if there is none
     */
    void add(Future<?> future, Permit permit, Reductions.@Nullable Ticket ticket) {
        Call call = new Call(future, permit, ticket);
        // A future may clear the interrupt of who asks for its result.
        if (!Thread.currentThread().isInterrupted() && call.hasEnded()) {
            return;
        }
        if (isClosed) {
            return;
        }
        calls.add(call);
        Watcher current = watcher;
        if (current == null || current.isHung()) {
            relieve();
        } else {
            current.wake();
        }
    }

    /** Pending permits are left as they are; the thread ends. */
    @Override
    public void close() {
        Watcher last;
        synchronized (lock) {
            last = watcher;
            isClosed = true;
            watcher = null;
            calls.clear();
        }
        if (last != null) {
            LockSupport.unpark(last.thread);
        }
    }

    private void relieve() {
        boolean isTakeover;
        synchronized (lock) {
            Watcher last = watcher;
            isTakeover = last != null;
            if (isClosed || (last != null && !(last.isHung() && hung < MOST_HUNG))) {
                return;
            }
            if (last != null) {
                hung++;
                last.leaveOut(calls);
            }
            Watcher next = new Watcher();
            watcher = next;
            try {
                next.thread.start();
            } catch (Throwable e) { // no more threads: the next future tries again, and this call must return
                watcher = null;
                log.warn("Pending futures are not looked at, as no thread can be started", e);
            }
        }
        if (isTakeover) {
            log.warn("A future has not said for a second whether it is done; another thread looks at the others");
        }
    }

    /** @param future asked on whatever thread */
    private record Call(Future<?> future, Permit permit, Reductions.@Nullable Ticket ticket) {

        /** A future's own idea of equality is code of others. */
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        /** Whether nothing is left to be done, the permit being ended. */
        boolean hasEnded() {
            if (!permit.isPending() && (ticket == null || ticket.isLost())) {
                return true;
            }
            Object result = null;
            Throwable error = null;
            try {
                if (!future.isDone()) {
                    return false;
                }
                result = future.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (Throwable e) {
                error = e;
            }
            permit.complete(result, error);
            if (ticket != null) {
                ticket.run();
            }
            return true;
        }
    }

    private final class Watcher implements Runnable {

        final Thread thread = new Thread(null, this, "trading-breaker-futures", 0, false);
        private final AtomicReference<@Nullable Call> asked = new AtomicReference<>();
        private @Nullable Call leftOut;
        private boolean isRelieved;
        private volatile long movedAt = System.nanoTime();
        private volatile boolean isIdle;

        Watcher() {
            thread.setDaemon(true);
        }

        @Override
        public void run() {
            while (watcher == this) {
                movedAt = System.nanoTime();
                int left = look();
                if (left > 0) {
                    LockSupport.parkNanos(LOOK_NANOS * (1 + left / PER_LOOK));
                } else if (watcher == this && !awaitNext() && hasRetired()) {
                    return;
                }
            }
            synchronized (lock) {
                if (isRelieved) {
                    hung--;
                }
                Call mine = leftOut;
                if (mine != null && !isClosed) {
                    calls.add(mine);
                }
            }
        }

        /** Returns how many are pending. */
        private int look() {
            int left = 0;
            Iterator<Call> all = calls.iterator();
            while (all.hasNext() && watcher == this) {
                Call call = all.next();
                asked.setRelease(call);
                Thread.interrupted(); // left by the one before
                if (hasEnded(call)) {
                    all.remove();
                    movedAt = System.nanoTime();
                } else {
                    left++;
                }
            }
            asked.setRelease(null);
            return left;
        }

        private static boolean hasEnded(Call call) {
            try {
                return call.hasEnded();
            } catch (Throwable e) {
                log.error("A guarded call could not be ended", e);
                return true;
            }
        }

        private boolean awaitNext() {
            isIdle = true;
            if (calls.isEmpty()) {
                LockSupport.parkNanos(idleNanos);
            }
            isIdle = false;
            return !calls.isEmpty();
        }

        private boolean hasRetired() {
            synchronized (lock) {
                if (watcher != this) {
                    return false;
                }
                watcher = null;
                // Who adds meanwhile sees this one, and then it sees what was added; or none, and starts another.
                if (calls.isEmpty()) {
                    return true;
                }
                watcher = this;
                return false;
            }
        }

        void wake() {
            if (isIdle) {
                LockSupport.unpark(thread);
            }
        }

        boolean isHung() {
            return asked.getAcquire() != null && System.nanoTime() - movedAt > HUNG_NANOS;
        }

        /** Another takes over; when what is asked has answered, this one puts it back and ends. */
        void leaveOut(Queue<Call> from) {
            Call call = asked.getAcquire();
            if (call != null) {
                from.remove(call);
            }
            leftOut = call;
            isRelieved = true;
        }
    }
}

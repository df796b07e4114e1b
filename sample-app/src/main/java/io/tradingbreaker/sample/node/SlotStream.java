package io.tradingbreaker.sample.node;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.tradingbreaker.sample.geyser.CommitmentLevel;
import io.tradingbreaker.sample.geyser.GeyserGrpc;
import io.tradingbreaker.sample.geyser.SubscribeRequest;
import io.tradingbreaker.sample.geyser.SubscribeRequestFilterSlots;
import io.tradingbreaker.sample.geyser.SubscribeRequestPing;
import io.tradingbreaker.sample.geyser.SubscribeUpdate;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a node's processed slots over gRPC, and asks for the stream anew whenever it ends, whichever way, or shows no slot
 * for too long. Thread-safe; it subscribes and sends on one thread of its own.
 */
public final class SlotStream implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SlotStream.class);
    private static final int CHECK_MILLIS = 100;
    private static final SubscribeRequest SLOTS = SubscribeRequest.newBuilder()
            .putSlots(
                    "slots",
                    SubscribeRequestFilterSlots.newBuilder()
                            .setFilterByCommitment(true)
                            .build())
            .setCommitment(CommitmentLevel.PROCESSED)
            .build();
    private static final SubscribeRequest PING = SubscribeRequest.newBuilder()
            .setPing(SubscribeRequestPing.newBuilder().setId(1))
            .build();

    private final @Nullable GeyserChannel node;
    private final long timeoutNanos;
    private final LongSupplier nanoTime;
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
    private final AtomicLong subscriptions = new AtomicLong();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "slot-stream");
        made.setDaemon(true);
        return made;
    });
    private volatile @Nullable Seen seen;
    private @Nullable Subscription current;

    /**
     * Subscribes soon after.
     *
     * @param node closed with this; null: there is no stream
     * @param timeout the longest time without a slot
     */
    SlotStream(@Nullable GeyserChannel node, Duration timeout) {
        this(node, timeout, System::nanoTime);
    }

    SlotStream(@Nullable GeyserChannel node, Duration timeout, LongSupplier nanoTime) {
        this.node = node;
        timeoutNanos = timeout.toNanos();
        this.nanoTime = nanoTime;
        if (node != null) {
            thread.execute(() -> subscribe(node));
            var unused = thread.scheduleWithFixedDelay(
                    this::checkSilence, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The last slot and its age; null if there is no stream. */
    public @Nullable Status status() {
        if (node == null) {
            return null;
        }
        Seen last = seen;
        return last == null
                ? new Status(null, null, subscriptions.get())
                : new Status(last.slot, (nanoTime.getAsLong() - last.at) / 1_000_000, subscriptions.get());
    }

    @Override
    public void close() {
        thread.shutdownNow();
        if (node != null) {
            node.close();
        }
    }

    // ---- on the thread ----

    private void subscribe(GeyserChannel channel) {
        subscriptions.incrementAndGet();
        Subscription next = new Subscription();
        current = next;
        try {
            // Else the channel itself would wait for up to 2 minutes after failures.
            channel.connectNow();
            StreamObserver<SubscribeRequest> requests =
                    GeyserGrpc.newStub(channel.calls()).subscribe(next);
            requests.onNext(SLOTS);
            // Its pong is the stream's first message, and so the end of the call that a breaker times: the first slot
            // may
            // be a whole slot away.
            requests.onNext(PING);
        } catch (RuntimeException e) {
            subscribeAnew(next, "could not be asked for: " + e);
        }
    }

    private void checkSilence() {
        Subscription subscription = current;
        if (subscription != null && nanoTime.getAsLong() - subscription.heardAt > timeoutNanos) {
            subscribeAnew(subscription, "shows no slot");
            subscription.cancel();
        }
    }

    private void subscribeAnew(Subscription old, String why) {
        GeyserChannel channel = node;
        if (current != old || channel == null) {
            return;
        }
        current = null;
        Duration wait = backoff.next();
        log.info("The slot stream {}; it is asked for again in {} ms", why, wait.toMillis());
        var unused = thread.schedule(() -> subscribe(channel), wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void onThread(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException e) {
            // Closed.
        }
    }

    /** One stream, whose signals come on gRPC's threads. */
    private final class Subscription implements ClientResponseObserver<SubscribeRequest, SubscribeUpdate> {

        private volatile @Nullable ClientCallStreamObserver<SubscribeRequest> requests;
        private volatile long heardAt = nanoTime.getAsLong();

        @Override
        public void beforeStart(ClientCallStreamObserver<SubscribeRequest> call) {
            requests = call;
        }

        @Override
        public void onNext(SubscribeUpdate update) {
            if (update.hasSlot()) {
                long now = nanoTime.getAsLong();
                heardAt = now;
                seen = new Seen(update.getSlot().getSlot(), now);
                backoff.reset();
            } else if (update.hasPing()) {
                // Proxies close streams on which the client says nothing.
                onThread(() -> send(PING));
            }
        }

        @Override
        public void onError(Throwable error) {
            onThread(() -> subscribeAnew(this, "ended: " + error.getMessage()));
        }

        @Override
        public void onCompleted() {
            onThread(() -> subscribeAnew(this, "was completed by the node"));
        }

        private void send(SubscribeRequest request) {
            ClientCallStreamObserver<SubscribeRequest> call = requests;
            if (call != null && current == this) {
                call.onNext(request);
            }
        }

        private void cancel() {
            ClientCallStreamObserver<SubscribeRequest> call = requests;
            if (call != null) {
                call.cancel("no slot for too long", null);
            }
        }
    }

    /**
     * What the stream has shown.
     *
     * @param slot the last one; null while there was none
     * @param ageMillis how long ago that came
     * @param subscriptions how often the stream was asked for
     */
    public record Status(@Nullable Long slot, @Nullable Long ageMillis, long subscriptions) {}

    private record Seen(long slot, long at) {}
}

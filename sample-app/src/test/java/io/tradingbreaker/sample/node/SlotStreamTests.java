package io.tradingbreaker.sample.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.sample.geyser.GeyserGrpc;
import io.tradingbreaker.sample.geyser.SubscribeRequest;
import io.tradingbreaker.sample.geyser.SubscribeUpdate;
import io.tradingbreaker.sample.geyser.SubscribeUpdatePing;
import io.tradingbreaker.sample.geyser.SubscribeUpdateSlot;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The slot stream against a server that says only what the test says. */
class SlotStreamTests {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final AtomicLong reference = new AtomicLong(-1);
    private final AtomicLong nanos = new AtomicLong();
    private Server server;
    private SlotStream stream;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new GeyserGrpc.GeyserImplBase() {
                    @Override
                    public StreamObserver<SubscribeRequest> subscribe(StreamObserver<SubscribeUpdate> updates) {
                        Subscriber subscriber = new Subscriber(updates);
                        subscribers.add(subscriber);
                        return subscriber;
                    }
                })
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        if (stream != null) {
            stream.close();
        }
        server.shutdownNow();
    }

    @Test
    void subscribes_withAPingAndAFilterForProcessedSlots() {
        open(Duration.ofMinutes(1));
        Subscriber first = subscriber(0);
        await().atMost(SOON).until(() -> first.requests.size() == 2);
        assertThat(first.requests.get(0).getSlotsMap()).hasSize(1);
        assertThat(first.requests.get(0).hasCommitment()).isTrue();
        assertThat(first.requests.get(1).hasPing()).isTrue();

        first.updates.onNext(SubscribeUpdate.newBuilder()
                .setPing(SubscribeUpdatePing.getDefaultInstance())
                .build());
        await().atMost(SOON).until(() -> first.requests.size() == 3);
        assertThat(first.requests.get(2).hasPing()).isTrue();

        first.slot(100);
        await().atMost(SOON).until(() -> stream.status().slot() != null);
        assertThat(stream.status().slot()).isEqualTo(100);
        assertThat(stream.status().ageMillis()).isZero();
        advance(Duration.ofMillis(1_500));
        assertThat(stream.status().ageMillis()).isEqualTo(1_500);
    }

    @Test
    void endedStreams_areSubscribedToAgain() {
        open(Duration.ofMinutes(1));
        subscriber(0).slot(100);
        subscriber(0).updates.onError(Status.INTERNAL.asRuntimeException());
        subscriber(1).updates.onCompleted();
        subscriber(2).updates.onError(Status.UNAVAILABLE.asRuntimeException());
        subscriber(3).slot(101);
        await().atMost(SOON)
                .until(() -> Long.valueOf(101).equals(stream.status().slot()));
        assertThat(stream.status().subscriptions()).isEqualTo(4);
    }

    @Test
    void silentStream_isCancelledAndSubscribedToAgain() {
        open(Duration.ofSeconds(1));
        Subscriber first = subscriber(0);
        first.slot(100);
        await().atMost(SOON).until(() -> stream.status().slot() != null);
        advance(Duration.ofSeconds(1));
        // Messages that are no slots do not help.
        first.updates.onNext(SubscribeUpdate.newBuilder()
                .setPing(SubscribeUpdatePing.getDefaultInstance())
                .build());
        await().atMost(SOON).until(() -> first.requests.size() == 3);
        assertThat(first.isCancelled).isFalse();
        advance(Duration.ofNanos(1));
        await().atMost(SOON).untilTrue(first.isCancelled);
        subscriber(1).slot(101);
        await().atMost(SOON)
                .until(() -> Long.valueOf(101).equals(stream.status().slot()));
    }

    @Test
    void health_wantsFreshSlotsThatAreNotBehind() throws Exception {
        open(Duration.ofMinutes(1));
        StreamedSlot slot = new StreamedSlot(stream, reference::get, 10);
        assertThat(slot.check()).returns(false, HealthStatus::healthy);
        assertThat(slot.newestSlot()).isNegative();

        subscriber(0).slot(100);
        await().atMost(SOON).until(() -> slot.newestSlot() == 100);
        reference.set(110);
        assertThat(slot.check()).returns(true, HealthStatus::healthy);
        reference.set(111);
        assertThat(slot.check().details()).isEqualTo("the streamed slot 100 is 11 behind the best known");

        reference.set(100);
        advance(Duration.ofSeconds(2));
        assertThat(slot.check()).returns(true, HealthStatus::healthy);
        advance(Duration.ofMillis(1));
        assertThat(slot.check().healthy()).isFalse();
        assertThat(slot.check().details()).isEqualTo("the slot stream has shown nothing since slot 100, 2001 ms ago");
        assertThat(slot.newestSlot()).isNegative();
    }

    @Test
    void withoutNode_isHealthyAndShowsNothing() {
        stream = new SlotStream(null, Duration.ofSeconds(1));
        assertThat(stream.status()).isNull();
        assertThat(new StreamedSlot(stream, reference::get, 10).check().healthy())
                .isTrue();
    }

    @Test
    void backoff_doublesWithJitterUpToItsLimit() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
        List<Duration> waits =
                IntStream.range(0, 6).mapToObj(i -> backoff.next()).toList();
        long[] most = {100, 200, 400, 800, 1_000, 1_000};
        for (int i = 0; i < most.length; i++) {
            assertThat(waits.get(i).toMillis()).isBetween(most[i] / 2, most[i]);
        }
        backoff.reset();
        assertThat(backoff.next().toMillis()).isBetween(50L, 100L);
    }

    private void open(Duration timeout) {
        URI url = URI.create("http://127.0.0.1:" + server.getPort());
        stream = new SlotStream(GeyserChannel.to(url, "", List.of()), timeout, nanos::get);
    }

    private void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Subscriber subscriber(int number) {
        await().atMost(SOON).until(() -> subscribers.size() > number);
        return subscribers.get(number);
    }

    private static final class Subscriber implements StreamObserver<SubscribeRequest> {

        final StreamObserver<SubscribeUpdate> updates;
        final List<SubscribeRequest> requests = new CopyOnWriteArrayList<>();
        final AtomicBoolean isCancelled = new AtomicBoolean();

        Subscriber(StreamObserver<SubscribeUpdate> updates) {
            this.updates = updates;
        }

        void slot(long slot) {
            updates.onNext(SubscribeUpdate.newBuilder()
                    .setSlot(SubscribeUpdateSlot.newBuilder().setSlot(slot))
                    .build());
        }

        @Override
        public void onNext(SubscribeRequest request) {
            requests.add(request);
        }

        @Override
        public void onError(Throwable error) {
            isCancelled.set(true);
        }

        @Override
        public void onCompleted() {}
    }
}

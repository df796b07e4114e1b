package io.tradingbreaker.sample.simulator;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tradingbreaker.sample.geyser.CommitmentLevel;
import io.tradingbreaker.sample.geyser.GetSlotRequest;
import io.tradingbreaker.sample.geyser.GetSlotResponse;
import io.tradingbreaker.sample.geyser.GetVersionRequest;
import io.tradingbreaker.sample.geyser.GetVersionResponse;
import io.tradingbreaker.sample.geyser.GeyserGrpc;
import io.tradingbreaker.sample.geyser.PingRequest;
import io.tradingbreaker.sample.geyser.PongResponse;
import io.tradingbreaker.sample.geyser.SubscribeRequest;
import io.tradingbreaker.sample.geyser.SubscribeUpdate;
import io.tradingbreaker.sample.geyser.SubscribeUpdatePing;
import io.tradingbreaker.sample.geyser.SubscribeUpdatePong;
import io.tradingbreaker.sample.geyser.SubscribeUpdateSlot;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The chain's slots, as they come and when asked for. Thread-safe; all updates are sent on one thread. */
final class GeyserService extends GeyserGrpc.GeyserImplBase implements AutoCloseable {

    private static final String VERSION = "1.0.0";
    private static final int LAG = 40;
    private static final int MOST_STREAMS = 1_000;
    private static final int TICK_MILLIS = 20;
    private static final int PING_MILLIS = 5_000;

    private final SlotClock chain;
    private final AtomicLong calls = new AtomicLong();
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "simulator-geyser");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Scenario scenario = Scenario.NORMAL;
    private long lastSent;

    GeyserService(SlotClock chain) {
        this.chain = chain;
        var unusedSlots = sender.scheduleAtFixedRate(this::sendSlot, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        var unusedPings = sender.scheduleAtFixedRate(this::sendPings, PING_MILLIS, PING_MILLIS, TimeUnit.MILLISECONDS);
    }

    void play(Scenario next) {
        scenario = next;
    }

    /** Ends all streams. */
    void end(Status status) {
        streams.forEach(stream -> onSender(() -> stream.end(status)));
    }

    EndpointStatus status() {
        return new EndpointStatus(scenario.code(), slot(), calls.get(), 0);
    }

    @Override
    public void getSlot(GetSlotRequest request, StreamObserver<GetSlotResponse> answer) {
        answer(answer, GetSlotResponse.newBuilder().setSlot(chain.slot()).build());
    }

    @Override
    public void ping(PingRequest request, StreamObserver<PongResponse> answer) {
        answer(answer, PongResponse.newBuilder().setCount(request.getCount()).build());
    }

    @Override
    public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> answer) {
        answer(answer, GetVersionResponse.newBuilder().setVersion(VERSION).build());
    }

    @Override
    public StreamObserver<SubscribeRequest> subscribe(StreamObserver<SubscribeUpdate> updates) {
        calls.incrementAndGet();
        Stream stream = new Stream((ServerCallStreamObserver<SubscribeUpdate>) updates);
        if (streams.size() >= MOST_STREAMS) {
            onSender(() -> stream.end(Status.RESOURCE_EXHAUSTED.withDescription("too many streams")));
        } else {
            streams.add(stream);
        }
        return stream;
    }

    private <T> void answer(StreamObserver<T> to, T message) {
        calls.incrementAndGet();
        to.onNext(message);
        to.onCompleted();
    }

    private long slot() {
        return scenario == Scenario.LAGGED ? chain.slot() - LAG : chain.slot();
    }

    private void sendSlot() {
        long slot = slot();
        if (slot != lastSent) {
            lastSent = slot;
            streams.forEach(stream -> stream.send(slot));
        }
    }

    private void sendPings() {
        streams.forEach(stream -> stream.send(SubscribeUpdate.newBuilder()
                .setPing(SubscribeUpdatePing.getDefaultInstance())
                .build()));
    }

    private void onSender(Runnable work) {
        try {
            sender.execute(work);
        } catch (RejectedExecutionException e) {
            // The simulator is being closed, and so are all connections.
        }
    }

    @Override
    public void close() {
        sender.shutdownNow();
    }

    private final class Stream implements StreamObserver<SubscribeRequest> {

        private final ServerCallStreamObserver<SubscribeUpdate> updates;
        private volatile List<String> filters = List.of();

        Stream(ServerCallStreamObserver<SubscribeUpdate> updates) {
            this.updates = updates;
            updates.setOnCancelHandler(() -> streams.remove(this));
        }

        @Override
        public void onNext(SubscribeRequest request) {
            if (request.hasPing()) {
                int id = request.getPing().getId();
                onSender(() -> send(SubscribeUpdate.newBuilder()
                        .setPong(SubscribeUpdatePong.newBuilder().setId(id))
                        .build()));
            } else {
                filters = List.copyOf(request.getSlotsMap().keySet());
            }
        }

        void send(long slot) {
            if (!filters.isEmpty()) {
                send(SubscribeUpdate.newBuilder()
                        .addAllFilters(filters)
                        .setSlot(SubscribeUpdateSlot.newBuilder()
                                .setSlot(slot)
                                .setParent(slot - 1)
                                .setStatus(CommitmentLevel.PROCESSED))
                        .build());
            }
        }

        /** Who does not read misses what is sent meanwhile. */
        void send(SubscribeUpdate update) {
            if (scenario != Scenario.SILENT_STREAM && streams.contains(this) && updates.isReady()) {
                updates.onNext(update);
            }
        }

        void end(Status status) {
            streams.remove(this);
            if (!updates.isCancelled()) {
                updates.onError(status.asRuntimeException());
            }
        }

        @Override
        public void onError(Throwable error) {
            streams.remove(this);
        }

        @Override
        public void onCompleted() {
            onSender(() -> {
                if (streams.remove(this)) {
                    updates.onCompleted();
                }
            });
        }
    }
}

package io.tradingbreaker.sample.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.tradingbreaker.sample.geyser.GetSlotRequest;
import io.tradingbreaker.sample.geyser.GetVersionRequest;
import io.tradingbreaker.sample.geyser.GeyserGrpc;
import io.tradingbreaker.sample.geyser.PingRequest;
import io.tradingbreaker.sample.geyser.SubscribeRequest;
import io.tradingbreaker.sample.geyser.SubscribeRequestFilterSlots;
import io.tradingbreaker.sample.geyser.SubscribeRequestPing;
import io.tradingbreaker.sample.geyser.SubscribeUpdate;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gRPC service, by a client of its own on a real connection. */
class GeyserTests {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("x-token", Metadata.ASCII_STRING_MARSHALLER);

    private Simulator simulator;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        simulator = new Simulator(new SimulatorProperties(0, 0, "secret", 35, 150, null));
        URI address = simulator.geyser();
        channel = ManagedChannelBuilder.forAddress(address.getHost(), address.getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        simulator.close();
    }

    @Test
    void unaryCalls_areAnswered() {
        long before = simulator.status().slot();
        assertThat(slot()).isBetween(before, simulator.status().slot());
        assertThat(blocking("secret")
                        .ping(PingRequest.newBuilder().setCount(7).build())
                        .getCount())
                .isEqualTo(7);
        assertThat(blocking("secret")
                        .getVersion(GetVersionRequest.getDefaultInstance())
                        .getVersion())
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secre", "secret2"})
    void otherToken_unauthenticated(String token) {
        assertThatThrownBy(() -> blocking(token).getSlot(GetSlotRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
    }

    @Test
    void subscription_slotsOneByOneAndPongs() {
        Client client = new Client();
        client.requests.onNext(SubscribeRequest.newBuilder()
                .setPing(SubscribeRequestPing.newBuilder().setId(3))
                .build());
        // A machine that stands still may miss one.
        await().atMost(SOON).until(() -> {
            List<Long> slots = client.slots();
            return IntStream.range(1, slots.size()).anyMatch(i -> slots.get(i) - slots.get(i - 1) == 1);
        });
        assertThat(client.slots()).isSorted().doesNotHaveDuplicates();
        await().atMost(SOON)
                .until(() -> client.updates.stream()
                        .anyMatch(update -> update.hasPong() && update.getPong().getId() == 3));
        assertThat(client.updates.stream().filter(SubscribeUpdate::hasSlot))
                .allMatch(update -> update.getFiltersList().equals(List.of("mine"))
                        && update.getSlot().getParent() == update.getSlot().getSlot() - 1);

        client.requests.onCompleted();
        await().atMost(SOON).until(() -> client.isCompleted);
    }

    @Test
    void silentStream_saysNothingWhileCallsAreAnsweredAndGoesOn() {
        Client client = new Client();
        await().atMost(SOON).until(() -> !client.slots().isEmpty());

        simulator.play(Scenario.SILENT_STREAM);
        assertThat(simulator.status().scenario("node")).isEqualTo("normal");
        long last = slot(); // What was on its way is not newer.
        await().atMost(SOON).until(() -> slot() >= last + 3);
        assertThat(client.slots()).allMatch(slot -> slot <= last);
        assertThat(client.failure).isNull();

        simulator.play(Scenario.NORMAL);
        await().atMost(SOON).until(() -> client.slots().stream().anyMatch(slot -> slot > last));
    }

    @Test
    void lagged_streamIsBehindTheChain() {
        simulator.play(Scenario.LAGGED);
        Client client = new Client();
        await().atMost(SOON).until(() -> client.slots().size() >= 2);

        long streamed = client.slots().get(client.slots().size() - 1);
        assertThat(slot() - streamed).isBetween(39L, 60L);
    }

    @Test
    void serverShutdown_endsStreamsAndComesBackOnTheSamePort() {
        URI before = simulator.geyser();
        Client client = new Client();
        await().atMost(SOON).until(() -> !client.slots().isEmpty());

        simulator.play(Scenario.SERVER_SHUTDOWN);
        await().atMost(SOON).until(() -> client.failure != null);
        assertThat(Status.fromThrowable(client.failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThatThrownBy(this::slot).isInstanceOf(StatusRuntimeException.class);

        simulator.play(Scenario.NORMAL);
        assertThat(simulator.geyser()).isEqualTo(before);
        channel.resetConnectBackoff();
        await().atMost(SOON).ignoreExceptions().until(() -> slot() > 0);
    }

    @Test
    void otherScenarios_areNotTheServices() {
        assertThatThrownBy(() -> simulator.play(Simulator.GEYSER, Behaviour.of(Scenario.SPIKE)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> simulator.play(Simulator.NODE, Behaviour.of(Scenario.LAGGED)))
                .isInstanceOf(IllegalArgumentException.class);
        simulator.play(Simulator.GEYSER, Behaviour.of(Scenario.LAGGED));
        assertThat(simulator.status().scenario(Simulator.GEYSER)).isEqualTo("lagged");
        simulator.play(Scenario.SPIKE);
        assertThat(simulator.status().scenario(Simulator.GEYSER)).isEqualTo("normal");
    }

    private long slot() {
        return blocking("secret").getSlot(GetSlotRequest.getDefaultInstance()).getSlot();
    }

    private GeyserGrpc.GeyserBlockingStub blocking(String token) {
        return GeyserGrpc.newBlockingStub(with(token)).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private Channel with(String token) {
        Metadata headers = new Metadata();
        headers.put(TOKEN, token);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private final class Client implements StreamObserver<SubscribeUpdate> {

        final List<SubscribeUpdate> updates = new CopyOnWriteArrayList<>();
        final StreamObserver<SubscribeRequest> requests;
        volatile Throwable failure;
        volatile boolean isCompleted;

        Client() {
            requests = GeyserGrpc.newStub(with("secret")).subscribe(this);
            requests.onNext(SubscribeRequest.newBuilder()
                    .putSlots("mine", SubscribeRequestFilterSlots.getDefaultInstance())
                    .build());
        }

        List<Long> slots() {
            return updates.stream()
                    .filter(SubscribeUpdate::hasSlot)
                    .map(update -> update.getSlot().getSlot())
                    .toList();
        }

        @Override
        public void onNext(SubscribeUpdate update) {
            updates.add(update);
        }

        @Override
        public void onError(Throwable error) {
            failure = error;
        }

        @Override
        public void onCompleted() {
            isCompleted = true;
        }
    }
}

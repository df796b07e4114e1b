package io.tradingbreaker.spring.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.micrometer.observation.Observation;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.tradingbreaker.spring.observation.ObservedBreakers;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** That what the transport traces belongs to the guarded call. */
class ObservedGrpcTests {

    private final TestObservationRegistry observations = TestObservationRegistry.create();
    private final ObservedBreakers observer =
            new ObservedBreakers(() -> new ObservedBreakers.Settings(observations, null, null));
    private final ScriptedChannel channel = new ScriptedChannel();
    private final AtomicReference<Observation> atStart = new AtomicReference<>();

    @Test
    void start_isInsideTheCallsObservation_andTheThreadOutsideAgain() {
        try (Guarded guarded = new Guarded(builder -> builder.observer(observer))) {
            guarded.call(looking(channel), Guarded.UNARY).start(new Heard(), new Metadata());

            assertThat(atStart.get()).isNotNull();
            assertThat(atStart.get().getContext().getName()).isEqualTo("trading.breaker.call");
            assertThat(observations.getCurrentObservation()).isNull();
            channel.close(Status.OK);
            TestObservationRegistryAssert.assertThat(observations)
                    .hasSingleObservationThat()
                    .hasBeenStopped()
                    .hasLowCardinalityKeyValue("outcome", "success");
        }
    }

    private Channel looking(Channel below) {
        return new Channel() {
            @Override
            public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
                return new ForwardingClientCall.SimpleForwardingClientCall<>(below.newCall(method, options)) {
                    @Override
                    public void start(Listener<A> listener, Metadata headers) {
                        atStart.set(observations.getCurrentObservation());
                        super.start(listener, headers);
                    }
                };
            }

            @Override
            public String authority() {
                return below.authority();
            }
        };
    }
}

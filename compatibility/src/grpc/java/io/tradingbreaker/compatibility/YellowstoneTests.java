package io.tradingbreaker.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The probe of a Yellowstone node with the gRPC that this line's own starter brings. */
class YellowstoneTests {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("x-token", Metadata.ASCII_STRING_MARSHALLER);

    private final AtomicInteger slot = new AtomicInteger(1);
    private final AtomicInteger step = new AtomicInteger();
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private Server node;

    @BeforeEach
    void startNode() throws IOException {
        MethodDescriptor<byte[], byte[]> getSlot = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("geyser.Geyser/GetSlot")
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        node = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerServiceDefinition.builder("geyser.Geyser")
                        .addMethod(getSlot, ServerCalls.asyncUnaryCall((request, response) -> {
                            response.onNext(new byte[] {8, (byte) Math.min(127, slot.addAndGet(step.get()))});
                            response.onCompleted();
                        }))
                        .build())
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        tokens.add(headers.get(TOKEN));
                        return next.startCall(call, headers);
                    }
                })
                .build()
                .start();
    }

    @AfterEach
    void stopNode() {
        node.shutdownNow();
    }

    @Test
    void breaker_staysOpenWhileTheSlotIsFrozen() {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(TradingApplication.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--trading-breaker.breakers.probed.p99-threshold=5s",
                        "--trading-breaker.breakers.probed.recovery-timeout=100ms",
                        "--trading-breaker.breakers.probed.recovery.base-delay=100ms",
                        "--trading-breaker.breakers.probed.recovery.max-delay=100ms",
                        "--trading-breaker.breakers.probed.probe.type=yellowstone",
                        "--trading-breaker.breakers.probed.probe.endpoints=http://localhost:" + node.getPort(),
                        "--trading-breaker.breakers.probed.probe.token=s3cret",
                        "--trading-breaker.breakers.probed.probe.timeout=10s",
                        "--trading-breaker.breakers.probed.probe.request-timeout=5s",
                        "--trading-breaker.breakers.probed.probe.max-slot-age=500ms")) {
            TradingBreaker breaker = context.getBean(BreakerRegistry.class).breaker("probed");
            breaker.trip("drill", "tester");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> breaker.snapshot().recovery().lastProbe() != null);
            assertThat(breaker.snapshot().recovery().lastProbe().details()).contains("slot 1 has not advanced");
            assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
            step.set(1);
            await().atMost(Duration.ofSeconds(30)).until(() -> breaker.state() == BreakerState.HALF_OPEN);
            assertThat(tokens).containsExactly("s3cret");
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

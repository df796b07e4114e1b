package io.tradingbreaker.spring.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerRegistryBuilder;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.Calls;
import io.tradingbreaker.test.ManualScheduler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/** A breaker in virtual time that guards all calls, silent streams over 500 ms; and methods of each kind to call. */
final class Guarded implements AutoCloseable {

    static final MethodDescriptor<String, String> UNARY = method(MethodDescriptor.MethodType.UNARY, "GetSlot");
    static final MethodDescriptor<String, String> UPLOAD =
            method(MethodDescriptor.MethodType.CLIENT_STREAMING, "Upload");
    static final MethodDescriptor<String, String> STREAM =
            method(MethodDescriptor.MethodType.SERVER_STREAMING, "Slots");
    static final MethodDescriptor<String, String> TALK =
            method(MethodDescriptor.MethodType.BIDI_STREAMING, "Subscribe");

    final ManualScheduler time = new ManualScheduler();
    final BreakerRegistry registry;
    final TradingBreaker breaker;
    final GrpcGuardInterceptor interceptor;

    Guarded() {
        this(builder -> {});
    }

    Guarded(Consumer<BreakerRegistryBuilder> more) {
        BreakerRegistryBuilder builder = BreakerRegistry.builder()
                .clock(time.clock())
                .scheduler(time)
                .breaker("trading", BreakerConfig.DEFAULT.with(c -> c.streamSilence(Duration.ofMillis(500))));
        more.accept(builder);
        registry = builder.build();
        breaker = registry.breaker("trading");
        interceptor = GrpcGuardInterceptor.of(breaker);
        advance(100);
    }

    Channel guard(Channel channel) {
        return ClientInterceptors.intercept(channel, interceptor);
    }

    ClientCall<String, String> call(Channel channel, MethodDescriptor<String, String> method) {
        return guard(channel).newCall(method, CallOptions.DEFAULT);
    }

    void advance(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    /** What became of the calls so far: nothing is in flight, and the accounts balance. */
    void assertEnded(long successful, long failed, long ignored) {
        Calls.assertEnded(breaker, successful, failed, ignored);
    }

    @Override
    public void close() {
        registry.close();
    }

    private static MethodDescriptor<String, String> method(MethodDescriptor.MethodType type, String name) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName("geyser.Geyser/" + name)
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {

        @Override
        public InputStream stream(String message) {
            if (message.equals("unspeakable")) {
                throw new IllegalArgumentException(message);
            }
            return new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

package io.tradingbreaker.spring.probe.grpc;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelProvider;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.spring.probe.Look;
import io.tradingbreaker.spring.probe.ProbeSettings;
import io.tradingbreaker.spring.probe.Secrets;
import io.tradingbreaker.spring.probe.Sight;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks one unary question. Keeps its connection as long as answers come over it; after a failure that may be the
 * connection's, the next look makes a new one, and does not wait for gRPC's own backoff. A host that cannot be looked up
 * is left to that backoff (up to 2 minutes, while looks go on), because gRPC logs each attempt.
 *
 * <p>The latency is that of the request: the time to connect is not in it, though it is within the timeout.
 */
final class GrpcLook implements Look {

    private static final Set<Status.Code> MAY_BE_THE_CONNECTION = Set.of(
            Status.Code.UNAVAILABLE,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.CANCELLED,
            Status.Code.INTERNAL,
            Status.Code.UNKNOWN);

    private final Connector connector;
    private final BreakerClock clock;
    private final MethodDescriptor<byte[], byte[]> method;
    private final byte[] request;
    private final Function<byte[], Sight> reading;
    private final FailureDetails failures;
    // Both guarded by this.
    private @Nullable ManagedChannel channel;
    private boolean isClosed;

    /**
     * Makes ready without connecting.
     *
     * @param reading what an answer means; it throws an IllegalArgumentException if it is none
     * @throws InvalidConfigException if gRPC cannot carry the settings, or has no transport here
     */
    static Look open(
            ProbeSettings settings,
            URI endpoint,
            BreakerClock clock,
            MethodDescriptor<byte[], byte[]> method,
            byte[] request,
            Function<byte[], Sight> reading) {
        Connector connector = new Connector(settings, endpoint);
        try {
            return new GrpcLook(connector, new FailureDetails(new Secrets(settings)), clock, method, request, reading);
        } catch (ManagedChannelProvider.ProviderNotFoundException e) {
            throw new InvalidConfigException(
                    "probe.type",
                    settings.type(),
                    "must have one of gRPC's transports on the class path, such as io.grpc:grpc-netty");
        }
    }

    private GrpcLook(
            Connector connector,
            FailureDetails failures,
            BreakerClock clock,
            MethodDescriptor<byte[], byte[]> method,
            byte[] request,
            Function<byte[], Sight> reading) {
        this.connector = connector;
        this.clock = clock;
        this.method = method;
        this.request = request;
        this.reading = reading;
        this.failures = failures;
        this.channel = connector.connect();
    }

    @Override
    public Sight look(Duration timeout) throws InterruptedException, TimeoutException {
        ManagedChannel channel = connected();
        if (channel == null) {
            return Sight.unhealthy("the probe is closed");
        }
        SendTime sent = new SendTime(clock);
        try {
            byte[] answer = ClientCalls.blockingUnaryCall(
                    channel,
                    method,
                    CallOptions.DEFAULT
                            .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                            .withStreamTracerFactory(sent),
                    request);
            Duration latency = sent.elapsed();
            Sight sight = reading.apply(answer);
            return new Sight(sight.healthy(), latency, sight.slot(), sight.details());
        } catch (StatusRuntimeException e) {
            Status status = e.getStatus();
            if (MAY_BE_THE_CONNECTION.contains(status.getCode()) && !isUnknownHost(status)) {
                drop(channel);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
                throw new TimeoutException();
            }
            if (status.getCause() != null) {
                throw e; // nobody answered
            }
            return Sight.unhealthy(failures.of(status));
        } catch (IllegalArgumentException e) {
            return Sight.unhealthy("an answer that is none");
        }
    }

    private static boolean isUnknownHost(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    private synchronized @Nullable ManagedChannel connected() {
        if (channel == null && !isClosed) {
            channel = connector.connect();
        }
        return channel;
    }

    private synchronized void drop(ManagedChannel broken) {
        broken.shutdownNow();
        if (channel == broken) {
            channel = null;
        }
    }

    @Override
    public void close() {
        ManagedChannel last;
        synchronized (this) {
            isClosed = true;
            last = channel;
            channel = null;
        }
        if (last != null) {
            last.shutdownNow();
            try {
                last.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        connector.close();
    }
}

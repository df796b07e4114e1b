package io.tradingbreaker.spring.grpc;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;
import io.tradingbreaker.Permit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the permit of one call: with its first message if it is a stream, else with its close. Thread-safe where
 * a call is; whatever comes after the first end does nothing.
 */
final class GuardedListener<A> extends SimpleForwardingClientCallListener<A> {

    private final Permit permit;
    private final CallGuard guard;
    private final Context context;
    private final @Nullable StreamSilence stream;
    private volatile boolean isGivenUp;

    /**
     * @param context in which the call was made
     * @param stream the stream in words; null if the server sends one message
     */
    GuardedListener(
            ClientCall.Listener<A> listener, Permit permit, CallGuard guard, Context context, @Nullable String stream) {
        super(listener);
        this.permit = permit;
        this.guard = guard;
        this.context = context;
        this.stream = stream == null ? null : new StreamSilence(guard.breaker(), stream);
    }

    /** The caller can take so many more messages; told before gRPC is. */
    void requested(int messages) {
        if (stream != null) {
            stream.requested(messages);
        }
    }

    /** The caller has given up; gRPC will say so in its own time. */
    void cancelled() {
        isGivenUp = true;
        if (stream != null) {
            stream.ended();
        }
    }

    @Override
    public void onHeaders(Metadata headers) {
        orGiveUp(() -> super.onHeaders(headers));
    }

    @Override
    public void onMessage(A message) {
        if (stream == null) {
            orGiveUp(() -> super.onMessage(message));
            return;
        }
        // Before the consumer has it, whose time is not the node's.
        permit.success();
        stream.arrived();
        try {
            orGiveUp(() -> super.onMessage(message));
        } finally {
            stream.taken();
        }
    }

    @Override
    public void onReady() {
        orGiveUp(super::onReady);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        if (stream != null) {
            stream.ended();
        }
        end(status);
        super.onClose(status, trailers);
    }

    private void end(Status status) {
        switch (guard.statuses().of(status, isGivenUp || context.isCancelled())) {
            case SUCCESS -> permit.success();
            case FAILURE -> permit.failure();
            case IGNORED -> permit.ignored();
            case DISCARDED -> permit.discarded();
        }
    }

    /** When a listener throws, gRPC cancels the call. */
    private void orGiveUp(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            isGivenUp = true;
            throw e;
        }
    }
}

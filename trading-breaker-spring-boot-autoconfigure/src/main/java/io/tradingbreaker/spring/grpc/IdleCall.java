package io.tradingbreaker.spring.grpc;

import io.grpc.Attributes;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/** A call that is not made: not yet, or not at all. */
final class IdleCall<Q, A> extends ClientCall<Q, A> {

    private final boolean isRefused;

    private IdleCall(boolean isRefused) {
        this.isRefused = isRefused;
    }

    /** Fails as gRPC's own calls do before their start, apart from {@link #cancel}. */
    static <Q, A> IdleCall<Q, A> unstarted() {
        return new IdleCall<>(false);
    }

    /** Swallows everything: its listener has been told. */
    static <Q, A> IdleCall<Q, A> refused() {
        return new IdleCall<>(true);
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
        throw new IllegalStateException("Already started");
    }

    @Override
    public void request(int messages) {
        requireStarted();
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {}

    @Override
    public void halfClose() {
        requireStarted();
    }

    @Override
    public void sendMessage(Q message) {
        requireStarted();
    }

    @Override
    public boolean isReady() {
        return false;
    }

    @Override
    public void setMessageCompression(boolean enabled) {
        requireStarted();
    }

    @Override
    public Attributes getAttributes() {
        return Attributes.EMPTY;
    }

    private void requireStarted() {
        if (!isRefused) {
            throw new IllegalStateException("Not started");
        }
    }
}

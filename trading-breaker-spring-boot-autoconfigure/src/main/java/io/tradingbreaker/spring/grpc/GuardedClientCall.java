package io.tradingbreaker.spring.grpc;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tradingbreaker.CallObserver;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.aop.GuardedCall;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that asks its breaker when it is started. Until then the call below it is not even made, because that alone
 * may open a connection. As thread-safe as any call: {@link #request} and {@link #cancel} are.
 */
final class GuardedClientCall<Q, A> extends ForwardingClientCall<Q, A> {

    private final CallGuard guard;
    private final MethodDescriptor<Q, A> method;
    private final @Nullable String authority;
    private final Supplier<ClientCall<Q, A>> maker;
    private final Context context = Context.current();
    private volatile ClientCall<Q, A> delegate = IdleCall.unstarted();
    private volatile @Nullable GuardedListener<A> guarded;
    private boolean isStarted;
    private volatile boolean isCancelled;

    /** @param maker makes the call below, in the context in which this one was made */
    GuardedClientCall(
            CallGuard guard,
            MethodDescriptor<Q, A> method,
            @Nullable String authority,
            Supplier<ClientCall<Q, A>> maker) {
        this.guard = guard;
        this.method = method;
        this.authority = authority;
        this.maker = maker;
    }

    @Override
    protected ClientCall<Q, A> delegate() {
        return delegate;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
        if (isStarted) {
            throw new IllegalStateException("Already started");
        }
        if (isCancelled) {
            throw new IllegalStateException("call was cancelled");
        }
        isStarted = true;
        Permit outer = GuardedCall.current();
        Permit permit;
        try {
            permit = guard.breaker().acquire(guard.intent(), outer);
        } catch (TradingPausedException refusal) {
            delegate = IdleCall.refused();
            listener.onClose(
                    Status.UNAVAILABLE.withDescription(refusal.getMessage()).withCause(refusal), trailers(refusal));
            return;
        }
        GuardedCall.enter(permit);
        try {
            GuardedListener<A> listening = new GuardedListener<>(listener, permit, guard, context, stream());
            guarded = listening;
            delegate = made();
            start(permit, listening, headers);
            if (isCancelled) {
                // Meanwhile, when there was nothing yet to be cancelled.
                delegate.cancel("cancelled while it started", null);
            }
        } catch (Throwable e) {
            permit.complete(null, e);
            throw e;
        } finally {
            GuardedCall.leave(outer);
        }
    }

    /** What the transport's own tracing does belongs to the call. */
    private void start(Permit permit, Listener<A> listening, Metadata headers) {
        CallObserver.Scope scope = permit.openScope();
        try {
            delegate.start(listening, headers);
        } finally {
            scope.close();
        }
    }

    private ClientCall<Q, A> made() {
        Context before = context.attach();
        try {
            return maker.get();
        } finally {
            context.detach(before);
        }
    }

    /** What the breaker watches, in words; null if it is no stream. */
    private @Nullable String stream() {
        if (method.getType().serverSendsOneMessage()) {
            return null;
        }
        return authority == null
                ? method.getFullMethodName()
                : method.getFullMethodName() + " at " + CallPattern.withoutUser(authority);
    }

    private static Metadata trailers(TradingPausedException refusal) {
        Metadata trailers = new Metadata();
        Duration wait = refusal.retryAfter();
        if (wait != null) {
            long millis = wait.plusNanos(999_999).toMillis();
            trailers.put(
                    GrpcGuardInterceptor.RETRY_DELAY,
                    millis % 1000 == 0
                            ? millis / 1000 + "s"
                            : String.format(Locale.ROOT, "%d.%03ds", millis / 1000, millis % 1000));
        }
        return trailers;
    }

    @Override
    public void request(int messages) {
        GuardedListener<A> listening = guarded;
        if (listening != null) {
            listening.requested(messages);
        }
        super.request(messages);
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
        isCancelled = true;
        GuardedListener<A> listening = guarded;
        if (listening != null) {
            listening.cancelled();
        }
        super.cancel(message, cause);
    }
}

package io.tradingbreaker.spring.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.TradingPausedException;
import org.jspecify.annotations.Nullable;

/**
 * Guards the calls of a gRPC client. A call that is refused goes nowhere and ends at once, on the calling thread, with
 * {@link Status#UNAVAILABLE}, {@link TradingPausedException} as its cause and {@link #RETRY_DELAY} among its trailers.
 * Thread-safe.
 *
 * <p>A call asks when it is started. One whose server sends one message is timed to its end, others to their first
 * message; from then on the breaker watches the stream, as far as it has a {@code stream-silence}.
 *
 * <p>Interceptors of the same channel that are added after it are outside: a retry there makes each attempt a call of its
 * own. Retries and hedging of gRPC itself are inside: all attempts are one call.
 */
public final class GrpcGuardInterceptor implements ClientInterceptor {

    /** The time to the next attempt at recovery, as protobuf's JSON has durations: {@code 1.500s}. Absent while HALTED. */
    public static final Metadata.Key<String> RETRY_DELAY =
            Metadata.Key.of("retry-delay", Metadata.ASCII_STRING_MARSHALLER);

    private final Guards guards;

    public GrpcGuardInterceptor(GrpcGuards guards) {
        this(guards::find);
    }

    private GrpcGuardInterceptor(Guards guards) {
        this.guards = guards;
    }

    /** Guards all calls, which open risk, by one breaker. */
    public static GrpcGuardInterceptor of(TradingBreaker breaker) {
        return of(breaker, Intent.OPEN_RISK);
    }

    /** Guards all calls by one breaker. */
    public static GrpcGuardInterceptor of(TradingBreaker breaker, Intent intent) {
        CallGuard guard = new CallGuard.Always(breaker, intent, CodeOutcomes.DEFAULT);
        return new GrpcGuardInterceptor((method, authority) -> guard);
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        String authority = options.getAuthority() == null ? next.authority() : options.getAuthority();
        CallGuard guard = guards.find(method.getFullMethodName(), authority);
        return guard == null
                ? next.newCall(method, options)
                : new GuardedClientCall<>(guard, method, authority, () -> next.newCall(method, options));
    }

    private interface Guards {

        @Nullable
        CallGuard find(String fullMethod, @Nullable String authority);
    }
}

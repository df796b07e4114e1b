package io.tradingbreaker.spring.grpc;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.tradingbreaker.Outcome;
import io.tradingbreaker.OutcomeClassifier;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a gRPC exception means to a breaker whose guarded method or call throws it: a refusal, a status that the guards
 * ignore and a call that was given up are no failures there either. All else is left to others. Thread-safe.
 */
public final class GrpcStatusClassifier implements OutcomeClassifier {

    private final GrpcGuards guards;
    private final Map<String, CodeOutcomes> known = new ConcurrentHashMap<>();

    public GrpcStatusClassifier(GrpcGuards guards) {
        this.guards = guards;
    }

    @Override
    public @Nullable Outcome classify(String breaker, @Nullable Object result, @Nullable Throwable error) {
        Status status = status(error);
        if (status == null || status.isOk()) {
            return null;
        }
        Outcome outcome = known.computeIfAbsent(breaker, guards::statuses)
                .of(status, Context.current().isCancelled());
        return outcome == Outcome.FAILURE ? null : outcome;
    }

    private static @Nullable Status status(@Nullable Throwable error) {
        if (error instanceof StatusRuntimeException unchecked) {
            return unchecked.getStatus();
        }
        return error instanceof StatusException checked ? checked.getStatus() : null;
    }
}

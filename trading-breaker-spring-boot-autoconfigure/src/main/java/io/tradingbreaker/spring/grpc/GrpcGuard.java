package io.tradingbreaker.spring.grpc;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import java.util.List;

/**
 * Which calls a breaker guards, and what their statuses mean. Immutable; checked by {@link GrpcGuards}.
 *
 * @param method {@code service/method}, {@code service/*} or {@code *}
 * @param authority {@code host[:port]} of the channel, the host exact or {@code *.domain}; empty means any
 * @param breaker the breaker's name
 * @param intent what the calls do to the risk on the books
 * @param ignoredStatus the status codes that are neither outcome nor latency sample; all others but OK are failures
 */
public record GrpcGuard(String method, String authority, String breaker, Intent intent, List<String> ignoredStatus) {

    /** The status codes that say nothing about a node's health, unless a guard says otherwise. */
    public static final List<String> IGNORED_STATUS =
            List.of("INVALID_ARGUMENT", "NOT_FOUND", "UNAUTHENTICATED", "RESOURCE_EXHAUSTED");

    public GrpcGuard {
        ignoredStatus = List.copyOf(ignoredStatus);
    }

    /** All calls of that method open risk. */
    public static GrpcGuard of(String method, String breaker) {
        return new GrpcGuard(method, "", breaker, Intent.OPEN_RISK, IGNORED_STATUS);
    }

    /** The same for the breaker {@code trading}. */
    public static GrpcGuard of(String method) {
        return of(method, BreakerRegistry.DEFAULT_NAME);
    }

    /** The same with another intent. */
    public GrpcGuard with(Intent other) {
        return new GrpcGuard(method, authority, breaker, other, ignoredStatus);
    }

    /** The same for one authority. */
    public GrpcGuard at(String host) {
        return new GrpcGuard(method, host, breaker, intent, ignoredStatus);
    }
}

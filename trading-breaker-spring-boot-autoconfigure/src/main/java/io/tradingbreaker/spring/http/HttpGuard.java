package io.tradingbreaker.spring.http;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import java.util.List;
import java.util.Set;

/**
 * Which requests a breaker guards, and what their answers mean. Immutable; checked by {@link HttpGuards}.
 *
 * @param uri {@code [scheme://]host[:port][/path]}; what is left out may be any. The host is exact or {@code *.domain},
 *     the path a pattern of Spring's such as {@code /swap/**}
 * @param breaker the breaker's name
 * @param methods the requests' methods; none means all
 * @param intent what the requests do to the risk on the books
 * @param failureStatus the statuses that are a failure, such as {@code 5xx} or {@code 408}
 * @param ignoredStatus the statuses that are neither outcome nor latency sample. One given in full beats a class of them
 */
public record HttpGuard(
        String uri,
        String breaker,
        Set<String> methods,
        Intent intent,
        List<String> failureStatus,
        List<String> ignoredStatus) {

    public HttpGuard {
        methods = Set.copyOf(methods);
        failureStatus = List.copyOf(failureStatus);
        ignoredStatus = List.copyOf(ignoredStatus);
    }

    /** All requests to that place open risk; 5xx fails, 4xx is ignored. */
    public static HttpGuard of(String uri, String breaker) {
        return new HttpGuard(uri, breaker, Set.of(), Intent.OPEN_RISK, List.of("5xx"), List.of("4xx"));
    }

    /** The same for the breaker {@code trading}. */
    public static HttpGuard of(String uri) {
        return of(uri, BreakerRegistry.DEFAULT_NAME);
    }

    /** The same with another intent. */
    public HttpGuard with(Intent other) {
        return new HttpGuard(uri, breaker, methods, other, failureStatus, ignoredStatus);
    }
}

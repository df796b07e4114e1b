package io.tradingbreaker.spring.http;

import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.reactive.GuardedContext;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClientException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Guards the requests of a {@code WebClient}, each subscription by itself. A request that is refused is not sent, and the
 * {@code Mono} fails with {@link TradingPausedException}. A request is timed until its answer's body has ended; one that is
 * cancelled before is ignored. Thread-safe.
 *
 * <p>Filters that are added before it are outside: a retry there makes each attempt a call of its own.
 */
public final class HttpGuardFilter implements ExchangeFilterFunction {

    private final HttpGuards guards;

    public HttpGuardFilter(HttpGuards guards) {
        this.guards = guards;
    }

    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        HttpGuards.Guard guard = guards.find(request.method(), request.url());
        return guard == null
                ? next.exchange(request)
                : Mono.deferContextual(context -> guarded(guard, request, next, permit(guard, context)));
    }

    private static Permit permit(HttpGuards.Guard guard, ContextView context) {
        return guard.breaker().acquire(guard.intent(), GuardedContext.current(context), GuardedContext.origin(context));
    }

    private static Mono<ClientResponse> guarded(
            HttpGuards.Guard guard, ClientRequest request, ExchangeFunction next, Permit permit) {
        Exchange exchange = new Exchange(permit, guard.statuses());
        AtomicBoolean isRead = new AtomicBoolean();
        return Mono.defer(() -> next.exchange(request))
                .map(response -> exchange.answered(
                                request.method(),
                                response.statusCode().value(),
                                response.headers().asHttpHeaders())
                        ? response.mutate()
                                .body(body -> guarded(exchange, body, isRead))
                                .build()
                        : response)
                .doOnError(error -> exchange.failed(cause(error)))
                .doOnSuccess(response -> {
                    if (response == null) {
                        exchange.cancelled();
                    }
                })
                .doOnCancel(() -> {
                    // Once the body is read, a cancellation comes that way too; before, it comes only here.
                    if (!isRead.get()) {
                        exchange.cancelled();
                    }
                });
    }

    private static Flux<DataBuffer> guarded(Exchange exchange, Flux<DataBuffer> body, AtomicBoolean isRead) {
        return body.doOnSubscribe(subscription -> isRead.set(true))
                .doOnComplete(exchange::ended)
                .doOnError(error -> exchange.failed(cause(error)))
                .doOnCancel(exchange::cancelled);
    }

    /** The error itself, so that lists of exceptions apply to it. */
    private static Throwable cause(Throwable error) {
        Throwable cause = error instanceof WebClientException ? error.getCause() : null;
        return cause == null ? error : cause;
    }
}

package io.tradingbreaker.spring.http;

import io.tradingbreaker.CallObserver;
import io.tradingbreaker.Permit;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.aop.GuardedCall;
import java.io.IOException;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Guards the requests of a {@code RestClient} or {@code RestTemplate}. A request that is refused is not sent, and
 * {@link TradingPausedException} is thrown. A request is timed until its answer's body has been read or closed. Thread-safe.
 *
 * <p>Interceptors that are added before it are outside: a retry there makes each attempt a call of its own.
 */
public final class HttpGuardInterceptor implements ClientHttpRequestInterceptor {

    private final HttpGuards guards;

    public HttpGuardInterceptor(HttpGuards guards) {
        this.guards = guards;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        HttpGuards.Guard guard = guards.find(request.getMethod(), request.getURI());
        if (guard == null) {
            return execution.execute(request, body);
        }
        Permit outer = GuardedCall.current();
        Permit permit = guard.breaker().acquire(guard.intent(), outer);
        Exchange exchange = new Exchange(permit, guard.statuses());
        GuardedCall.enter(permit);
        try {
            return guarded(exchange, request, executed(request, body, execution, permit));
        } catch (Throwable e) {
            exchange.failed(e);
            throw e;
        } finally {
            GuardedCall.leave(outer);
        }
    }

    private static ClientHttpResponse executed(
            HttpRequest request, byte[] body, ClientHttpRequestExecution execution, Permit permit) throws IOException {
        CallObserver.Scope scope = permit.openScope();
        try {
            return execution.execute(request, body);
        } finally {
            scope.close();
        }
    }

    private static ClientHttpResponse guarded(Exchange exchange, HttpRequest request, ClientHttpResponse response)
            throws IOException {
        try {
            boolean goesOn = exchange.answered(
                    request.getMethod(), response.getStatusCode().value(), response.getHeaders());
            return goesOn ? new GuardedResponse(response, exchange) : response;
        } catch (Throwable e) {
            // An answer without a status, which nobody else will see.
            response.close();
            throw e;
        }
    }
}

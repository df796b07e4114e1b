package io.tradingbreaker.spring.web;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Controllers that ask a breaker, for both kinds of web applications. */
final class Desk {

    private Desk() {}

    @RestController
    static class Orders {

        private final TradingBreaker breaker;

        Orders(BreakerRegistry registry) {
            breaker = registry.breaker("trading");
        }

        @GetMapping("/plain")
        String plain() throws Exception {
            return breaker.call(() -> "ok");
        }

        @GetMapping("/wrapped")
        String wrapped() throws Exception {
            try {
                return plain();
            } catch (RuntimeException e) {
                throw new CompletionException(e);
            }
        }

        @GetMapping("/stage")
        CompletionStage<String> stage() {
            return breaker.callAsync(() -> CompletableFuture.completedFuture("ok"));
        }

        @GetMapping("/own-meaning")
        String ownMeaning() throws Exception {
            try {
                return plain();
            } catch (RuntimeException e) {
                throw new OrderRejected(e);
            }
        }
    }

    @ResponseStatus(HttpStatus.CONFLICT)
    static class OrderRejected extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OrderRejected(Throwable cause) {
            super(cause);
        }
    }

    /** An advice of the application, of no particular order. */
    @RestControllerAdvice
    static class OwnAdvice {

        @ExceptionHandler(RuntimeException.class)
        ResponseEntity<String> handle(RuntimeException e) {
            return ResponseEntity.status(HttpStatus.TOO_EARLY).body("own");
        }
    }
}

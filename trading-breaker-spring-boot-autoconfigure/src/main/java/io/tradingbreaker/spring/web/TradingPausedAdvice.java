package io.tradingbreaker.spring.web;

import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.TransitionReason;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers an unhandled {@link TradingPausedException} with 503 and a problem detail, in MVC and in WebFlux; comes after
 * every other advice. {@code Retry-After} is absent while halted: nobody knows how long that lasts.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public final class TradingPausedAdvice {

    private static final int DEEPEST = 16;

    /**
     * @param thrown what the controller threw
     * @param refusal the same, or what Spring found among its causes
     */
    @ExceptionHandler(TradingPausedException.class)
    ResponseEntity<ProblemDetail> tradingPaused(Throwable thrown, TradingPausedException refusal) throws Throwable {
        if (!isOnlyWrapped(thrown)) {
            // An exception of the application that happens to have a refusal as its cause has a meaning of its own.
            throw thrown;
        }
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, refusal.getMessage());
        problem.setTitle("Trading is paused");
        problem.setProperty("breaker", refusal.breaker());
        problem.setProperty("state", refusal.state().name());
        TransitionReason reason = refusal.reason();
        if (reason != null) {
            problem.setProperty("reason", reason.rule().code());
        }
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        Duration retryAfter = refusal.retryAfter();
        if (retryAfter != null) {
            answer.header(HttpHeaders.RETRY_AFTER, Long.toString(wholeSeconds(retryAfter)));
        }
        return answer.body(problem);
    }

    private static boolean isOnlyWrapped(Throwable thrown) {
        @Nullable Throwable at = thrown;
        for (int depth = 0; depth < DEEPEST && at != null && isWrapper(at); depth++) {
            at = at.getCause();
        }
        return at instanceof TradingPausedException;
    }

    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof CompletionException
                || thrown instanceof ExecutionException
                || thrown instanceof UndeclaredThrowableException;
    }

    private static long wholeSeconds(Duration time) {
        return Math.max(1, time.plusNanos(999_999_999).toSeconds());
    }
}
